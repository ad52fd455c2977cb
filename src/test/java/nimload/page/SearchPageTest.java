package nimload.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nimload.measure.LoadPointResult;
import nimload.measure.RecordedLevel;
import nimload.nim.Json;
import nimload.plan.Load;
import nimload.results.Capacity;
import nimload.results.Capacity.Step;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;

/** What report.html says of searches and of levels at a rate; src/it/report-page opens it in a browser. */
class SearchPageTest {
    private static final Pattern TAG = Pattern.compile("<[^>]*>");

    private static String between(String html, String from, String to) {
        int start = html.indexOf(from);
        assertThat(start).as(from).isNotNegative();
        return html.substring(start, html.indexOf(to, start));
    }

    private static String summary(RunResults run) {
        return between(ReportPage.html(run), "<section id=\"summary\"", "</section>");
    }

    private static JsonNode search(RunResults run) throws JsonProcessingException {
        return Json.MAPPER
                .readTree(ReportPage.html(run).replaceFirst("(?s).*id=\"data\">(.*?)</script>.*", "$1"))
                .at("/searches/0");
    }

    /** The texts of a table's rows. */
    private static List<String> rows(RunResults run, String table) {
        String body = between(between(ReportPage.html(run), "<table id=\"" + table, "</table>"), "<tbody>", "</tbody>");
        return Stream.of(body.split("</tr>"))
                .map(row ->
                        TAG.matcher(row.replace("</t", " </t")).replaceAll("").strip())
                .filter(row -> !row.isEmpty())
                .toList();
    }

    @Test
    void theFirstScreenIsTheAnswerWhatItMeansAndWhatCameWithIt() {
        assertThat(summary(MadeSearch.byRate()))
                .contains("<li>query, 20 tokens, 1 text: at least 96 and at most 98.4 queries/s at p95 ≤ 20 ms (95 %);"
                        + " latency broke first.</li>")
                .contains("response time counts from the intended send")
                .contains("No limit was given, so this one held: p95 ≤ 20 ms, the default for query")
                .contains(
                        "The target collapsed at 110/s: a single request was answered in time again 1.2 s after the load ended.")
                .contains(
                        "At 110/s p99 counted from the real send is 40.00 ms, from the intended one 3,020 ms: up to 40"
                                + " requests waited to be sent, because 64 were in flight, the most allowed.")
                .doesNotContain("<table", "may be quoted");
    }

    @Test
    void aLimitThatWasGivenIsNotCalledTheDefault() {
        RunResults made = MadeSearch.byRate();
        RunResults given = new RunResults(
                made.schema(),
                Made.info(Map.of("nim.capacity.limit", "p95<=20ms"), List.of()),
                true,
                made.levels(),
                made.slo(),
                made.capacity(),
                made.pipeline(),
                made.soak());
        assertThat(summary(given)).contains("at most 98.4").doesNotContain("default");
    }

    @Test
    void theStepsAreInOrderOfLoadWithWhatTheUncorrectedLatencyHides() {
        List<String> rows = rows(MadeSearch.byRate(), "w0s0-steps");
        assertThat(rows).hasSize(7);
        assertThat(rows.stream().map(row -> row.substring(0, row.indexOf(' '))))
                .containsExactly("25", "50", "90", "96", "98", "100", "110");
        assertThat(rows.get(0)).startsWith("25 ✓ holds 500 25.0024.75").contains("2.0001.900 … 2.100");
        assertThat(rows.get(4)).startsWith("98 undecided 500 ");
        assertThat(rows.get(6))
                .startsWith("110 ✗ broken: latency, the backlog grew 500 ")
                .endsWith("30.00 1,983 40 0.120 ✓");
    }

    @Test
    void uncorrectedLatencyHidesSomethingFromATenthOn() {
        LevelResults tenth = hides(100, 90);
        LevelResults more = hides(100, 89.9);
        assertThat(SearchPart.hidden(tenth)).isEmpty();
        assertThat(SearchPart.hidden(more)).hasValue(100 - 89.9);
    }

    private static LevelResults hides(double response, double latency) {
        return new Made.Level(MadeSearch.POINT.at(Load.constant(10)))
                .with(Percentile.P95, latency)
                .arrivals(Map.of(Percentile.P95, Made.Level.estimate(response, 1)), 1)
                .results();
    }

    @Test
    void theChartHasAPointPerLoadTheLimitAndTheBoundary() throws JsonProcessingException {
        JsonNode search = search(MadeSearch.byRate());
        assertThat(search.path("steps").findValuesAsText("load"))
                .containsExactly("25.0", "50.0", "90.0", "96.0", "98.0", "100.0", "110.0");
        JsonNode last = search.at("/steps/6");
        assertThat(last.at("/response/p95/value").doubleValue()).isEqualTo(2013);
        assertThat(last.path("uncorrected").doubleValue()).isEqualTo(30);
        assertThat(last.path("goodput").doubleValue()).isEqualTo(11);
        assertThat(search.path("atLeast").doubleValue()).isEqualTo(96);
        assertThat(search.path("atMost").doubleValue()).isEqualTo(98.4);
        assertThat(search.at("/limits/0/millis").doubleValue()).isEqualTo(20);
    }

    /** A step of few requests has a window of their length, so any rate. */
    @Test
    void stepsThatTheClientSpoiltAndThoseOfFewRequestsAreInTheTableAndNotInTheChart() throws JsonProcessingException {
        RunResults run = MadeSearch.withSteps(
                new Step(25, "again: client-limited: it stood still", 500, MadeSearch.GOODPUT),
                new Step(50, "undecided", 19, MadeSearch.GOODPUT),
                new Step(90, "holds", 20, MadeSearch.GOODPUT));
        assertThat(search(run).path("steps").findValuesAsText("load")).containsExactly("90.0");
        assertThat(rows(run, "w0s0-steps")).hasSize(3);
        assertThat(rows(run, "w0s0-steps").get(0)).startsWith("25 tried again 500");
    }

