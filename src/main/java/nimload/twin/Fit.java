package nimload.twin;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.emulator.TimesFile;
import nimload.nim.Json;
import nimload.results.ResultsFile;
import nimload.results.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Fits the embedded NIM's service times to a run: {@code mvn compile exec:java@fit}. */
@Command(
        name = "fit",
        customSynopsis = "mvn compile exec:java@fit -Dexec.args=\"RUN [--use=N] [--tolerance=PERCENT] [--out=FILE]\"",
        description = {
            "Fits the embedded NIM's service times, batching included, to some levels of a run, and predicts the others.",
            "Writes them as twin.json, for nim.embedded.times and for the emulator's --times: a twin to rehearse with when the"
                    + " GPU is not yours. What is measured with a twin is not a measurement of the NIM.",
            "A level that was held out and is off by more than the tolerance is one line and exit code 1; twin.json is written all"
                    + " the same."
        },
        footer = "  mvn compile exec:java@fit -Dexec.args=\"nim-results/latest\"")
public final class Fit implements Runnable {
    private static final String NAME = "twin.json";

    /** Levels to fit to, further to those that did not do. */
    private static final int MORE = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RUN",
            converter = CommandLineTool.ExistingPath.class,
            description = "A run's directory, its results.json, or a log that holds a run.")
    private Path run;

    @Option(
            names = "--use",
            paramLabel = "N",
            description =
                    "Fit to N levels, those furthest apart, and hold out the others; default: a quarter of them, or half"
                            + " where the server's metrics don't tell its compute time; of a small run 6, or two thirds.")
    private OptionalInt use = OptionalInt.empty();

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            converter = Percent.class,
            defaultValue = "5",
            description =
                    "How far p50 and requests/s of a level that was held out may be off; of one whose p50 the run is not sure"
                            + " of, requests/s alone; default: ${DEFAULT-VALUE}.")
    private double tolerance;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write the twin; default: " + NAME + " next to the run's results.")
    private Optional<Path> out = Optional.empty();

    public static void main(String[] args) {
        CommandLineTool.main(new Fit(), args);
    }

    @Override
    public void run() {
        Twin twin = Twin.of(run.toString(), ResultsFile.read(run), use);
        Path file = out.orElseGet(() -> ResultsFile.find(run).resolveSibling(NAME));
        spec.commandLine().getOut().println(TwinTable.of(twin));
        try {
            WholeFile.write(file, json(twin));
        } catch (IOException e) {
            throw new UserError(file + " cannot be written (" + e + "); give another with --out FILE", e);
        }
        spec.commandLine().getOut().println("twin: " + file);
        twin.used(Twin.Use.HELD_OUT).stream()
                .max(Comparator.comparingDouble(Twin.Level::error))
                .filter(worst -> worst.error() > tolerance / 100)
                .ifPresent(worst -> {
                    throw new UserError(tooFarOff(twin, worst));
                });
    }

    /** {@code query 20 c=5 (1 text): off by 5.5 %, more than --tolerance 5; fit to more levels (--use 8) or …}. */
    private String tooFarOff(Twin twin, Twin.Level worst) {
        int fitted = twin.used(Twin.Use.FITTED).size();
        // One stays to be held out.
        int more = Math.min(fitted + MORE, fitted + twin.used(Twin.Use.HELD_OUT).size() - 1);
        return String.format(
                Locale.ROOT,
                "%s: off by %.1f %%, more than --tolerance %s; %saccept it (--tolerance %.0f)",
                worst.measured().name(),
                100 * worst.error(),
                BigDecimal.valueOf(tolerance).stripTrailingZeros().toPlainString(),
                more > fitted ? "fit to more levels (--use " + more + ") or " : "",
                Math.ceil(100 * worst.error()));
    }

    private static String json(Twin twin) {
        TimesFile times = TimesFile.twin(twin.run(), twin.times());
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put(
                "what",
                "Fitted to run " + twin.run() + " by nimload; not measured on a GPU. "
                        + TwinTable.verdict(twin)
                        + " A batch's overhead is part of its row: a run from outside does not tell them apart.");
        json.put("twinOf", twin.run());
        ArrayNode fitted = json.putArray("fittedTo");
        twin.used(Twin.Use.FITTED).forEach(level -> fitted.add(level.measured().name()));
        json.set("gpu", times.gpu());
        try {
            return Json.MAPPER.writer(new DefaultPrettyPrinter()).writeValueAsString(json) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException("a tree that is not JSON", e);
        }
    }

    static final class Percent implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if (!text.matches("\\d{1,3}(\\.\\d{1,3})?")) {
                throw new TypeConversionException("not a percentage; give e.g. 5");
            }
            return Double.parseDouble(text);
        }
    }
}
