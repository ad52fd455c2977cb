package nimload.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;

/** A run of the published grid whose numbers are known, as results.json has them. Concurrency 5 may never be quoted. */
final class MadeRun {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode root = MAPPER.createObjectNode();

    MadeRun(String model) {
        root.put("schema", 2).put("tool", "nimload").put("run", "20261122-150000");
        root.put("started", "2026-11-22T15:00:00Z").put("complete", true).put("levelsPlanned", 23);
        root.put("emulated", true)
                .put("durationSeconds", 5.0)
                .put("warmUpSeconds", 1.0)
                .put("repeats", 1);
        root.putObject("targets")
                .putObject("embedding")
                .put("url", "http://127.0.0.1:8000")
                .put("model", model)
                .put("emulated", true)
                .putObject("about")
                .put("release", "1.5.0")
                .put("emulator", "embedded NIM (H200-like)");
        root.putArray("notes").add("A note of " + model);
        root.putObject("settings").put("nim.embedding.model", model);
        ArrayNode levels = root.putArray("levels");
        for (int concurrency : new int[] {1, 3, 5, 7, 9, 11, 13, 15}) {
            level(levels.addObject(), "query", 20, 1, concurrency, model);
        }
        for (int concurrency : new int[] {1, 3, 5}) {
            for (int tokens : new int[] {300, 512}) {
                level(levels.addObject(), "passage", tokens, 64, concurrency, model);
            }
            for (int passages : new int[] {10, 20, 40}) {
                level(levels.addObject(), "reranking", 512, passages, concurrency, model)
                        .put("queryTokens", 512);
            }
        }
        for (int number = 0; number < levels.size(); number++) {
            Instant ended = Instant.parse("2026-11-22T15:00:05Z").plusSeconds(10L * number);
            ((ObjectNode) levels.get(number))
                    .putArray("repeats")
                    .addObject()
                    .put("number", 1)
                    .put("ended", ended.toString())
                    .put("requests", 2000);
        }
        // What is not known must be last whichever way a table is sorted.
        ((ObjectNode) levels.get(3).path("latencyMs")).remove("p99");
    }

    private static ObjectNode level(
            ObjectNode level, String workload, int tokens, int items, int concurrency, String model) {
        Histogram micros = new Histogram(3);
        for (int i = 1; i <= 2000; i++) {
            micros.recordValue(1000L * concurrency + i);
        }
        level.put("name", workload + " c=" + concurrency).put("workload", workload);
        level.put("inputTokens", tokens).put("itemsPerRequest", items).put("concurrency", concurrency);
        level.put("valid", concurrency != 5).put("requests", 2000).put("errors", concurrency == 5 ? 1 : 0);
        level.putArray("reasons");
        if (concurrency == 5) {
            level.withArray("reasons").add("1 of 2000 requests failed: " + model);
            level.putObject("firstErrors").put("http 500", model);
        }
        double rate = 1000.0 * concurrency / (1 + 0.01 * concurrency * concurrency);
        ObjectNode latency = level.putObject("latencyMs");
        ObjectNode intervals = level.putObject("intervals");
        latency.put("avg", concurrency + 1.0).put("max", concurrency + 2.0).put("min", concurrency + 0.001);
        for (String[] percentile : new String[][] {{"p50", "50"}, {"p90", "90"}, {"p95", "95"}, {"p99", "99"}}) {
            double millis = concurrency + 2 * Double.parseDouble(percentile[1]) / 100;
            latency.put(percentile[0], millis);
            intervals.putObject(percentile[0]).put("low", millis - 0.2).put("high", millis + 0.3);
        }
        level.put("requestsPerSecond", rate).put("itemsPerSecond", rate * items).put("tokensVerified", true);
        intervals.putObject("requestsPerSecond").put("low", rate * 0.99).put("high", rate * 1.01);
        ArrayNode timeline = level.putArray("timeline");
        for (int slice = 0; slice < 10; slice++) {
            timeline.addObject()
                    .put("repeat", 1)
                    .put("fromSeconds", slice * 0.5)
                    .put("toSeconds", slice * 0.5 + 0.5)
                    .put("requests", 200)
                    .put("errors", 0)
                    .put("p50", concurrency + slice / 10.0)
                    .put("max", concurrency + 2 + slice / 10.0);
        }
        ObjectNode server = level.putObject("server").put("samples", 5).put("gpuUtilization", 0.5);
        ObjectNode series = server.putObject("series");
        series.putArray("gpuPowerWatts").add(pair(1, 300)).add(pair(2, 350));
        series.putArray("pending").add(pair(1, 0)).add(pair(2, 7));
        server.putArray("notes").add("Of the server: " + model);
        byte[] bytes = new byte[micros.getNeededByteBufferCapacity()];
        int length = micros.encodeIntoCompressedByteBuffer(ByteBuffer.wrap(bytes));
        level.putObject("latencyHistogram")
                .put("unit", "us")
                .put("encoding", "HdrHistogram V2, compressed, Base64")
                .put("data", Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length)));
        return level;
    }

    private static ArrayNode pair(double x, double y) {
        return MAPPER.createArrayNode().add(x).add(y);
    }

    /** From concurrency 7 on all levels have one rate, and nearly one latency; a level's p99 is a hundred times the others'. */
    MadeRun crowded() {
        for (JsonNode level : root.path("levels")) {
            if (level.path("concurrency").intValue() >= 7) {
                ((ObjectNode) level).put("itemsPerSecond", 5000.0).put("requestsPerSecond", 5000.0);
                ((ObjectNode) level.path("latencyMs")).put("p50", 8.0);
            }
        }
        ((ObjectNode) level("query", 1).path("latencyMs")).put("p99", 900.0);
        ((ObjectNode) level("query", 1).path("intervals")).remove("p99");
        return this;
    }

    /** As the files were before schema 2: without what it added. */
    MadeRun ofSchema1() {
        root.remove(java.util.List.of("schema", "tool", "repeats"));
        for (JsonNode level : root.path("levels")) {
            ((ObjectNode) level).remove(java.util.List.of("intervals", "timeline", "server", "repeats"));
        }
        return this;
    }

    JsonNode level(String workload, int concurrency) {
        for (JsonNode level : root.path("levels")) {
            if (level.path("workload").textValue().equals(workload)
                    && level.path("concurrency").intValue() == concurrency) {
                return level;
            }
        }
        throw new IllegalArgumentException(workload + " " + concurrency);
    }

    void writeTo(Path directory) throws IOException {
        Files.writeString(directory.resolve("results.json"), MAPPER.writeValueAsString(root));
    }
}
