package nimload.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import nimload.nim.Json;
import nimload.results.ResultsFile;
import nimload.results.RunResults;

/** Builds a run for tests: as results.json, and as read from it. */
public final class MadeRun {
    private final ObjectNode run = Json.MAPPER.createObjectNode();
    private final ArrayNode levels = run.putArray("levels");
    private ObjectNode level;

    public MadeRun(String name) {
        run.put("schema", 2).put("tool", "nimload 0.1.0").put("run", name).put("started", "2026-11-22T15:00:00Z");
        run.put("complete", true).put("repeats", 1);
        run.putObject("effective").put("encodingFormat", "float").put("truncate", "END");
        run.putObject("client").put("java", "17").put("cores", "2");
        about("release", "1.5.0");
    }

    public MadeRun emulated() {
        run.put("emulated", true);
        return this;
    }

    public MadeRun started(String instant) {
        run.put("started", instant);
        return this;
    }

    public MadeRun label(String label) {
        run.withObject("/settings").put("nim.label", label);
        return this;
    }

    public MadeRun model(String model) {
        about("release", "1.5.0");
        ((ObjectNode) run.at("/targets/embedding")).put("model", model);
        return this;
    }

    public MadeRun notComplete() {
        run.put("complete", false);
        return this;
    }

    public MadeRun tool(String tool) {
        run.put("tool", tool);
        return this;
    }

    public MadeRun effective(String name, String value) {
        ((ObjectNode) run.get("effective")).put(name, value);
        return this;
    }

    public MadeRun about(String name, String value) {
        ObjectNode target = run.withObject("/targets").putObject("embedding");
        target.put("url", "http://10.0.0.5:8000").put("model", "nvidia/nv-embedqa-e5-v5");
        target.putObject("about").put(name, value);
        return this;
    }

    /** Adds a query level; the numbers that follow belong to it. */
    public MadeRun query(int concurrency) {
        level = levels.addObject();
        level.put("name", "query 20 c=" + concurrency + " (1 text)")
                .put("workload", "query")
                .put("inputTokens", 20);
        level.put("itemsPerRequest", 1)
                .put("concurrency", concurrency)
                .put("valid", true)
                .put("requests", 1000);
        level.put("measuredTokensPerItem", 20.0);
        level.putObject("latencyMs");
        level.putObject("intervals");
        return this;
    }

    /** Of the level's requests, instead of a query's 20 tokens and 1 text. */
    public MadeRun shape(int tokens, int items) {
        level.put("inputTokens", tokens).put("itemsPerRequest", items).put("measuredTokensPerItem", (double) tokens);
        return this;
    }

    public MadeRun tokens(double perItem) {
        level.put("measuredTokensPerItem", perItem);
        return this;
    }

    public MadeRun notValid(String reason) {
        level.put("valid", false).putArray("reasons").add(reason);
        return this;
    }

    /** Every request of the level failed. */
    public MadeRun failed() {
        level.put("errors", level.get("requests").intValue());
        return notValid("1000 of 1000 requests failed");
    }

    /** @param percent the interval's distance from the value, on both sides */
    public MadeRun with(Metric metric, double value, double percent) {
        without(metric, value);
        interval(metric).put("low", value * (1 - percent / 100)).put("high", value * (1 + percent / 100));
        return this;
    }

    public MadeRun withLowOnly(Metric metric, double value, double low) {
        without(metric, value);
        interval(metric).put("low", low);
        return this;
    }

    /** Without an interval. */
    public MadeRun without(Metric metric, double value) {
        (metric == Metric.REQUESTS_PER_SECOND ? level : (ObjectNode) level.get("latencyMs")).put(metric.key(), value);
        return this;
    }

    /** p50 and rate of a closed model, where the rate falls as p50 rises; each known to 0.5 %. */
    public MadeRun closed(double p50) {
        return with(Metric.P50, p50, 0.5)
                .with(
                        Metric.REQUESTS_PER_SECOND,
                        1000 * level.get("concurrency").intValue() / p50,
                        0.5);
    }

    /** The level's repeats, each with its p50 in ms and the rate that goes with it. */
    public MadeRun repeats(double... p50) {
        run.put("repeats", p50.length);
        ArrayNode repeats = level.putArray("repeats");
        for (double value : p50) {
            ObjectNode repeat =
                    repeats.addObject().put("number", repeats.size()).put("requests", 300);
            repeat.put("requestsPerSecond", 1000 * level.get("concurrency").intValue() / value);
            repeat.putObject("latencyMs").put("p50", value);
        }
        return this;
    }

    private ObjectNode interval(Metric metric) {
        return ((ObjectNode) level.get("intervals")).putObject(metric.key());
    }

    public String json() {
        return run.put("levelsPlanned", levels.size()).toString();
    }

    public RunResults results() {
        try {
            return ResultsFile.parse(json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
