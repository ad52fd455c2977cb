package nimload.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import nimload.CommandLineTool;
import nimload.compare.Comparison;
import nimload.compare.LevelChange;
import nimload.compare.Metric;
import nimload.compare.MetricChange;
import nimload.compare.Verdict;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;

/**
 * Whether a comparison calls an embedded NIM that is slowed by 5 % slower, and an identical rerun not: {@code mvn test-compile
 * exec:java@detection}.
 *
 * <p>A trial is three runs of this suite, each in its own JVM as a user runs it, against an emulator that is started anew for
 * it: a baseline, a slowed one and an identical rerun. The order of the last two changes from trial to trial, so that a machine
 * that becomes slower is not taken for the slowdown. Each level is judged and counted on its own. A comparison is not counted
 * if a side is not valid, as the report marks it: other work kept the machine busy. The load goes to loopback only.
 */
@Command(
        name = "detection",
        customSynopsis = "mvn test-compile exec:java@detection [-Dexec.args=\"TRIALS TIME\"]",
        description = {
            "Counts how often a comparison finds an embedded NIM that is 5 %% slower, and how often it finds no"
                    + " difference in an identical rerun.",
            "A trial with 6 s per level takes about two minutes."
        },
        footer = "  mvn test-compile exec:java@detection -Dexec.args=\"20 6s\"")
public final class Detection implements Callable<Integer> {
    private static final double SLOWDOWN = 1.05;

    /** One of each workload. In 6 s each has the 100 samples that p99 needs, slowed ones too. */
    private static final List<String> LEVELS = List.of(
            "-Dnim.query.concurrency=5",
            "-Dnim.passage.tokens=300",
            "-Dnim.passage.concurrency=3",
            "-Dnim.reranking.passages=10",
            "-Dnim.reranking.concurrency=3",
            "-Dnim.calibrate=false",
            "-Dnim.warmup=3s");

    /** What was seen of a level: how many comparisons could be counted, and how many of them were right. */
    private static final class Tally {
        private int identical;
        private int identicalRight;
        private int slowed;
        private int slowedRight;
        private int notValid;
        private final Map<Metric, List<Double>> differences = new LinkedHashMap<>();

        void identical(LevelChange level) {
            if (!level.notValid().isEmpty()) {
                notValid++;
                return;
            }
            identical++;
            identicalRight += level.verdict() == Verdict.NO_DIFFERENCE ? 1 : 0;
            level.metrics()
                    .forEach(change -> differences
                            .computeIfAbsent(change.metric(), metric -> new ArrayList<>())
                            .add(Math.log(change.ratio())));
        }

        void slowed(LevelChange level) {
            if (!level.notValid().isEmpty()) {
                notValid++;
                return;
            }
            slowed++;
            slowedRight += level.verdict() == Verdict.SLOWER ? 1 : 0;
        }

        /** Coefficient of variation of single runs in percent, from the differences of pairs that followed each other. */
        String variation(Metric metric) {
            List<Double> logs = differences.getOrDefault(metric, List.of());
            OptionalDouble meanSquare =
                    logs.stream().mapToDouble(log -> log * log).average();
            return meanSquare.isEmpty()
                    ? "–"
                    : String.format(Locale.ROOT, "%.2f", 100 * Math.sqrt(meanSquare.getAsDouble() / 2));
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "TRIALS",
            converter = Count.class,
            defaultValue = "20",
            description = "How many trials; default: ${DEFAULT-VALUE}.")
    private int trials;

    @Parameters(
            index = "1",
            paramLabel = "TIME",
            defaultValue = "6s",
            description = "How long each level is measured; default: ${DEFAULT-VALUE}.")
    private String duration;

    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return CommandLineTool.wholeNumber(text, 1, 1000);
        }
    }

    public static void main(String[] args) {
        CommandLineTool.main(new Detection(), args);
    }

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("detection");
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (int trial = 1; trial <= trials; trial++) {
            RunResults baseline = run(1, duration, work);
            boolean slowedFirst = trial % 2 == 0;
            RunResults second = run(slowedFirst ? SLOWDOWN : 1, duration, work);
            RunResults third = run(slowedFirst ? 1 : SLOWDOWN, duration, work);
            System.out.printf("trial %d%n", trial);
            for (LevelChange level : levels(baseline, slowedFirst ? third : second)) {
                System.out.println(line("identical", level));
                tallies.computeIfAbsent(level.point().name(), name -> new Tally())
                        .identical(level);
            }
            for (LevelChange level : levels(baseline, slowedFirst ? second : third)) {
                System.out.println(line("slowed", level));
                tallies.computeIfAbsent(level.point().name(), name -> new Tally())
                        .slowed(level);
            }
        }
        System.out.printf(
                "%n%-56s %-19s %-18s %-11s %s%n",
                "level",
                "identical: no diff.",
                String.format(Locale.ROOT, "%.0f %% slower: found", 100 * (SLOWDOWN - 1)),
                "not counted",
                "between identical runs, %: p50, req/s, p95, p99");
        tallies.forEach((name, tally) -> System.out.printf(
                "%-56s %8d of %-8d %8d of %-8d %6d      %s, %s, %s, %s%n",
                name,
                tally.identicalRight,
                tally.identical,
                tally.slowedRight,
                tally.slowed,
                tally.notValid,
                tally.variation(Metric.P50),
                tally.variation(Metric.REQUESTS_PER_SECOND),
                tally.variation(Metric.P95),
                tally.variation(Metric.P99)));
        return 0;
    }

    private static List<LevelChange> levels(RunResults baseline, RunResults run) {
        return Comparison.of(List.of(baseline, run)).runs().get(0).levels();
    }

    private static String line(String kind, LevelChange level) {
        return String.format(
                Locale.ROOT,
                "  %-9s  %-28s c=%d  p50 %s  req/s %s  p99 %s  %s %s",
                kind,
                level.shape(),
                level.concurrency(),
                ratio(level, Metric.P50),
                ratio(level, Metric.REQUESTS_PER_SECOND),
                ratio(level, Metric.P99),
                level.verdict().words(),
                level.notValid());
    }

    private static String ratio(LevelChange level, Metric metric) {
        return level.metric(metric)
                .map((MetricChange change) -> String.format(
                        Locale.ROOT,
                        "%.4f [%.4f, %.4f]",
                        change.ratio(),
                        change.interval().orElseThrow().low().orElse(Double.NaN),
                        change.interval().orElseThrow().high().orElse(Double.NaN)))
                .orElse("–");
    }

    private static RunResults run(double slowdown, String duration, Path work) throws Exception {
        // Of the quick compiler only: the other takes a core from the client for longer than a level lasts.
        Process emulator = Suite.start(List.of(
                "-XX:TieredStopAtLevel=1",
                "-Demulator.port=0",
                "-Demulator.slowdown=" + slowdown,
                "nimload.emulator.Emulator"));
        try {
            String url = Suite.urlOf(emulator);
            List<String> settings = new ArrayList<>(LEVELS);
            settings.addAll(
                    List.of("-Dnim.embedding.url=" + url, "-Dnim.reranking.url=" + url, "-Dnim.duration=" + duration));
            Suite.run(settings, work);
            return ResultsFile.read(work.resolve("latest"));
        } finally {
            emulator.destroy();
            emulator.waitFor();
        }
    }
}
