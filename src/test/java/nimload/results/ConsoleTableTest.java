package nimload.results;

import static nimload.measure.RecordedLevel.QUERY;
import static nimload.measure.RecordedLevel.RERANKING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nimload.measure.LoadPointResult;
import nimload.measure.RecordedLevel;
import nimload.measure.TokenCheck;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.OwnTexts;
import nimload.plan.Workload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleTableTest {
    private final Locale here = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(here);
    }

    private static LevelResults clean(LoadPoint point) {
        return RecordedLevel.clean(point).result(point).results();
    }

    /** With these reasons against it, and the numbers made much larger. */
    private static LevelResults changed(LevelResults level, double times, String... reasons) throws IOException {
        ObjectNode json = ResultsFile.MAPPER.valueToTree(level);
        for (Percentile percentile : Percentile.values()) {
            ObjectNode latency = (ObjectNode) json.required("latencyMs");
            if (latency.has(percentile.key())) {
                latency.put(percentile.key(), latency.get(percentile.key()).doubleValue() * times);
            }
        }
        for (String rate : List.of("requestsPerSecond", "itemsPerSecond")) {
            json.put(rate, json.required(rate).doubleValue() * times);
        }
        json.put("errors", Math.round(times));
        json.put("valid", reasons.length == 0);
        ArrayNode against = json.putArray("reasons");
        Stream.of(reasons).forEach(against::add);
        return ResultsFile.MAPPER.treeToValue(json, LevelResults.class);
    }

    @Test
    void levelsWhileSomethingElseRanAreABlockThatNamesIt() {
        LoadPoint query = QUERY.at(Load.poisson(2));
        String table = ConsoleTable.of(Stream.of(query.during("ingestion off"), query.during("ingestion on"), query)
                .map(point -> new Made.Level(point)
                        .arrivals(Map.of(Percentile.P95, Estimate.of(9)), 0)
                        .results())
                .toList());
        assertThat(table.lines().filter(line -> line.startsWith("query")))
                .containsExactly(
                        "query, ingestion off: response times, from when a request was to be sent",
                        "query, ingestion on: response times, from when a request was to be sent",
                        "query: response times, from when a request was to be sent");
        assertThat(table.lines().filter(line -> line.contains(" 2/s |"))).hasSize(3);
    }

    @Test
    void levelsAtARateAreABlockOfResponseTimesWithTheirRates() {
        LevelResults open = new Made.Level(new LoadPoint(Workload.QUERY, 20, 0, 1, 64).at(Load.poisson(12.5)))
                .requestsPerSecond(12.25)
                .with(Percentile.P50, 5)
                .arrivals(Map.of(Percentile.P50, Estimate.of(2000.5)), 3)
                .results();
        assertThat(ConsoleTable.of(List.of(clean(QUERY), open)).lines().filter(line -> !line.isEmpty()))
                .satisfiesExactly(
                        closed -> assertThat(closed).isEqualTo("query"),
                        head -> assertThat(head).contains("P50 ms"),
                        rule -> assertThat(rule).contains("---"),
                        row -> assertThat(row).contains("|     1 | 50.000 |"),
                        title -> assertThat(title)
                                .isEqualTo("query: response times, from when a request was to be sent"),
                        head -> assertThat(head).contains("P50 ms"),
                        rule -> assertThat(rule).contains("---"),
                        row -> assertThat(row).contains("| 12.5/s | 2000.5 |"));
    }

    @Test
    void theTableIsMarkdownWithABlockPerWorkloadAndUnknownNumbersAreDashes() {
        Locale.setDefault(Locale.GERMANY);
        LoadPointResult unverified = new RecordedLevel()
                .answers(LongStream.rangeClosed(1, 100).map(i -> i * 10))
                .result(RERANKING, new TokenCheck(1024, 0, false), OptionalDouble.empty());
        LoadPoint fast = QUERY.atConcurrency(15);
        assertThat(ConsoleTable.of(List.of(
                        unverified.results(),
                        clean(QUERY),
                        new RecordedLevel().result(fast).results())))
                .isEqualTo("""
                        query

                        | tokens | batch | conc. | P50 ms | P90 ms | P95 ms |   P99 ms | req/s | texts/s | errors | verdict |
                        | -----: | ----: | ----: | -----: | -----: | -----: | -------: | ----: | ------: | -----: | ------: |
                        |     20 |     1 |     1 | 50.000 | 90.000 | 95.000 | ≥ 99.000 |  19.8 |    19.8 |      0 |   valid |
                        |     20 |     1 |    15 |      – |      – |      – |        – |     – |       – |      0 |     [a] |

                        reranking

                        |  tokens | passages | conc. |  P50 ms |  P90 ms |  P95 ms |  P99 ms |  req/s | pairs/s | errors |   verdict |
                        | ------: | -------: | ----: | ------: | ------: | ------: | ------: | -----: | ------: | -----: | --------: |
                        | 512+512 |       10 |     1 | ≥ 0.500 | ≥ 0.900 | ≥ 0.950 | ≥ 0.990 | 1980.2 | 19802.0 |      0 | valid [b] |

                        [a] no request was answered (query, 20 tokens, 1 text, concurrency 15)
                        [b] tokens not verified: the server gives no count that moves with the text (reranking, 512+512 tokens, 10 passages, concurrency 1)
                        """);
    }

    @Test
    void aTableWithoutLevelsIsEmpty() {
        assertThat(ConsoleTable.of(List.of())).isEmpty();
    }

    @Test
    void aReasonIsSaidOnceAlsoWhereItsNumbersDiffer() throws IOException {
        String table = ConsoleTable.of(List.of(
                changed(clean(QUERY), 1, "late by 2.43 ms", "someone else used the NIM"),
                changed(clean(QUERY.atConcurrency(2)), 1),
                changed(clean(QUERY.atConcurrency(3)), 1, "someone else used the NIM"),
                changed(clean(RERANKING), 1, "late by 12 ms", "late by 3 ms")));
        assertThat(table.lines().filter(line -> line.startsWith("[")))
                .containsExactly(
                        "[a] late by 2.43 ms (query, 20 tokens, 1 text, concurrency 1; reranking, 512+512 tokens, 10 passages,"
                                + " concurrency 1; numbers of the first)",
                        "[b] someone else used the NIM (query, 20 tokens, 1 text, concurrency 1, 3)");
        assertThat(table.lines()
                        .filter(line -> line.matches("\\| +[0-9].*"))
                        .map(line -> line.substring(line.lastIndexOf('|', line.length() - 2) + 1)
                                .replace("|", "")
                                .strip()))
                .containsExactly("[a,b]", "valid", "[b]", "[a]");
    }

    @Test
    void noRowIsLongerThan120CharactersWhateverTheNamesAndNumbers() throws IOException {
        OwnTexts texts =
                new OwnTexts("questions | of our customers ".repeat(5) + ".jsonl", "0123456789ab", 9, 9, 9, 0, 1);
        LoadPoint own = new LoadPoint(Workload.RERANKING, 0, 0, 0, 0, 10_000, Load.CLOSED, Optional.of(texts));
        LoadPoint scattered =
                new LoadPoint(Workload.RERANKING, 32_768, 9999, 32_768, 1000, 10_000, Load.CLOSED, Optional.empty());
        String[] reasons = {"a", "b", "c", "d", "e", "f"};
        for (LoadPoint point : List.of(own, scattered)) {
            List<LevelResults> levels = List.of(
                    changed(clean(point), 1),
                    changed(clean(point.atConcurrency(1)), 60, reasons),
                    changed(clean(point.atConcurrency(2)), 9_999, reasons),
                    changed(clean(point.atConcurrency(3)), 99_999, reasons));
            List<String> rows = ConsoleTable.of(levels)
                    .lines()
                    .filter(line -> line.startsWith("|"))
                    .toList();
            assertThat(rows)
                    .hasSize(6)
                    .allSatisfy(row -> assertThat(row.length())
                            .as(row)
                            .isLessThanOrEqualTo(120)
                            .isEqualTo(rows.get(0).length()));
            assertThat(rows)
                    .allSatisfy(row ->
                            assertThat(Arrays.stream(row.split("(?<!\\\\)\\|"))).hasSize(12));
        }
    }
}