    @Test
    void aLoadThatWasTriedTwiceHasItsLevelInTheRowOfTheLastTry() throws JsonProcessingException {
        RunResults run = MadeSearch.withSteps(
                new Step(25, "undecided", 500, MadeSearch.GOODPUT),
                new Step(50, "holds", 500, MadeSearch.GOODPUT),
                new Step(25, "holds", 500, OptionalDouble.of(25)));
        List<String> rows = rows(run, "w0s0-steps");
        assertThat(rows.get(0)).startsWith("25 undecided 500 –").doesNotContain("2.000", "✓");
        assertThat(rows.get(1)).startsWith("25 ✓ holds 500 25.00").contains("2.0001.900 … 2.100");
        assertThat(search(run).path("steps").findValuesAsText("verdict")).containsExactly("holds", "holds");

        RunResults few = MadeSearch.withSteps(
                new Step(25, "holds", 500, MadeSearch.GOODPUT), new Step(25, "undecided", 19, MadeSearch.GOODPUT));
        assertThat(search(few).path("steps")).isEmpty();
    }

    @Test
    void aSearchsLoadsHaveAllTheirDigits() {
        RunResults run = MadeSearch.withSteps(
                new Step(1134.7, "holds", 500, MadeSearch.GOODPUT),
                new Step(1135.8, "undecided", 500, MadeSearch.GOODPUT),
                new Step(1200, "undecided", 500, MadeSearch.GOODPUT));
        assertThat(rows(run, "w0s0-steps"))
                .extracting(row -> row.substring(0, row.indexOf(' ')))
                .containsExactly("1134.7", "1135.8", "1200");
        assertThat(SearchWords.load(run.capacity().get(0), 1135.8)).isEqualTo("1135.8/s");
    }

    @Test
    void aSearchWithoutAStepMakesAPage() {
        assertThat(rows(MadeSearch.withSteps(), "w0s0-steps")).isEmpty();
    }

    @Test
    void aSearchOverUsersHasNoUncorrectedLatencyAndUnknownGoodputIsADash() throws JsonProcessingException {
        RunResults run = MadeSearch.byConcurrency();
        assertThat(summary(run))
                .contains("at least 3 and at most 4 users")
                .contains("Each user sends again after its answer");
        assertThat(rows(run, "w0s0-steps")).first().asString().startsWith("1 ✓ holds 500 50.00 – ");
        assertThat(search(run).at("/steps/0/uncorrected").isMissingNode()).isTrue();
        assertThat(search(run).path("rate").booleanValue()).isFalse();
    }

    @Test
    void levelsOfAnotherKindOfLoadAreNotStepsOfASearch() {
        Capacity byRate = MadeSearch.byRate().capacity().get(0);
        Capacity byUsers = MadeSearch.byConcurrency().capacity().get(0);
        assertThat(byRate.covers(MadeSearch.POINT.atConcurrency(9).at(Load.constant(3))))
                .isTrue();
        assertThat(byRate.covers(MadeSearch.POINT.atConcurrency(9))).isFalse();
        assertThat(byUsers.covers(MadeSearch.POINT.atConcurrency(9))).isTrue();
        assertThat(byUsers.covers(MadeSearch.POINT.at(Load.constant(3)))).isFalse();
    }

    @Test
    void levelsAtARateShowTheRateAndTheirResponseTimesFirst() {
        RunResults run = MadeSearch.fixedRates();
        String html = ReportPage.html(run);
        assertThat(rows(run, "w0s1-levels")).singleElement().asString().startsWith("50/s ✓ valid 0.6970.662");
        assertThat(between(html, "<table id=\"w0s1-levels\"", "</thead>").indexOf("Response"))
                .isPositive()
                .isLessThan(
                        between(html, "<table id=\"w0s1-levels\"", "</thead>").indexOf("Latency"));
        assertThat(html)
                .contains("<figcaption>Distribution of response times", "<b>Response time</b> runs from")
                .doesNotContain("id=\"w0s0-latency\"", "<figcaption>Distribution of latencies")
                .doesNotContain("<b>Closed model</b>", "<b>Best rate</b>", "fewest users", "Latency alone");
        assertThat(ReportPage.html(Made.run(List.of(MadeRuns.level(1, 100, 10, 0)))))
                .contains("<figcaption>Distribution of latencies", "<b>Closed model</b>", "<b>Best rate</b>")
                .contains(">Best rate <small>fewest users that reach it<")
                .doesNotContain("<b>Response time</b>");
    }

    @Test
    void theRunIsTheSameReadFromItsFile() throws JsonProcessingException {
        RunResults run = MadeSearch.byRate();
        assertThat(ReportPage.html(ResultsFile.parse(ResultsFile.json(run)))).isEqualTo(ReportPage.html(run));
    }

    /** A search may try a load more than once. */
    @Test
    void aRunIsCompleteWithAllItsLevelsThatRanOftenEnough() {
        LoadPointResult once = RecordedLevel.clean(RecordedLevel.QUERY).result(RecordedLevel.QUERY);
        LevelResults twice = LoadPointResult.together(List.of(once, once)).results();
        assertThat(RunResults.of(Made.info(1, 1), List.of(twice)).complete()).isTrue();
        assertThat(RunResults.of(Made.info(1, 2), List.of(twice)).complete()).isTrue();
        assertThat(RunResults.of(Made.info(1, 2), List.of(once.results())).complete())
                .isFalse();
        assertThat(RunResults.of(Made.info(2, 1), List.of(twice)).complete()).isFalse();
    }
}
