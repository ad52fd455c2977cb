package nimload.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.CommandLineTool;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.Truncate;
import nimload.text.CommonWords;
import nimload.text.TextSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What nimload's client adds to a server's own time, next to wrk: {@code mvn test-compile exec:java@client-overhead}.
 *
 * <p>A server in another JVM answers each request after a fixed delay. nimload (this suite, as a user runs it) and wrk (where
 * it is installed) send it the same requests. What they measure above the delay is their own time, the connection's and the
 * server's writing. The load goes to loopback only.
 */
@Command(
        name = "client-overhead",
        customSynopsis = "mvn test-compile exec:java@client-overhead [-Dexec.args=\"--duration TIME\"]",
        description =
                "Measures what nimload's client adds to a server's own time, and what wrk adds where it is installed.",
        footer = "  mvn test-compile exec:java@client-overhead -Dexec.args=\"--duration 10s\"")
public final class ClientOverhead implements Callable<Integer> {
    private record Shape(String name, int delayMillis, Workload workload, List<Integer> concurrency) {}

    private record Workload(String key, int tokens, int texts, InputType type) {}

    private static final Workload SMALL = new Workload("query", 20, 1, InputType.QUERY);
    private static final Workload LARGE = new Workload("passage", 512, 64, InputType.PASSAGE);
    private static final List<Shape> SHAPES = List.of(
            new Shape("19 kB after 1 ms", 1, SMALL, List.of(1, 15)),
            new Shape("19 kB after 2 ms", 2, SMALL, List.of(1, 15)),
            new Shape("19 kB after 5 ms", 5, SMALL, List.of(1, 5, 15)),
            new Shape("1.2 MB after 50 ms", 50, LARGE, List.of(1, 5)));

    private static final Pattern WRK_LATENCY = Pattern.compile("\\s+(50|99)%\\s+([\\d.]+)(us|ms|s)");
    private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            description =
                    "How long nimload, then wrk, sends at each level, in whole seconds; default: ${DEFAULT-VALUE}.")
    private String duration;

    public static void main(String[] args) {
        CommandLineTool.main(new ClientOverhead(), args);
    }

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("client-overhead");
        System.out.printf(
                "%-20s %5s | %9s %9s %9s %8s %8s | %9s %9s %9s | %s%n",
                "answer",
                "conc.",
                "+p50 ms",
                "+p99 ms",
                "req/s",
                "gap ms",
                "CPU ms",
                "wrk +p50",
                "wrk +p99",
                "wrk req/s",
                "rate/wrk");
        for (Shape shape : SHAPES) {
            Process server = Suite.start(List.of(
                    "-Demulator.port=0",
                    "-Demulator.fixedDelayMillis=" + shape.delayMillis(),
                    "nimload.emulator.Emulator"));
            try {
                String url = Suite.urlOf(server);
                // The server must be as hot for the first as for the second.
                wrk(shape, shape.concurrency().get(0), url, work);
                for (int concurrency : shape.concurrency()) {
                    System.out.println(row(
                            shape,
                            concurrency,
                            nimload(shape, concurrency, url, work),
                            wrk(shape, concurrency, url, work)));
                }
            } finally {
                server.destroy();
                server.waitFor();
            }
        }
        return 0;
    }

    /** The level as results.json has it. */
    private JsonNode nimload(Shape shape, int concurrency, String url, Path work) throws Exception {
        Workload workload = shape.workload();
        Suite.run(
                List.of(
                        "-Dnim.embedding.url=" + url,
                        "-Dnim.workloads=" + workload.key(),
                        "-Dnim." + workload.key() + ".tokens=" + workload.tokens(),
                        "-Dnim." + workload.key() + ".batch=" + workload.texts(),
                        "-Dnim." + workload.key() + ".concurrency=" + concurrency,
                        "-Dnim.duration=" + duration,
                        "-Dnim.maxDuration=" + duration,
                        "-Dnim.calibrate=false"),
                work);
        return Json.MAPPER
                .readTree(Files.readAllBytes(work.resolve("latest").resolve("results.json")))
                .required("levels")
                .required(0);
    }

    /** Latency percentiles in ms and the rate, or nothing where wrk is not installed. */
    private Map<String, Double> wrk(Shape shape, int concurrency, String url, Path work) throws Exception {
        Workload workload = shape.workload();
        TextSource texts = new TextSource(CommonWords.load(), 1);
        List<String> input = new ArrayList<>();
        for (int i = 0; i < workload.texts(); i++) {
            input.add(texts.next(workload.tokens() - 4));
        }
        byte[] body = new EmbeddingRequest(
                        "nvidia/nv-embedqa-e5-v5", input, workload.type(), EncodingFormat.FLOAT, Truncate.END)
                .toJson();
        Path script = Files.writeString(
                work.resolve("post.lua"),
                "wrk.method='POST'\nwrk.headers['Content-Type']='application/json'\nwrk.body=[["
                        + new String(body, StandardCharsets.UTF_8) + "]]\n");
        Process run;
        try {
            run = new ProcessBuilder(
                            "wrk",
                            "-t",
                            "1",
                            "-c",
                            Integer.toString(concurrency),
                            "-d",
                            duration,
                            "--latency",
                            "-s",
                            script.toString(),
                            url + "/v1/embeddings")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException notInstalled) {
            return Map.of();
        }
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        run.waitFor(1, TimeUnit.MINUTES);
        Map<String, Double> found = new HashMap<>();
        Matcher latency = WRK_LATENCY.matcher(output);
        while (latency.find()) {
            double unit = Map.of("us", 1e-3, "ms", 1.0, "s", 1e3).get(latency.group(3));
            found.put("p" + latency.group(1), Double.parseDouble(latency.group(2)) * unit);
        }
        Matcher rate = WRK_RATE.matcher(output);
        if (rate.find()) {
            found.put("rate", Double.parseDouble(rate.group(1)));
        }
        return found;
    }

    private static String row(Shape shape, int concurrency, JsonNode level, Map<String, Double> wrk) {
        double rate = level.required("requestsPerSecond").doubleValue();
        double cpuMillis = level.required("processCpu").doubleValue()
                * Runtime.getRuntime().availableProcessors()
                * level.required("elapsedSeconds").doubleValue()
                * 1e3
                / level.required("requests").longValue();
        JsonNode latency = level.required("latencyMs");
        return String.format(
                Locale.ROOT,
                "%-20s %5d | %9s %9s %9.1f %8.3f %8.2f | %9s %9s %9s | %s",
                shape.name(),
                concurrency,
                added(latency.path("p50").asDouble(Double.NaN), shape),
                added(latency.path("p99").asDouble(Double.NaN), shape),
                rate,
                level.required("meanGapMs").doubleValue(),
                cpuMillis,
                added(wrk.getOrDefault("p50", Double.NaN), shape),
                added(wrk.getOrDefault("p99", Double.NaN), shape),
                known("%.1f", wrk.getOrDefault("rate", Double.NaN)),
                wrk.isEmpty() ? "wrk is not installed" : known("%.1f %%", 100 * rate / wrk.get("rate")));
    }

    /** What is added to the server's delay, in ms. */
    private static String added(double millis, Shape shape) {
        return known("%.3f", millis - shape.delayMillis());
    }

    private static String known(String format, double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
    }
}
