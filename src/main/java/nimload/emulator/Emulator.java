package nimload.emulator;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.CommandLineTool;
import nimload.Spelling;
import nimload.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The embedded NIM as a process: {@code mvn compile exec:java@emulator}. Runs until it is ended. */
@Command(
        name = "emulator",
        customSynopsis = "mvn compile exec:java@emulator [-Dexec.args=\"OPTIONS\"]",
        description = {
            "Starts the embedded NIM on 127.0.0.1 for curl or any client, until Ctrl-C ends it. It stands in for both NIMs, with the"
                    + " times of a modelled H200; what is measured against it is not a measurement of NVIDIA's NIM.",
            "Each option can be given as a system property too; the option wins."
        },
        footer = "  mvn compile exec:java@emulator -Dexec.args=\"--port 8000\"")
public final class Emulator implements Callable<Integer> {
    private static final String PROPERTIES = "emulator.";
    private static final String PORT = PROPERTIES + "port";
    private static final String FIXED_DELAY = PROPERTIES + "fixedDelayMillis";
    private static final String SLOWDOWN = PROPERTIES + "slowdown";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Port.class,
            defaultValue = "${sys:" + PORT + ":-8000}",
            description = "0 takes any free port; default: ${DEFAULT-VALUE} (-D" + PORT + ").")
    private int port;

    @Option(
            names = "--fixed-delay-millis",
            paramLabel = "MILLIS",
            converter = Millis.class,
            defaultValue = "${sys:" + FIXED_DELAY + "}",
            description = "Answer after this delay instead of the modelled GPU's time (-D" + FIXED_DELAY + ").")
    private Optional<Duration> fixedDelay = Optional.empty();

    @Option(
            names = "--slowdown",
            paramLabel = "FACTOR",
            converter = Factor.class,
            defaultValue = "${sys:" + SLOWDOWN + ":-1}",
            description = "Multiply all times of the modelled GPU, e.g. by 1.05; default: ${DEFAULT-VALUE} (-D"
                    + SLOWDOWN + ").")
    private double slowdown;

    public static void main(String[] args) {
        CommandLineTool.main(new Emulator(), args);
    }

    @Override
    public Integer call() throws InterruptedException {
        requireKnownProperties(List.of(PORT, FIXED_DELAY, SLOWDOWN));
        try (EmbeddedNim nim = start()) {
            spec.commandLine()
                    .getOut()
                    .println(fixedDelay
                                    .map(delay -> "server with a fixed delay of " + delay.toMillis() + " ms")
                                    .orElse(slowdown == 1 ? EmbeddedNim.LABEL : EmbeddedNim.slowedLabel(slowdown))
                            + " at " + nim.url() + " (Ctrl-C ends it)");
            Thread.currentThread().join();
        }
        return 0;
    }

    private EmbeddedNim start() {
        if (fixedDelay.isPresent() && slowdown != 1) {
            throw new ParameterException(
                    spec.commandLine(), "--fixed-delay-millis and --slowdown exclude each other; give one of them");
        }
        try {
            return fixedDelay
                    .map(delay -> EmbeddedNim.startWithFixedDelayReadingAll(port, delay))
                    .orElseGet(() -> slowdown == 1 ? EmbeddedNim.start(port) : EmbeddedNim.startSlowed(port, slowdown));
        } catch (UserError taken) {
            throw new UserError(taken.getMessage() + " with --port", taken);
        }
    }

    private void requireKnownProperties(List<String> known) {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES) && !known.contains(name))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new ParameterException(
                            spec.commandLine(),
                            "-D" + unknown + ": unknown property; did you mean -D" + Spelling.nearest(unknown, known)
                                    + "?");
                });
    }

    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return CommandLineTool.wholeNumber(text, 0, 65_535);
        }
    }

    static final class Millis implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Duration.ofMillis(CommandLineTool.wholeNumber(text, 0, 99_999));
        }
    }

    static final class Factor implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if (!text.matches("\\d(\\.\\d{1,4})?") || Double.parseDouble(text) == 0) {
                throw new TypeConversionException("not a factor above 0 and below 10; give e.g. 1.05");
            }
            return Double.parseDouble(text);
        }
    }
}
