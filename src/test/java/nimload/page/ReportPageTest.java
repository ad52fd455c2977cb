package nimload.page;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import nimload.measure.RecordedLevel;
import nimload.nim.Json;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.ResultsCsv;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can be tested without a browser; src/it/report-page opens the page in one. */
class ReportPageTest {
    private static final String HOSTILE = "</script><script>alert(1)</script><!--\u2028&{{html}}";

    private final Locale localeBefore = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(localeBefore);
    }

    @Test
    void dataCannotEndItsElementAndStaysTheSameData() throws JsonProcessingException {
        String json = PageShell.json(Map.of("model", HOSTILE));
        assertThat(json).doesNotContain("<", ">", "&", "\u2028");
        assertThat(Json.MAPPER.readTree(json).path("model").textValue()).isEqualTo(HOSTILE);
    }

    @Test
    void hostileTextIsEscapedAndTheScriptsAreTheShellsOwn() throws JsonProcessingException {
        RunResults run = ResultsFile.parse("{\"run\":" + Json.MAPPER.writeValueAsString(HOSTILE) + ",\"notes\":["
                + Json.MAPPER.writeValueAsString(HOSTILE) + "]}");
        String html = ReportPage.html(run);
        assertThat(html).doesNotContain("<script>alert").contains("&lt;script&gt;alert(1)");
        assertThat(html.split("</script", -1)).hasSize(6);
        assertThat(html).doesNotContain("sourceMappingURL").contains("Released under the MIT License");
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String html = ReportPage.html(Made.run(List.of(MadeRuns.level(1, 100, 10, 0))));
        assertThat(html)
                .contains("default-src 'none'")
                .doesNotContainPattern("(src|href)=\"(https?:)?//")
                .doesNotContainPattern("@import|url\\(");
    }

    @Test
    void aRunOfWhichNothingIsKnownMakesAPageThatSaysSo() throws JsonProcessingException {
        String html = ReportPage.html(ResultsFile.parse("{\"levels\":[]}"));
        assertThat(html)
                .contains("date not recorded")
                .contains("No level has ended yet.")
                .contains("Not complete: 0 of 0 levels")
                .contains("The servers' metrics were not recorded")
                .contains("calibration was switched off, or not recorded");
    }

    private static String missed(int levels) {
        LevelResults level = RecordedLevel.clean(QUERY).result(QUERY).results();
        Matcher sentence = Pattern.compile("Of the (.*?) by chance\\.")
                .matcher(ReportPage.html(Made.run(Collections.nCopies(levels, level))));
        return sentence.find() ? sentence.group(1) : "";
    }

    /** A level of 100 requests has five: throughput, p50, p90, p95, p99. */
    @Test
    void thePageSaysHowManyOfItsIntervalsMissByChance() {
        assertThat(missed(20)).isEqualTo("100 intervals of this run about 5 miss the true value");
        assertThat(missed(2)).isEqualTo("10 intervals of this run about 1 misses the true value");
        assertThat(missed(1)).isEmpty();
    }

    @Test
    void thePageIsTheSameInEveryLocale() {
        RunResults run = Made.run(List.of(MadeRuns.level(1, 1234.5, 10, 0)));
        String here = ReportPage.html(run);
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        assertThat(ReportPage.html(run)).isEqualTo(here).contains("1,235");
    }

    private static JsonNode data(String html) throws JsonProcessingException {
        return Json.MAPPER.readTree(html.replaceFirst("(?s).*id=\"data\">(.*?)</script>.*", "$1"));
    }

    @Test
    void theBestRateIsMarkedWhereItStandsOut() throws JsonProcessingException {
        RunResults flat = Made.run(List.of(MadeRuns.level(1, 100, 10, 0), MadeRuns.level(3, 101, 30, 0)));
        assertThat(data(ReportPage.html(flat)).at("/groups/0/shapes/0/best").intValue())
                .isEqualTo(1);
        RunResults single = Made.run(List.of(MadeRuns.level(1, 100, 10, 0)));
        assertThat(data(ReportPage.html(single)).at("/groups/0/shapes/0/best").isMissingNode())
                .isTrue();
    }

    @Test
    void thePageHoldsTheRunsFiles() throws JsonProcessingException {
        RunResults run =
                ResultsFile.parse("{\"levels\":[],\"notes\":[" + Json.MAPPER.writeValueAsString(HOSTILE) + "]}");
        String html = ReportPage.html(run, false, "| a |" + HOSTILE);
        String results = html.replaceFirst("(?s).*id=\"results\">(.*?)</script>.*", "$1");
        assertThat(Json.MAPPER.readTree(results)).isEqualTo(Json.MAPPER.readTree(ResultsFile.json(run)));
        assertThat(data(html).at("/files/csv").textValue()).isEqualTo(ResultsCsv.of(List.of()));
        assertThat(data(html).at("/files/markdown").textValue()).isEqualTo("| a |" + HOSTILE);
        assertThat(html).contains("id=\"copy-markdown\"");
        assertThat(ReportPage.html(run)).doesNotContain("id=\"copy-markdown\"");
    }

    @Test
    void theHeadNamesTheRunByItsLabelAndNotes() throws JsonProcessingException {
        RunResults run = ResultsFile.parse("""
                {"levels":[],"settings":{"nim.label":"H100, fp16","nim.note.gpu":"H100 PCIe","nim.gpuHour":"2.50 EUR"}}""");
        assertThat(ReportPage.html(run))
                .contains("<h1 class=\"long\">H100, fp16</h1>")
                .contains("<dt>gpu</dt><dd>H100 PCIe</dd>")
                .contains("<dt>GPU hour</dt><dd>2.50 EUR</dd>");
    }

    private static LevelResults refused(int concurrency, String... reasons) {
        Made.Level level = Made.query(concurrency).requestsPerSecond(100);
        List.of(reasons).forEach(level::notValid);
        return level.results();
    }

    @Test
    void ofALevelThatMayNotBeQuotedTheFirstScreenHasNoNumber() {
        String html = ReportPage.html(Made.run(List.of(refused(1, "silent"), refused(3, "silent"))));
        assertThat(html)
                .contains("<strong class=\"bad\">0 of 2 levels may be quoted.</strong>")
                .contains("none of its 2 levels may be quoted.</li>")
                .contains("<td class=\"n\" title=\"not known\">–</td>")
                .contains("<tr class=\"unquotable\">");
    }

    @Test
    void theDistributionsPointsAreNearestRanksUpToTheLastThatHasASampleAboveIt() {
        Histogram micros = new Histogram(1, 60_000_000, 5);
        IntStream.rangeClosed(1, 1000).forEach(value -> micros.recordValue(value * 10L));
        List<double[]> points = Distribution.of(micros);
        assertThat(points).hasSize(121);
        assertThat(points.get(0)).containsExactly(1, 0.01);
        assertThat(points.get(40)).containsExactly(10, 9.0);
        assertThat(points.get(80)).containsExactly(100, 9.9);
        assertThat(points.get(120)).containsExactly(1000, 9.99);
        for (double[] point : points) {
            assertThat(point[1]).isCloseTo(10 * (1 - 1 / point[0]), within(0.0101));
        }
        assertThat(Distribution.of(new Histogram(3))).isEmpty();
    }

    @Test
    void numbersHaveFourDigitsAndUnknownOnesAreADash() {
        assertThat(List.of(0.5123, 9.8765, 87.538, 123.456, 1234.56, 648_663.2).stream()
                        .map(value -> NumberText.millis(OptionalDouble.of(value))))
                .containsExactly("0.512", "9.877", "87.54", "123.5", "1,235", "648,663");
        assertThat(NumberText.millis(OptionalDouble.empty())).isEqualTo("–");
        assertThat(List.of(6.0, 0.25, 30.0, 300.0, 1000.0, 0.0).stream()
                        .map(value -> NumberText.trimmed(OptionalDouble.of(value))))
                .containsExactly("6", "0.25", "30", "300", "1,000", "0");
        assertThat(NumberText.percent(OptionalDouble.of(0.168))).isEqualTo("16.8 %");
        assertThat(NumberText.of(Interval.of(1, 2), 3)).isEqualTo("1.000 … 2.000");
        assertThat(NumberText.of(new Interval(OptionalDouble.of(1), OptionalDouble.empty()), 3))
                .isEqualTo("≥ 1.000");
        assertThat(NumberText.of(new Interval(OptionalDouble.empty(), OptionalDouble.of(2)), 3))
                .isEqualTo("≤ 2.000");
    }

    @Test
    void aDashSaysOnHoveringThatTheNumberIsNotKnown() {
        LevelResults beside =
                RecordedLevel.clean(QUERY).besideServer(QUERY, 100).results();
        String html = ReportPage.html(Made.run(List.of(MadeRuns.level(3, 100, 10, 0), beside)));
        assertThat(html)
                .contains(
                        "title=\"not known\">–</td>",
                        "title=\"not in the server&#39;s metrics, or left out: see the notes below the table\">–</td>")
                .doesNotContainPattern("<t[dh](?![^>]* title=)[^>]*>–<");
    }

    @Test
    void durationsLoseOnlyTrailingZeros() {
        String html = ReportPage.html(Made.run(List.of(MadeRuns.level(1, 100, 10, 0))));
        assertThat(html).contains("<dd>5 s per level").contains("<dd>1.5 s before each");
    }

    @Test
    void theScriptsDataHasOnePointPerLevel() throws JsonProcessingException {
        String html = ReportPage.html(Made.run(List.of(MadeRuns.level(1, 100, 10, 0))));
        JsonNode level = data(html).at("/groups/0/shapes/0/levels/0");
        assertThat(level.path("concurrency").intValue()).isEqualTo(1);
        assertThat(level.path("quotable").booleanValue()).isTrue();
        assertThat(level.at("/percentiles/p50/value").doubleValue()).isEqualTo(10);
        assertThat(level.at("/percentiles/p99").isEmpty()).isTrue();
        assertThat(level.at("/itemsPerSecond/value").doubleValue()).isEqualTo(100);
    }
}
