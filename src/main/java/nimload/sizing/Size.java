package nimload.sizing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.CommandLineTool;
import nimload.plan.Price;
import nimload.plan.Workload;
import nimload.results.Percentile;
import nimload.results.ResultsFile;
import nimload.sizing.GeneratorUse.Bodies;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Says how many GPUs and generators a rate needs: {@code mvn compile exec:java@size}. */
@Command(
        name = "size",
        customSynopsis = "mvn compile exec:java@size -Dexec.args=\"--rate=R --p95=TIME RUN [OPTIONS]\"",
        description = {
            "Says how many GPUs and how many load generators a rate of requests needs, from the capacity that a run measured.",
            "A run of CapacitySimulation with the same limit answers best; other runs answer by their levels. One answer per"
                    + " shape of request."
        },
        footer = "  mvn compile exec:java@size -Dexec.args=\"--rate 1000 --p95 20ms nim-results/latest\"")
public final class Size implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RUN",
            converter = CommandLineTool.ExistingPath.class,
            description = "A run's directory, its results.json, or a log that holds a run.")
    private Path run;

    @Option(
            names = "--rate",
            required = true,
            paramLabel = "R",
            converter = Rate.class,
            description = "Requests per second to be served.")
    private double rate;

    private final Map<Percentile, Double> limits = new TreeMap<>();

    @Option(names = "--workload", paramLabel = "WORKLOAD", description = "Only query, passage or reranking.")
    private Optional<Workload> workload = Optional.empty();

    @Option(
            names = "--headroom",
            paramLabel = "PERCENT",
            converter = Headroom.class,
            defaultValue = "0",
            description = "Share of the measured capacity that stays free, e.g. 20%%; default: ${DEFAULT-VALUE}.")
    private double headroom;

    @Option(
            names = "--gpu-hour",
            paramLabel = "PRICE",
            converter = Money.class,
            description = "What one hour of one GPU costs, e.g. 2.50EUR; default: nim.gpuHour of the run.")
    private Optional<Price> gpuHour = Optional.empty();

    @Option(
            names = "--bytes",
            paramLabel = "UP/DOWN",
            converter = Bytes.class,
            description =
                    "Bytes of a request and of its answer; default: those of the run. They count for every shape of the"
                            + " answer, so give --workload too.")
    private Optional<Bodies> bytes = Optional.empty();

    @Option(
            names = "--nic",
            paramLabel = "GBIT",
            converter = Rate.class,
            defaultValue = "10",
            description = "Speed of a generator's network in Gbit/s; default: ${DEFAULT-VALUE}.")
    private double nic;

    @Option(
            names = "--p50",
            paramLabel = "TIME",
            converter = Time.class,
            description = "The limit of response time, e.g. 20ms or 0.5s; give one of --p50, --p90, --p95 and --p99.")
    void p50(double millis) {
        limits.put(Percentile.P50, millis);
    }

    @Option(names = "--p90", paramLabel = "TIME", converter = Time.class, description = "Likewise.")
    void p90(double millis) {
        limits.put(Percentile.P90, millis);
    }

    @Option(names = "--p95", paramLabel = "TIME", converter = Time.class, description = "Likewise.")
    void p95(double millis) {
        limits.put(Percentile.P95, millis);
    }

    @Option(names = "--p99", paramLabel = "TIME", converter = Time.class, description = "Likewise.")
    void p99(double millis) {
        limits.put(Percentile.P99, millis);
    }

    public static void main(String[] args) {
        CommandLineTool.main(new Size(), args);
    }

    @Override
    public void run() {
        if (limits.size() != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    (limits.isEmpty() ? "no limit" : limits.size() + " limits")
                            + "; give one of --p50, --p90, --p95 and --p99, e.g. --p95 20ms");
        }
        Map.Entry<Percentile, Double> limit = limits.entrySet().iterator().next();
        Sizing sizing = new Sizing(
                new Demand(rate, limit.getKey(), limit.getValue(), headroom), workload, gpuHour, bytes, nic * 1e9);
        List<String> lines = sizing.of(run.toString(), ResultsFile.read(run));
        lines.forEach(spec.commandLine().getOut()::println);
    }

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,6})?");

    /** Above 0. */
    private static double number(String text, String right) {
        if (!NUMBER.matcher(text).matches() || Double.parseDouble(text) == 0) {
            throw new TypeConversionException(right);
        }
        return Double.parseDouble(text);
    }

    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return number(text, "not a number above 0; give e.g. 1000");
        }
    }

    static final class Time implements ITypeConverter<Double> {
        private static final String RIGHT = "not a time above 0; give e.g. 20ms or 0.5s";

        @Override
        public Double convert(String text) {
            Matcher time = Pattern.compile("(.+?)(ms|s)").matcher(text);
            if (!time.matches()) {
                throw new TypeConversionException(RIGHT);
            }
            return number(time.group(1), RIGHT) * (time.group(2).equals("s") ? 1000 : 1);
        }
    }

    static final class Headroom implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            String number = text.replaceFirst("%$", "");
            if (!NUMBER.matcher(number).matches() || Double.parseDouble(number) > 90) {
                throw new TypeConversionException("not a percentage from 0 to 90; give e.g. 20%");
            }
            return Double.parseDouble(number) / 100;
        }
    }

    static final class Money implements ITypeConverter<Price> {
        @Override
        public Price convert(String text) {
            return Price.parse(text)
                    .orElseThrow(() -> new TypeConversionException("not a price above 0; give e.g. 2.50EUR"));
        }
    }

    static final class Bytes implements ITypeConverter<Bodies> {
        @Override
        public Bodies convert(String text) {
            if (!text.matches("[1-9]\\d{0,9}/[1-9]\\d{0,9}")) {
                throw new TypeConversionException("not two sizes; give a request's and its answer's, e.g. 250/19000");
            }
            String[] parts = text.split("/");
            return new Bodies(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        }
    }
}
