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
import java.util.List;
import org.HdrHistogram.Histogram;

/** A run of the published grid whose numbers are known, as results.json has them. Concurrency 5 may never be quoted. */
final class MadeRun {
    static final ObjectMapper MAPPER = new ObjectMapper();

    static final double[] SEARCHED = {25, 50, 110, 90, 96, 98};

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
        root.remove(List.of("schema", "tool", "repeats"));
        for (JsonNode level : root.path("levels")) {
            ((ObjectNode) level).remove(List.of("intervals", "timeline", "server", "repeats"));
        }
        return this;
    }

    /** A search by rate instead of the grid: the limit breaks between 96 and 98 per second; at 110 the target collapsed. */
    MadeRun searching() {
        ArrayNode levels = root.putArray("levels");
        ObjectNode search = root.putArray("capacity").addObject().put("by", "rate");
        search.putObject("point")
                .put("workload", "query")
                .put("inputTokens", 20)
                .put("itemsPerRequest", 1)
                .put("concurrency", 1);
        search.putArray("limits").add("p95 <= 20 ms");
        search.put("atLeast", 96.0).put("atMost", 98.4).put("estimate", 97.2).put("brokeFirst", "latency");
        search.put("sentence", "at least 96 and at most 98.4 queries/s at p95 <= 20 ms (95 %); latency broke first");
        search.put("requests", 10_000);
        search.putArray("recoveries")
                .addObject()
                .put("load", 110.0)
                .put("seconds", 1.24)
                .put("waitedSeconds", 1.24);
        ArrayNode steps = search.putArray("steps");
        for (double rate : SEARCHED) {
            ObjectNode level = level(levels.addObject(), "query", 20, 1, 64, "");
            double p95 = rate > 100 ? 2013 : 2 + 18 * Math.pow(rate / 97, 8);
            level.put("name", "query " + rate).put("load", rate + "/s poisson");
            ObjectNode arrivals = level.putObject("arrivals").put("count", 2000).put("offeredPerSecond", rate);
            arrivals.put("notSent", 0).put("mostWaiting", rate > 100 ? 40 : 0);
            arrivals.putObject("responseMs").put("p50", p95 / 3).put("p95", p95).put("p99", 1.5 * p95);
            arrivals.putObject("sendLagMs").put("p90", 0.12);
            arrivals.putObject("intervals")
                    .putObject("p95")
                    .put("low", 0.95 * p95)
                    .put("high", 1.05 * p95);
            ((ObjectNode) level.path("latencyMs")).put("p95", Math.min(30, p95));
            String verdict = rate > 100 ? "broken: latency, the backlog grew" : rate > 97 ? "undecided" : "holds";
            steps.addObject()
                    .put("load", rate)
                    .put("verdict", verdict)
                    .put("requests", 2000)
                    .put("goodputPerSecond", rate > 100 ? 11 : 0.95 * rate);
        }
        root.put("levelsPlanned", levels.size());
        return this;
    }

    /** Slices of the soak that should not be quoted, from 0. */
    static final List<Integer> HOLLOW = List.of(7, 8, 40);

    static final int SLICES = 72;

    /**
     * A night of queries in {@value #SLICES} slices, continued after slice 35 and after slice 36, which so stands alone. Requests failed in
     * slices 8 and 9, the client was the limit in slice 41.
     */
    MadeRun soaking() {
        ArrayNode levels = root.putArray("levels");
        ObjectNode last = level(levels.addObject(), "query", 20, 1, 128, "");
        last.put("name", "query 50/s").put("load", "50/s constant");
        root.put("levelsPlanned", 1);
        ObjectNode soak = root.putObject("soak").put("slicesPlanned", SLICES).put("sliceSeconds", 300.0);
        soak.putArray("mix")
                .addObject()
                .put("workload", "query")
                .put("inputTokens", 20)
                .put("itemsPerRequest", 1)
                .put("concurrency", 128)
                .put("load", "50/s constant");
        ArrayNode slices = soak.putArray("slices");
        Instant began = Instant.parse("2026-11-22T20:00:00Z");
        for (int number = 0; number < SLICES; number++) {
            int part = number < 35 ? 1 : number < 36 ? 2 : 3;
            slice(slices.addObject(), number, part, began.plusSeconds(300L * number + 600L * part));
        }
        return this;
    }

    private static void slice(ObjectNode slice, int number, int part, Instant began) {
        slice.put("number", number + 1).put("part", part).put("began", began.toString());
        slice.put("seconds", 300.0);
        ObjectNode share = slice.putArray("workloads").addObject().put("workload", "query");
        boolean failed = number == 7 || number == 8;
        share.put("arrivals", 15_000).put("notSent", failed ? 5 : 0);
        if (failed) {
            share.putObject("errors").put("timeout", 30);
            share.putObject("firstErrors").put("timeout", "no answer within 30 s");
        }
        value(share.putObject("requestsPerSecond"), 50);
        ObjectNode response = share.putObject("responseMs");
        value(response.putObject("p50"), 5);
        value(response.putObject("p95"), 8 + number % 3);
        value(response.putObject("p99"), 20);
        if (HOLLOW.contains(number)) {
            share.putArray("reasons")
                    .add(failed ? "35 of 15000 requests failed: timeout ×30" : "client-limited: it stood still");
        }
        slice.putObject("client")
                .put("heapBytes", 45L << 20)
                .put("residentBytes", 700L << 20)
                .put("openFiles", 240)
                .put("threads", 60)
                .put("diskBytes", 4096L * (number + 1));
        ObjectNode server = slice.putObject("servers").putObject("embedding");
        if (number == 50) {
            server.put("unread", "HTTP 503");
        } else {
            server.put("utilization", 0.4).put("powerWatts", 300.0 + number).put("clockMhz", 1980.0);
            ArrayNode throttled = server.putArray("throttled");
            if (number > 60) {
                throttled.add("power cap");
            }
        }
    }

    private static void value(ObjectNode value, double number) {
        value.put("value", number).put("low", 0.98 * number).put("high", 1.02 * number);
    }

    /** Searches without ingestion and with it. */
    MadeRun retrieving() {
        ArrayNode levels = root.putArray("levels");
        for (String during : List.of("ingestion off", "ingestion on")) {
            level(levels.addObject(), "query", 128, 1, 256, "")
                    .put("name", "query, " + during)
                    .put("load", "2/s poisson")
                    .put("during", during);
        }
        root.put("levelsPlanned", levels.size());
        ObjectNode pipeline =
                root.putObject("pipeline").put("load", "2/s poisson").put("search", "5ms");
        ArrayNode searches = pipeline.putArray("levels");
        searches(searches.addObject(), "ingestion off", "off", 4);
        searches(searches.addObject(), "ingestion on", "2/s constant", 34)
                .putArray("reasons")
                .add("query: client-limited: it stood still");
        pipeline.putArray("differences")
                .addObject()
                .put("of", "search")
                .put("percentile", "p95")
                .put("offMs", 149.3)
                .put("onMs", 194.3)
                .put("addedMs", 45.0)
                .putObject("interval")
                .put("low", 40.0)
                .put("high", 50.0);
        return this;
    }

    private static ObjectNode searches(ObjectNode level, String during, String ingestion, double embedding) {
        level.put("during", during)
                .put("ingestion", ingestion)
                .put("count", 1234)
                .put("failed", 0);
        level.put("perSecond", 2.0);
        times(level, embedding + 95.5);
        level.putObject("pauseLateMs").put("p90", 0.1);
        level.putArray("reasons");
        ArrayNode parts = level.putArray("parts");
        times(parts.addObject().put("name", "embedding"), embedding)
                .putObject("service")
                .put("meanMs", 0.8 * embedding)
                .put("beyondMeanMs", 0.2 * embedding)
                .put("beyondLeastMs", 0.1);
        times(parts.addObject().put("name", "vector search"), 5);
        times(parts.addObject().put("name", "reranking"), 90);
        times(parts.addObject().put("name", "gaps"), 0.5);
        return level;
    }

    private static ObjectNode times(ObjectNode of, double mean) {
        of.putObject("latencyMs").put("avg", mean).put("p50", mean).put("p95", 1.5 * mean);
        ObjectNode intervals = of.putObject("intervals");
        intervals.putObject("p50").put("low", 0.95 * mean).put("high", 1.05 * mean);
        intervals.putObject("p95").put("low", 1.45 * mean).put("high", 1.6 * mean);
        return of;
    }

    /** The same run, each level by two generators. */
    MadeRun byTwoGenerators() {
        for (JsonNode level : root.path("levels")) {
            ArrayNode generators = ((ObjectNode) level).putArray("generators");
            for (int number = 1; number <= 2; number++) {
                ObjectNode generator = generators.addObject().put("number", number);
                generator.put("host", "generator-" + number + ".nim-load.svc.cluster.local");
                generator.put("users", level.path("concurrency").intValue()).put("requests", 1000);
                generator
                        .put("errors", 0)
                        .put("requestsPerSecond", 123.4)
                        .put("p50Ms", 12.34)
                        .put("p99Ms", 56.78);
                generator
                        .putArray("windows")
                        .addObject()
                        .put("opened", "2026-11-22T15:00:00Z")
                        .put("closed", "2026-11-22T15:00:05Z")
                        .put("lateMs", 1.5);
                generator.put("machineCpu", 0.42).put("processCpu", 0.21);
                if (number == 2) {
                    generator.putArray("reasons").add("client-limited: it stood still during 3.0 % of the requests");
                }
            }
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
