package nimload.benchmark;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import nimload.compare.Comparison;
import nimload.compare.LevelChange;
import nimload.compare.Metric;
import nimload.compare.MetricChange;
import nimload.compare.Verdict;
import nimload.results.LevelResults;
import nimload.results.ResultsFile;
import nimload.results.RunResults;

/**
 * Whether a comparison calls an embedded NIM that is slowed by 5 % slower, and an identical rerun not: {@code mvn test-compile
 * exec:java@detection -Dexec.args="20"}.
 *
 * <p>A trial is three runs of this very suite, each in a JVM of its own as a user runs it, against an emulator that is started
 * anew for it: a baseline, a slowed one and an identical rerun. The order of the last two changes from trial to trial, so that
 * a machine that becomes slower is not taken for the slowdown. A trial is right if every level is judged rightly, and is not
 * counted if a level of it is not valid, as when other work keeps the machine busy: such a level is marked in every
 * comparison. The load goes to loopback only.
 */
public final class Detection {
    private static final double SLOWDOWN = 1.05;
    private static final int TRIALS = 20;
    private static final List<String> LEVELS = List.of(
            "-Dnim.workloads=query,passage",
            "-Dnim.query.concurrency=5",
            "-Dnim.passage.tokens=300",
            "-Dnim.passage.concurrency=3",
            "-Dnim.calibrate=false",
            "-Dnim.warmup=2s");

    private Detection() {}

    public static void main(String[] args) throws Exception {
        int trials = args.length > 0 ? Integer.parseInt(args[0]) : TRIALS;
        String duration = args.length > 1 ? args[1] : "5s";
        Path work = Files.createTempDirectory("detection");
        int slowerFound = 0;
        int sameFound = 0;
        int disturbed = 0;
        List<RunResults> alike = new ArrayList<>();
        for (int trial = 1; trial <= trials && disturbed <= trials; ) {
            RunResults baseline = run(1, duration, work);
            boolean slowedFirst = trial % 2 == 0;
            RunResults first = run(slowedFirst ? SLOWDOWN : 1, duration, work);
            RunResults second = run(slowedFirst ? 1 : SLOWDOWN, duration, work);
            RunResults rerun = slowedFirst ? second : first;
            List<LevelChange> same = levels(baseline, rerun);
            List<LevelChange> slowed = levels(baseline, slowedFirst ? first : second);
            same.forEach(level -> System.out.println(line("identical", level)));
            slowed.forEach(level -> System.out.println(line("slowed", level)));
            if (Stream.concat(same.stream(), slowed.stream())
                    .anyMatch(level -> !level.notValid().isEmpty())) {
                disturbed++;
                System.out.println("not counted: a level is not valid, something else kept this machine busy");
                continue;
            }
            alike.add(baseline);
            alike.add(rerun);
            boolean sameRight = same.stream().allMatch(level -> level.verdict() == Verdict.NO_DIFFERENCE);
            boolean slowedRight = slowed.stream().allMatch(level -> level.verdict() == Verdict.SLOWER);
            sameFound += sameRight ? 1 : 0;
            slowerFound += slowedRight ? 1 : 0;
            System.out.printf(
                    "trial %d: identical %s, slowed %s%n",
                    trial++, sameRight ? "right" : "WRONG", slowedRight ? "right" : "WRONG");
        }
        int counted = alike.size() / 2;
        System.out.printf("identical reruns: no difference shown in %d of %d%n", sameFound, counted);
        System.out.printf("%.0f %% slower: called slower in %d of %d%n", 100 * (SLOWDOWN - 1), slowerFound, counted);
        System.out.printf("not counted, since a level was not valid: %d%n", disturbed);
        variation(alike);
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

    /**
     * What differs between runs of the same, from which the assumed variation is taken: for pairs that follow each other, so
     * that the machine's drift over the whole command is not counted.
     */
    private static void variation(List<RunResults> alike) {
        Map<String, List<Double>> squares = new TreeMap<>();
        for (int i = 0; i + 1 < alike.size(); i += 2) {
            for (int level = 0; level < alike.get(i).levels().size(); level++) {
                LevelResults one = alike.get(i).levels().get(level);
                LevelResults other = alike.get(i + 1).levels().get(level);
                add(squares, one, "req/s", Math.log(rate(one) / rate(other)));
                add(squares, one, "p50", Math.log(p50(one) / p50(other)));
                add(squares, one, "p95", Math.log(p95(one) / p95(other)));
                add(squares, one, "p99", Math.log(p99(one) / p99(other)));
            }
        }
        squares.forEach((name, values) -> System.out.printf(
                Locale.ROOT,
                "variation between identical runs: %-36s %.2f %% (%d pairs; largest difference %.2f %%)%n",
                name,
                100
                        * Math.sqrt(values.stream()
                                        .mapToDouble(Double::doubleValue)
                                        .average()
                                        .orElseThrow()
                                / 2),
                values.size(),
                100
                        * Math.sqrt(values.stream()
                                .mapToDouble(Double::doubleValue)
                                .max()
                                .orElseThrow())));
    }

    private static void add(Map<String, List<Double>> squares, LevelResults level, String metric, double log) {
        squares.computeIfAbsent(level.name() + " " + metric, name -> new ArrayList<>())
                .add(log * log);
    }

    private static double rate(LevelResults level) {
        return level.requestsPerSecond().orElseThrow();
    }

    private static double p50(LevelResults level) {
        return level.latencyMs().p50().orElseThrow();
    }

    private static double p95(LevelResults level) {
        return level.latencyMs().p95().orElseThrow();
    }

    private static double p99(LevelResults level) {
        return level.latencyMs().p99().orElse(level.latencyMs().max().orElseThrow());
    }

    private static RunResults run(double slowdown, String duration, Path work) throws Exception {
        Process emulator = Suite.start(
                List.of("-Demulator.port=0", "-Demulator.slowdown=" + slowdown, "nimload.emulator.Emulator"));
        try {
            List<String> command = new ArrayList<>(Suite.jvmArguments());
            command.add("-Dnim.embedding.url=" + Suite.urlOf(emulator));
            command.addAll(LEVELS);
            command.add("-Dnim.duration=" + duration);
            command.addAll(List.of(
                    "-Dnim.results=" + work,
                    "io.gatling.app.Gatling",
                    "--simulation",
                    "nimload.simulation.PublishedGridSimulation",
                    "--results-folder",
                    work.resolve("gatling").toString(),
                    "--no-reports"));
            Process run = Suite.start(command);
            String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (run.waitFor() != 0) {
                throw new IllegalStateException("the run failed:\n" + output);
            }
            return ResultsFile.read(work.resolve("latest"));
        } finally {
            emulator.destroy();
            emulator.waitFor();
        }
    }
}
