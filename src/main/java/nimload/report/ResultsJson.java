package nimload.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import nimload.measure.LevelSamples;
import nimload.measure.LoadPointResult;
import nimload.nim.Json;
import nimload.plan.LoadPoint;
import org.HdrHistogram.Histogram;

/**
 * {@code results.json}: everything in results.csv, and what the run was made with, the errors by kind, and each level's
 * histogram. Fields whose value is not known are left out.
 */
public final class ResultsJson {
    private ResultsJson() {}

    public static String of(RunInfo run, List<LoadPointResult> results) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("run", run.id());
        root.put("started", run.started().toString());
        root.put("complete", results.size() == run.levelsPlanned());
        root.put("levelsPlanned", run.levelsPlanned());
        root.put("emulated", run.emulated());
        ObjectNode targets = root.putObject("targets");
        run.targets().forEach((kind, target) -> {
            ObjectNode node = targets.putObject(kind);
            node.put("url", target.url().toString());
            node.put("model", target.model());
            node.put("emulated", target.emulated());
            node.set("about", texts(target.about()));
        });
        root.put("durationSeconds", run.duration().toMillis() / 1e3);
        root.put("warmUpSeconds", run.warmUp().toMillis() / 1e3);
        root.set("settings", texts(run.settings()));
        root.set("effective", texts(run.effective()));
        root.set("client", texts(run.client()));
        ArrayNode notes = root.putArray("notes");
        run.notes().forEach(notes::add);
        ArrayNode levels = root.putArray("levels");
        results.forEach(result -> levels.add(level(result)));
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that is no JSON", e);
        }
    }

    private static ObjectNode level(LoadPointResult result) {
        LoadPoint point = result.point();
        LevelSamples samples = result.samples();
        ObjectNode level = Json.MAPPER.createObjectNode();
        level.put("name", point.requestName());
        level.put("workload", point.workload().key());
        level.put("inputTokens", point.inputTokens());
        if (point.queryTokens() > 0) {
            level.put("queryTokens", point.queryTokens());
        }
        level.put("itemsPerRequest", point.items());
        level.put("concurrency", point.concurrency());
        List<String> reasons = result.reasonsAgainst();
        level.put("valid", reasons.isEmpty());
        reasons.forEach(level.withArray("reasons")::add);
        level.put("requests", result.requests());
        level.put("errors", samples.errorCount());
        level.set("errorsByKind", counts(samples.errors()));
        level.set("warmUpErrorsByKind", counts(samples.warmUpErrors()));
        level.set("firstErrors", texts(samples.firstErrors()));
        ObjectNode latency = level.putObject("latencyMs");
        put(latency, "avg", samples.meanMillis(), 3);
        put(latency, "std", samples.standardDeviationMillis(), 3);
        put(latency, "min", samples.minMillis(), 3);
        put(latency, "p50", samples.percentileMillis(50), 3);
        put(latency, "p90", samples.percentileMillis(90), 3);
        put(latency, "p95", samples.percentileMillis(95), 3);
        put(latency, "p99", samples.percentileMillis(99), 3);
        put(latency, "max", samples.maxMillis(), 3);
        level.put("elapsedSeconds", round(samples.elapsedNanos() / 1e9, 6));
        put(level, "requestsPerSecond", samples.requestsPerSecond(), 3);
        put(level, "itemsPerSecond", result.itemsPerSecond(), 3);
        put(level, "tokensPerSecond", result.tokensPerSecond(), 1);
        put(level, "measuredTokensPerItem", result.measuredTokensPerItem(), 3);
        level.put("expectedTokensPerItem", result.tokenCheck().expectedPerItem());
        level.put("tokensVerified", result.tokenCheck().verified());
        put(level, "achievedConcurrency", samples.achievedConcurrency(), 3);
        samples.meanGapNanos().ifPresent(gap -> level.put("meanGapMs", round(gap / 1e6, 3)));
        put(level, "machineCpu", result.machine().machineCpu(), 3);
        put(level, "processCpu", result.machine().processCpu(), 3);
        level.put("answersComparedInFull", samples.valuesChecked());
        ObjectNode histogram = level.putObject("latencyHistogram");
        histogram.put("unit", "us");
        histogram.put("encoding", "HdrHistogram V2, compressed, Base64");
        histogram.put("data", encoded(samples.latencyMicros()));
        return level;
    }

    private static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    private static ObjectNode texts(Map<String, String> map) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        map.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> node.put(entry.getKey(), entry.getValue()));
        return node;
    }

    private static ObjectNode counts(Map<String, Long> map) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        map.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> node.put(entry.getKey(), entry.getValue()));
        return node;
    }

    private static void put(ObjectNode node, String field, OptionalDouble value, int decimals) {
        value.ifPresent(known -> node.put(field, round(known, decimals)));
    }

    private static double round(double value, int decimals) {
        double scale = Math.pow(10, decimals);
        return Math.round(value * scale) / scale;
    }
}
