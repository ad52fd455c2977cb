package nimload.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import nimload.CommandLineTool;
import nimload.results.LevelResults;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a core of a load generator can send of each workload: {@code mvn test-compile exec:java@generator-core}.
 *
 * <p>A server in another JVM answers each request after a fixed delay; this suite, as a user runs it, sends with more and more
 * users. CPU is that of the client's process, bytes are those of the bodies of requests and answers. The load goes to
 * loopback only.
 */
@Command(
        name = "generator-core",
        customSynopsis = "mvn test-compile exec:java@generator-core [-Dexec.args=\"--duration TIME\"]",
        description =
                "Measures the CPU that nimload's client takes per request of each workload, and so how many requests and"
                        + " MB per second a core of a load generator can send and receive.",
        footer = "  mvn test-compile exec:java@generator-core -Dexec.args=\"--duration 5s\"")
public final class GeneratorCore implements Callable<Integer> {
    private static final int DELAY_MILLIS = 5;

    private record Workload(String name, String key, List<String> settings) {
        boolean ranks() {
            return key.equals("reranking");
        }
    }

    private static final List<Workload> WORKLOADS = List.of(
            new Workload("query, 20 tokens", "query", List.of("-Dnim.query.tokens=20", "-Dnim.query.batch=1")),
            new Workload(
                    "passage, 300 tokens × 64",
                    "passage",
                    List.of("-Dnim.passage.tokens=300", "-Dnim.passage.batch=64")),
            reranking(10),
            reranking(40));

    private static Workload reranking(int passages) {
        return new Workload(
                "reranking, 512+512 tokens × " + passages,
                "reranking",
                List.of(
                        "-Dnim.reranking.tokens=512",
                        "-Dnim.reranking.queryTokens=512",
                        "-Dnim.reranking.passages=" + passages));
    }

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long each level is measured; default: ${DEFAULT-VALUE}.")
    private String duration;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "1,5,15,60",
            description = "Requests in flight of each level; default: ${DEFAULT-VALUE}.")
    private String users;

    public static void main(String[] args) {
        CommandLineTool.main(new GeneratorCore(), args);
    }

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("generator-core");
        System.out.printf(
                "%-30s %6s | %9s %10s %10s | %12s %11s %12s | %s%n",
                "workload",
                "users",
                "req/s",
                "CPU cores",
                "CPU ms/req",
                "req/core·s",
                "MB/core·s up",
                "MB/core·s down",
                "kB of a request, of its answer");
        for (Workload workload : WORKLOADS) {
            Process server = Suite.start(List.of(
                    "-Demulator.port=0", "-Demulator.fixedDelayMillis=" + DELAY_MILLIS, "nimload.emulator.Emulator"));
            try {
                String url = Suite.urlOf(server);
                RunResults run = run(workload, url, work);
                double cores = Double.parseDouble(run.info().client().get("cores"));
                run.levels().forEach(level -> System.out.println(row(workload, level, cores)));
            } finally {
                server.destroy();
                server.waitFor();
            }
        }
        return 0;
    }

    private RunResults run(Workload workload, String url, Path work) throws Exception {
        List<String> settings = new ArrayList<>(workload.settings());
        settings.addAll(List.of(
                "-Dnim." + (workload.ranks() ? "reranking" : "embedding") + ".url=" + url,
                "-Dnim.workloads=" + workload.key(),
                "-Dnim." + workload.key() + ".concurrency=" + users,
                "-Dnim.warmup=2s",
                "-Dnim.duration=" + duration,
                "-Dnim.maxDuration=" + duration,
                "-Dnim.calibrate=false"));
        Suite.run(settings, work);
        return ResultsFile.read(work.resolve("latest"));
    }

    private static String row(Workload workload, LevelResults level, double cores) {
        double request = level.throughput().requestBytes().orElseThrow();
        double answer = level.throughput().answerBytes().orElseThrow();
        double busy = level.client().processCpu().orElseThrow() * cores;
        double rate =
                level.requests().count() / level.throughput().elapsedSeconds().orElseThrow();
        double perCore = rate / busy;
        return String.format(
                Locale.ROOT,
                "%-30s %6d | %9.1f %10.2f %10.3f | %12.0f %12.2f %14.2f | %.1f, %.1f",
                workload.name(),
                level.concurrency(),
                rate,
                busy,
                1e3 * busy / rate,
                perCore,
                perCore * request / 1e6,
                perCore * answer / 1e6,
                request / 1e3,
                answer / 1e3);
    }
}
