package nimload.results;

import static nimload.measure.RecordedLevel.PASSAGE;
import static nimload.measure.RecordedLevel.QUERY;
import static nimload.measure.RecordedLevel.RERANKING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nimload.measure.ErrorKind;
import nimload.measure.LoadPointResult;
import nimload.measure.RecordedLevel;
import nimload.measure.TokenCheck;
import nimload.nim.Json;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {
    private static final String HEADER = "workload,input_tokens,items_per_request,concurrency,valid,requests,errors,"
            + "avg_ms,std_ms,min_ms,p50_ms,p90_ms,p95_ms,p99_ms,max_ms,requests_per_s,items_per_s,tokens_per_s,"
            + "measured_tokens_per_item,achieved_concurrency,p99_low_ms,p99_high_ms,p99_if_users_did_not_wait_ms,"
            + "longest_silence_ms,notes,load,offered_per_s,response_p50_ms,response_p95_ms,response_p99_ms,during";

    private final Locale localeBefore = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(localeBefore);
    }

    private static RunInfo run(int levels, boolean emulated) {
        return new RunInfo(
                "nimload",
                "20261122-150000",
                Instant.parse("2026-11-22T15:00:00Z"),
                levels,
                emulated,
                Map.of(
                        "embedding",
                        new TargetResults("http://127.0.0.1:1", "a/b", emulated, Map.of("release", "1.5.0"))),
                OptionalDouble.of(5),
                OptionalDouble.of(1.5),
                1,
                Map.of("nim.apiKey", "***", "nim.duration", "5s"),
                Map.of("seed", "1"),
                Map.of("java", "17"),
                List.of("A note.", "Another \"note\"."));
    }

    private static LoadPointResult clean(LoadPoint point) {
        return RecordedLevel.clean(point).result(point);
    }

    private static List<LevelResults> levels(LoadPointResult... results) {
        return Stream.of(results).map(LoadPointResult::results).toList();
    }

    private static LoadPointResult broken() {
        return new RecordedLevel()
                .answers(1, 1500)
                .failures(2, 250, ErrorKind.http(503), "queue full, try \"later\"")
                .failures(1, 1000, ErrorKind.TIMEOUT, "late")
                .result(PASSAGE, new TokenCheck(300, 0, false), OptionalDouble.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "de-DE", "ar-EG-u-nu-arab", "tr-TR"})
    void theCsvIsThePublicInterfacesInEveryLocale(String locale) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        assertThat(ResultsCsv.of(levels(clean(QUERY), clean(PASSAGE), clean(RERANKING))))
                .isEqualTo(HEADER + "\n"
                        + "query,20,1,1,true,100,0,50.500,29.011,1.000,50.000,90.000,95.000,99.000,100.000,"
                        + "19.802,19.802,396.0,20.00,1.000,96.000,,,100.000,,,,,,,\n"
                        + "passage,300,64,1,true,100,0,50.500,29.011,1.000,50.000,90.000,95.000,99.000,100.000,"
                        + "19.802,1267.327,380198.0,300.00,1.000,96.000,,,100.000,,,,,,,\n"
                        + "reranking,512,10,1,true,100,0,50.500,29.011,1.000,50.000,90.000,95.000,99.000,100.000,"
                        + "19.802,198.020,202772.3,1024.00,1.000,96.000,,,100.000,,,,,,,\n");
    }

    @Test
    void anUnknownValueIsEmptyAndNot0AndReasonsAreQuoted() {
        assertThat(ResultsCsv.of(levels(broken())))
                .isEqualTo(HEADER + "\n"
                        + "passage,300,64,1,\"3 of 4 requests failed: http 503 ×2, timeout ×1\",4,3,"
                        + "1.500,,1.500,,,,,1.500,333.333,21333.333,,,1.000,,,,1.500,no p99: 1 of 100 answers; lengthen"
                        + " nim.maxDuration,,,,,,\n");
        assertThat(ResultsCsv.of(levels(new RecordedLevel().result(QUERY))))
                .isEqualTo(HEADER + "\n" + "query,20,1,1,no request was answered,0,0,,,,,,,,,,,,,,,,,,,,,,,,\n");
    }

    @Test
    void theCsvOfALevelAtARateEndsWithItsLoadAndResponseTimes() {
        LevelResults open = new Made.Level(QUERY.at(Load.poisson(12.5)))
                .with(Percentile.P95, 5)
                .arrivals(Map.of(Percentile.P95, Estimate.of(2000.5)), 3)
                .results();
        assertThat(ResultsCsv.of(List.of(open))).endsWith(",12.5/s poisson,12.500,,2000.500,,\n");
    }

    @Test
    void theCsvSaysWhatElseRan() {
        LevelResults during = new Made.Level(QUERY.during("ingestion on")).results();
        assertThat(ResultsCsv.of(List.of(during))).endsWith(",,ingestion on\n");
    }

    @Test
    void aCsvWithoutLevelsIsItsHeader() {
        assertThat(ResultsCsv.of(List.of())).isEqualTo(HEADER + "\n");
    }

    @Test
    void everyRowHasTheHeadersColumns() {
        int columns = HEADER.split(",").length;
        assertThat(columns).isEqualTo(31);
        assertThat(ResultsCsv.of(levels(clean(QUERY), new RecordedLevel().result(QUERY)))
                        .lines())
                .allSatisfy(row -> assertThat(row.split(",", -1)).hasSize(columns));
    }

    private static JsonNode json(RunInfo run, LoadPointResult... results) throws IOException {
        return Json.MAPPER.readTree(ResultsFile.json(RunResults.of(run, levels(results))));
    }

    @Test
    void theJsonHoldsWhatTheRunWasMadeWith() throws IOException {
        JsonNode root = json(run(2, true), clean(QUERY));
        assertThat(root.path("run").textValue()).isEqualTo("20261122-150000");
        assertThat(root.path("started").textValue()).isEqualTo("2026-11-22T15:00:00Z");
        assertThat(root.path("emulated").booleanValue()).isTrue();
        assertThat(root.path("durationSeconds").doubleValue()).isEqualTo(5);
        assertThat(root.path("warmUpSeconds").doubleValue()).isEqualTo(1.5);
        assertThat(root.path("settings"))
                .isEqualTo(Json.MAPPER.readTree("{\"nim.apiKey\":\"***\",\"nim.duration\":\"5s\"}"));
        assertThat(root.path("effective")).isEqualTo(Json.MAPPER.readTree("{\"seed\":\"1\"}"));
        assertThat(root.path("client")).isEqualTo(Json.MAPPER.readTree("{\"java\":\"17\"}"));
        assertThat(root.path("notes")).isEqualTo(Json.MAPPER.readTree("[\"A note.\",\"Another \\\"note\\\".\"]"));
        assertThat(root.path("targets")).isEqualTo(Json.MAPPER.readTree("""
                {"embedding":{"url":"http://127.0.0.1:1","model":"a/b","emulated":true,"about":{"release":"1.5.0"}}}"""));
    }

    @Test
    void aRunIsCompleteWithItsLastLevel() throws IOException {
        assertThat(json(run(2, false), clean(QUERY)).path("complete").booleanValue())
                .isFalse();
        assertThat(json(run(2, false), clean(QUERY), clean(PASSAGE))
                        .path("complete")
                        .booleanValue())
                .isTrue();
        assertThat(json(run(2, false), clean(QUERY)).path("emulated").booleanValue())
                .isFalse();
    }

    @Test
    void aLevelInJsonHasTheNumbersOfItsRow() throws IOException {
        JsonNode level = json(run(1, false), clean(RERANKING)).path("levels").path(0);
        assertThat(level.path("name").textValue()).isEqualTo("rerank 10p c=1 (512+512 tokens)");
        assertThat(level.path("workload").textValue()).isEqualTo("reranking");
        assertThat(level.path("inputTokens").intValue()).isEqualTo(512);
        assertThat(level.path("queryTokens").intValue()).isEqualTo(512);
        assertThat(level.path("itemsPerRequest").intValue()).isEqualTo(10);
        assertThat(level.path("concurrency").intValue()).isEqualTo(1);
        assertThat(level.path("valid").booleanValue()).isTrue();
        assertThat(level.path("reasons")).isEmpty();
        assertThat(level.path("requests").intValue()).isEqualTo(100);
        assertThat(level.path("latencyMs")).isEqualTo(Json.MAPPER.readTree("""
                        {"avg":50.5,"std":29.011,"min":1.0,"p50":50.0,"p90":90.0,"p95":95.0,"p99":99.0,"max":100.0}"""));
        assertThat(level.path("requestsPerSecond").doubleValue()).isEqualTo(19.802);
        assertThat(level.path("itemsPerSecond").doubleValue()).isEqualTo(198.02);
        assertThat(level.path("tokensPerSecond").doubleValue()).isEqualTo(202772.3);
        assertThat(level.path("measuredTokensPerItem").doubleValue()).isEqualTo(1024);
        assertThat(level.path("expectedTokensPerItem").intValue()).isEqualTo(1024);
        assertThat(level.path("tokensVerified").booleanValue()).isTrue();
        assertThat(level.path("achievedConcurrency").doubleValue()).isEqualTo(1);
        assertThat(level.path("elapsedSeconds").doubleValue()).isEqualTo(5.05);
        assertThat(level.path("machineCpu").doubleValue()).isEqualTo(0.25);
        assertThat(level.path("processCpu").doubleValue()).isEqualTo(0.125);
    }

    @Test
    void inJsonAnUnknownValueIsLeftOutAndReasonsAndErrorsAreListed() throws IOException {
        JsonNode level = json(run(1, false), broken()).path("levels").path(0);
        assertThat(level.path("valid").booleanValue()).isFalse();
        assertThat(level.path("reasons"))
                .isEqualTo(Json.MAPPER.readTree("[\"3 of 4 requests failed: http 503 ×2, timeout ×1\"]"));
        assertThat(level.path("errors").intValue()).isEqualTo(3);
        assertThat(level.path("errorsByKind")).isEqualTo(Json.MAPPER.readTree("{\"http 503\":2,\"timeout\":1}"));
        assertThat(level.path("firstErrors").path("http 503").textValue()).isEqualTo("queue full, try \"later\"");
        assertThat(level.path("warmUpErrorsByKind").isEmpty()).isTrue();
        assertThat(fields(level.path("latencyMs"))).containsExactly("avg", "min", "max");
        assertThat(fields(level))
                .doesNotContain("queryTokens", "tokensPerSecond", "measuredTokensPerItem", "meanGapMs", "machineCpu");
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theHistogramInJsonDecodesToTheSamePercentiles() throws Exception {
        LoadPointResult result = new RecordedLevel()
                .answers(LongStream.rangeClosed(1, 5000).map(i -> 700 + i * 37 % 4999))
                .answers(3, 250_001)
                .result(QUERY);
        JsonNode histogram = json(run(1, false), result).path("levels").path(0).path("latencyHistogram");
        assertThat(histogram.path("unit").textValue()).isEqualTo("us");
        Histogram decoded = Histogram.decodeFromCompressedByteBuffer(
                ByteBuffer.wrap(
                        Base64.getDecoder().decode(histogram.path("data").textValue())),
                0);
        assertThat(decoded.getTotalCount()).isEqualTo(5003);
        assertThat(decoded).isEqualTo(result.samples().latencyMicros());
        for (Percentile percentile : Percentile.values()) {
            assertThat(decoded.getValueAtPercentile(percentile.percent()) / 1e3)
                    .isEqualTo(result.samples().percentileMillis(percentile).orElseThrow());
        }
        assertThat(decoded.getMaxValue()).isEqualTo(250_001);
    }

    @Test
    void theJsonIsTheSameInEveryLocale() {
        String here = ResultsFile.json(RunResults.of(run(1, false), levels(broken())));
        Locale.setDefault(Locale.GERMANY);
        assertThat(ResultsFile.json(RunResults.of(run(1, false), levels(broken()))))
                .isEqualTo(here);
    }
}
