package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nimload.nim.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTimesTest {
    private static JsonNode data;

    @BeforeAll
    static void readTheMeasurements() throws IOException {
        try (InputStream in = ServiceTimesTest.class.getResourceAsStream("/h200-service-times.json")) {
            data = Json.MAPPER.readTree(in);
        }
    }

    private static ServiceTimes times(String model) {
        return model.equals("embed") ? ServiceTimes.h200Embedding() : ServiceTimes.h200Reranking();
    }

    private static JsonNode gpu(String model) {
        return data.required("gpu").required(model);
    }

    /** Measured milliseconds by items, from the row of that many tokens. */
    private static TreeMap<Integer, Double> row(String model, int tokensPerItem) {
        TreeMap<Integer, Double> row = new TreeMap<>();
        for (JsonNode candidate : gpu(model).required("rows")) {
            if (candidate.required("tokensPerItem").intValue() == tokensPerItem) {
                candidate
                        .required("itemsAndMs")
                        .forEach(pair ->
                                row.put(pair.get(0).intValue(), pair.get(1).doubleValue()));
            }
        }
        return row;
    }

    @ParameterizedTest
    @CsvSource({"embed, 20, 18", "embed, 300, 6", "embed, 512, 6", "rerank, 512, 8"})
    void atEveryMeasuredPointABatchTakesTheMeasuredMedianAndTheOverhead(String model, int tokens, int points) {
        double overhead = gpu(model).required("batchOverheadMs").doubleValue();
        Map<Integer, Double> row = row(model, tokens);
        assertThat(row).hasSize(points);
        row.forEach((items, millis) -> assertThat(times(model).batchNanos(items, (long) items * tokens))
                .as("%d items of %d tokens", items, tokens)
                .isEqualTo(Math.round((millis + overhead) * 1e6)));
    }

    @ParameterizedTest
    @CsvSource({"embed, 20", "embed, 300", "embed, 512", "rerank, 512", "rerank, 1024"})
    void betweenMeasuredPointsMoreItemsAreNeverFasterExceptForDipsInTheData(String model, int tokens) {
        TreeMap<Integer, Double> row = row(model, tokens > 512 ? 512 : tokens);
        double dip = 0;
        double highest = 0;
        for (double millis : row.values()) {
            dip = Math.max(dip, highest - millis);
            highest = Math.max(highest, millis);
        }
        long most = 0;
        for (int items = 1; items <= 200; items++) {
            long nanos = times(model).batchNanos(items, (long) items * tokens);
            assertThat(nanos).as("%d items", items).isGreaterThanOrEqualTo(most - Math.round(dip * 1e6) - 1);
            most = Math.max(most, nanos);
        }
        assertThat(dip).as("dips of the data, ms").isLessThan(0.1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 10, 20, 40, 60})
    void pairsOf1024TokensTakeAsLongAsTwiceAsManyOf512(int pairs) {
        ServiceTimes rerank = times("rerank");
        assertThat(rerank.batchNanos(pairs, pairs * 1024L)).isEqualTo(rerank.batchNanos(2 * pairs, pairs * 1024L));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 20, 80})
    void pairsShorterThanTheOnlyRowTakeAsLongAsFewerPairsOfIt(int pairs) {
        ServiceTimes rerank = times("rerank");
        assertThat(rerank.batchNanos(pairs, pairs * 256L)).isEqualTo(rerank.batchNanos(pairs / 2, pairs * 256L));
        assertThat(rerank.batchNanos(pairs, pairs * 256L)).isPositive();
    }

    @Test
    void textsShorterThanTheShortestRowCostAsMuchAsThatRow() {
        assertThat(times("embed").batchNanos(4, 4 * 8)).isEqualTo(times("embed").batchNanos(4, 4 * 20));
    }

    @Test
    void moreTokensAnItemTakeLonger() {
        for (int items : List.of(1, 8, 64)) {
            long previous = 0;
            for (int tokens = 20; tokens <= 1024; tokens += 4) {
                long nanos = times("embed").batchNanos(items, (long) items * tokens);
                assertThat(nanos).as("%d × %d", items, tokens).isGreaterThanOrEqualTo(previous);
                previous = nanos;
            }
        }
    }

    @Test
    void halfwayBetweenTwoMeasuredPointsABatchTakesTheMeanOfBoth() {
        ServiceTimes embed = times("embed");
        assertThat(embed.batchNanos(24, 24 * 20))
                .isEqualTo((embed.batchNanos(16, 16 * 20) + embed.batchNanos(32, 32 * 20)) / 2);
        assertThat((double) embed.batchNanos(64, 64 * 406))
                .isCloseTo((embed.batchNanos(64, 64 * 300) + embed.batchNanos(64, 64 * 512)) / 2.0, within(1.0));
    }

    /** The length of a measured level, from the data. */
    private static final double LEVEL_MILLIS = 8000;

    /**
     * The derivation next to the constant: mean of (wall time − sum of GPU medians) ÷ batches, over levels of
     * concurrency 3 and more.
     */
    @ParameterizedTest
    @CsvSource({"embed, query, 20, 7", "rerank, reranking, 512, 6"})
    void theOverheadOfABatchFollowsFromTheMeasuredLevels(String model, String workload, int tokens, int levels) {
        List<Double> overheads = new ArrayList<>();
        for (JsonNode level : data.required("service")) {
            if (level.required("workload").textValue().equals(workload)
                    && level.required("concurrency").intValue() >= 3) {
                overheads.add(overheadMillis(level, row(model, tokens)));
            }
        }
        assertThat(overheads).hasSize(levels);
        double mean = overheads.stream().mapToDouble(d -> d).average().orElseThrow();
        assertThat(gpu(model).required("batchOverheadMs").doubleValue()).isCloseTo(mean, within(0.005));
    }

    private static double overheadMillis(JsonNode level, TreeMap<Integer, Double> millisByItems) {
        double batches = 0;
        double gpuMillis = 0;
        for (Map.Entry<String, JsonNode> batch : level.required("gpuBatches").properties()) {
            int count = batch.getValue().intValue();
            batches += count;
            gpuMillis += millisByItems.get(Integer.parseInt(batch.getKey())) * count;
        }
        return (LEVEL_MILLIS - gpuMillis) / batches;
    }

    /**
     * The derivation next to the constants: no batch holds more than one request of 64 texts; pairs up to 60, never 80.
     */
    @Test
    void theLargestMeasuredBatchOf64ItemsIsTheBound() {
        int largest = 0;
        for (JsonNode level : data.required("service")) {
            for (Map.Entry<String, JsonNode> batch :
                    level.required("gpuBatches").properties()) {
                largest = Math.max(largest, Integer.parseInt(batch.getKey()));
            }
        }
        assertThat(largest).isEqualTo(64);
        assertThat(times("embed").maxItemsPerBatch()).isEqualTo(64);
        assertThat(times("rerank").maxItemsPerBatch()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({"embed, 1, 20", "embed, 64, 19200", "embed, 3, 900", "rerank, 40, 40960"})
    void slowingMultipliesEveryTime(String model, int items, long tokens) {
        ServiceTimes slowed = times(model).slowedBy(1.05);
        assertThat((double) slowed.batchNanos(items, tokens))
                .isCloseTo(1.05 * times(model).batchNanos(items, tokens), within(2.0));
        assertThat((double) slowed.hostNanos(1)).isCloseTo(1.05 * times(model).hostNanos(1), within(2.0));
        assertThat(slowed.maxItemsPerBatch()).isEqualTo(times(model).maxItemsPerBatch());
    }
}
