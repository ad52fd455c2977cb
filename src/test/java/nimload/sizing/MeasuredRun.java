package nimload.sizing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import nimload.nim.Json;
import nimload.results.ResultsFile;
import nimload.results.RunResults;

/** Builds a run for tests of sizing, as results.json: queries of 20 tokens, one GPU, a generator of 16 cores. */
final class MeasuredRun {
    private final ObjectNode run = Json.MAPPER.createObjectNode();
    private final ArrayNode levels = run.putArray("levels");
    private final ArrayNode capacity = run.putArray("capacity");
    private ObjectNode level;

    MeasuredRun() {
        run.put("schema", 2).put("tool", "nimload 0.1.0").put("run", "20261126-120000");
        run.put("started", "2026-11-26T12:00:00Z").put("complete", true).put("repeats", 1);
        run.putObject("client").put("cores", "16");
        run.putObject("settings");
        run.putObject("targets")
                .putObject("embedding")
                .put("url", "http://10.0.0.5:8000")
                .put("model", "nvidia/nv-embedqa-e5-v5");
    }

    MeasuredRun setting(String name, String value) {
        run.withObject("/settings").put(name, value);
        return this;
    }

    MeasuredRun emulated() {
        run.put("emulated", true);
        ObjectNode target = (ObjectNode) run.at("/targets/embedding");
        target.put("emulated", true).putObject("about").put("emulator", "embedded NIM (twin of run 20261126-100000)");
        return this;
    }

    /** @param atLeast requests per second; 0: none */
    MeasuredRun search(String by, String limit, double atLeast, double atMost) {
        return search(by, List.of(limit), atLeast, atMost);
    }

    MeasuredRun search(String by, List<String> limits, double atLeast, double atMost) {
        ObjectNode found = capacity.addObject();
        query(found.putObject("point"), 1);
        found.put("by", by).put("atMost", atMost).put("sentence", "…");
        limits.forEach(found.putArray("limits")::add);
        if (atLeast > 0) {
            found.put("atLeast", atLeast);
        }
        return this;
    }

    /** A level of users whose rate is known to 1 % and whose p95 lies in the interval; what follows belongs to it. */
    MeasuredRun users(int concurrency, double rate, double p95Low, double p95High) {
        level = levels.addObject();
        query(level, concurrency);
        level.put("name", "query 20 c=" + concurrency + " (1 text)")
                .put("valid", true)
                .put("requests", 1000);
        level.put("requestsPerSecond", rate);
        level.putObject("latencyMs").put("avg", p95Low / 2).put("p95", (p95Low + p95High) / 2);
        ObjectNode intervals = level.putObject("intervals");
        intervals.putObject("requestsPerSecond").put("low", 0.99 * rate).put("high", 1.01 * rate);
        intervals.putObject("p95").put("low", p95Low).put("high", p95High);
        return this;
    }

    /** @param answer below 0: not known */
    MeasuredRun bytes(double request, double answer) {
        level.put("requestBytes", request);
        if (answer >= 0) {
            level.put("answerBytes", answer);
        }
        return this;
    }

    /** The same as a level at a rate, whose latency of 1 ms leaves out what requests waited before they were sent. */
    MeasuredRun arrivals(double rate, double p95Low, double p95High) {
        users(0, rate, p95Low, p95High);
        level.put("load", rate + "/s poisson");
        ObjectNode arrivals = level.putObject("arrivals");
        arrivals.set("responseMs", level.get("latencyMs"));
        arrivals.putObject("intervals").set("p95", level.at("/intervals/p95"));
        level.putObject("latencyMs").put("avg", 0.5).put("p95", 1.0);
        ((ObjectNode) level.get("intervals")).putObject("p95").put("low", 1.0).put("high", 1.0);
        return this;
    }

    MeasuredRun requests(int count) {
        level.put("requests", count);
        return this;
    }

    MeasuredRun notValid() {
        level.put("valid", false).putArray("reasons").add("client-limited: …");
        return this;
    }

    /** @param share of all cores that the generator's process used */
    MeasuredRun cpu(double share, double elapsedSeconds) {
        level.put("processCpu", share).put("elapsedSeconds", elapsedSeconds);
        return this;
    }

    /** By two generators. */
    MeasuredRun merged() {
        for (int number = 1; number <= 2; number++) {
            level.withArray("/generators").addObject().put("number", number).put("host", "host-" + number);
        }
        return this;
    }

    private static void query(ObjectNode point, int concurrency) {
        point.put("workload", "query").put("inputTokens", 20).put("itemsPerRequest", 1);
        if (concurrency > 0) {
            point.put("concurrency", concurrency);
        }
    }

    String json() {
        return run.put("levelsPlanned", levels.size()).toString();
    }

    RunResults results() {
        try {
            return ResultsFile.parse(json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
