package nimload.simulation;

import io.gatling.app.Gatling$;
import java.util.Optional;
import nimload.run.Benchmark;
import nimload.run.ExitCode;

/**
 * Runs a simulation as Gatling's own main class does, with the same arguments, and ends with nimload's exit code. Gatling ends
 * with 2 for anything that fails an assertion, and Maven with 1 for anything at all.
 */
public final class Launcher {
    private static volatile boolean started;
    private static volatile Optional<Benchmark> benchmark = Optional.empty();

    private Launcher() {}

    public static void main(String[] arguments) {
        started = true;
        boolean good = Gatling$.MODULE$.fromArgs(arguments) == 0;
        System.exit(good ? ExitCode.GOOD.number() : failed().number());
    }

    /** Gatling may fail beyond what nimload knows of, so that it failed is Gatling's to say. */
    private static ExitCode failed() {
        return benchmark
                .flatMap(Benchmark::outcome)
                .filter(outcome -> outcome == ExitCode.NOT_QUOTABLE)
                .orElse(ExitCode.BROKEN);
    }

    /** Takes note of the run that Gatling has loaded. */
    static void prepared(Benchmark loaded) {
        benchmark = Optional.of(loaded);
    }

    /** For a run that cannot begin. Of Gatling's main class, 2 is an assertion, which Maven's plugin may be told to pass over. */
    static int notBegun() {
        return started ? ExitCode.NOT_BEGUN.number() : ExitCode.BROKEN.number();
    }
}
