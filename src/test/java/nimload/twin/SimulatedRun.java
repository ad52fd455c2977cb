package nimload.twin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import nimload.nim.Json;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Workload;
import nimload.results.ResultsFile;
import nimload.results.RunResults;

/** The results.json of a run against two {@link ModelledGpu}s. */
final class SimulatedRun {
    private static final int FEWEST_REQUESTS = 300;
    private static final int REQUESTS_PER_USER = 150;

    private final ObjectNode run = Json.MAPPER.createObjectNode();
    private final ArrayNode levels = run.put("schema", 2)
            .put("run", "20261126-120000")
            .put("started", "2026-11-26T12:00:00Z")
            .put("complete", true)
            .put("repeats", 1)
            .putArray("levels");

    static SimulatedRun ofPublishedGrid(ModelledGpu embedding, ModelledGpu reranking, boolean serverTells) {
        SimulatedRun run = new SimulatedRun();
        for (Workload workload : Workload.values()) {
            for (LoadPoint point : PublishedGrid.load().get(workload).loadPoints()) {
                run.level(point, workload.nim() == NimKind.EMBEDDING ? embedding : reranking, serverTells);
            }
        }
        return run;
    }

    SimulatedRun level(LoadPoint point, ModelledGpu gpu, boolean serverTells) {
        int requests = Math.max(FEWEST_REQUESTS, REQUESTS_PER_USER * point.concurrency());
        ModelledGpu.Level measured =
                gpu.level(point.tokensPerItem(), point.items(), point.concurrency(), requests, point.number());
        ObjectNode level = levels.addObject();
        level.put("name", point.name())
                .put("workload", point.workload().key())
                .put("inputTokens", point.inputTokens())
                .put("itemsPerRequest", point.items())
                .put("concurrency", point.concurrency())
                .put("valid", true)
                .put("requests", requests)
                .put("requestsPerSecond", measured.requestsPerSecond())
                .put("measuredTokensPerItem", (double) point.tokensPerItem());
        if (point.workload() == Workload.RERANKING) {
            level.put("queryTokens", point.queryTokens());
        }
        level.putObject("latencyMs").put("avg", measured.meanMs()).put("p50", measured.p50());
        level.putObject("clientAdds")
                .put("concurrency", 1)
                .put("samples", 100)
                .put("serverDelayMs", 1)
                .put("p50Ms", ModelledGpu.CLIENT_P50_MS)
                .put("p99Ms", ModelledGpu.CLIENT_P99_MS)
                .put("meanGapMs", ModelledGpu.GAP_MS);
        if (serverTells) {
            level.putObject("server").put("samples", 2).put("computeMs", measured.computeMs());
        }
        return this;
    }

    /** Changes fields of the last level. */
    SimulatedRun with(String json) {
        try {
            Json.MAPPER.readerForUpdating(levels.get(levels.size() - 1)).readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
        return this;
    }

    SimulatedRun withoutCalibration() {
        levels.forEach(level -> ((ObjectNode) level).remove("clientAdds"));
        return this;
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
