package nimload.exports;

import static nimload.exports.MachineRuns.level;
import static nimload.exports.MachineRuns.limit;
import static nimload.exports.MachineRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nimload.nim.Json;
import nimload.page.MadePipeline;
import nimload.page.MadeSearch;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Made;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;

class OpenMetricsTest {
    private static final Path DASHBOARD = Path.of("src/docs/grafana-dashboard.json");
    private static final Pattern NAME = Pattern.compile("nimload_\\w+");
    private static final String QUERY = "{level=\"query 20 c=3 (1 text)\",workload=\"query\",input_tokens=\"20\","
            + "items_per_request=\"1\",concurrency=\"3\",model=\"a/b\",emulated=\"false\"";

    private static List<String> samples(RunResults run) {
        return OpenMetrics.of(run).lines().filter(line -> !line.startsWith("#")).toList();
    }

    private static RunResults recorded() throws IOException {
        return ResultsFile.read(Path.of("src", "test", "fixtures", "recorded", "before.json"));
    }

    @Test
    void aLevelsNumbersAreInSecondsAndPerSecond() {
        assertThat(samples(run(level(3).results())))
                .contains(
                        "nimload_level_valid" + QUERY + "} 1",
                        "nimload_level_duration_seconds" + QUERY + "} 5.0",
                        "nimload_requests" + QUERY + "} 500",
                        "nimload_errors" + QUERY + "} 0",
                        "nimload_latency_seconds" + QUERY + ",percentile=\"50\"} 0.0025",
                        "nimload_latency_low_seconds" + QUERY + ",percentile=\"50\"} 0.0024",
                        "nimload_latency_high_seconds" + QUERY + ",percentile=\"50\"} 0.0026",
                        "nimload_latency_seconds" + QUERY + ",percentile=\"95\"} 0.003125",
                        "nimload_requests_per_second" + QUERY + "} 1201.5",
                        "nimload_items_per_second" + QUERY + "} 1201.5");
    }

    @Test
    void aLevelAtARateHasItAsALabelAndASearchItsEnds() {
        String step = "{level=\"query 20 c=64 110/s poisson (1 text)\",workload=\"query\",input_tokens=\"20\","
                + "items_per_request=\"1\",concurrency=\"64\",rate=\"110\",arrivals=\"poisson\",model=\"a/b\","
                + "emulated=\"false\"";
        String search = "{search=\"query, 20 tokens, 1 text\",by=\"rate\",limits=\"p95 <= 20 ms\"} ";
        assertThat(samples(MadeSearch.byRate()))
                .contains(
                        "nimload_response_seconds" + step + ",percentile=\"95\"} 2.0130",
                        "nimload_latency_seconds" + step + ",percentile=\"95\"} 0.0300",
                        "nimload_capacity_at_least" + search + "96.0",
                        "nimload_capacity_at_most" + search + "98.4");
        assertThat(OpenMetrics.of(MadeSearch.withoutAHeldStep())).doesNotContain("nimload_capacity_at_least");
        assertThat(OpenMetrics.of(run(level(3).results()))).doesNotContain("response", "capacity", "rate=");
    }

    @Test
    void aPipelinesSearchesHaveTheirTimesAndWhatIngestionAdds() {
        assertThat(samples(MadePipeline.both()))
                .contains(
                        "nimload_pipeline_valid{during=\"ingestion off\"} 1",
                        "nimload_pipeline_valid{during=\"ingestion on\"} 0",
                        "nimload_pipeline_seconds{during=\"ingestion on\",of=\"search\",percentile=\"95\"} 0.19425",
                        "nimload_pipeline_seconds{during=\"ingestion off\",of=\"reranking\",percentile=\"95\"} 0.1350",
                        "nimload_pipeline_added_seconds{of=\"search\",percentile=\"95\"} 0.0450",
                        "nimload_pipeline_added_low_seconds{of=\"search\",percentile=\"95\"} 0.0400",
                        "nimload_pipeline_added_high_seconds{of=\"search\",percentile=\"95\"} 0.0500")
                .doesNotHaveDuplicates();
    }

    @Test
    void theRunIsAnInfoWithItsTimeAndCounts() {
        RunResults run =
                Made.run(List.of(level(1).results(), level(3).notValid("silent").results()), 3);
        assertThat(samples(run))
                .startsWith(
                        "nimload_run_info{run=\"20261122-150000\",tool=\"nimload 0.1.0\",emulated=\"false\"} 1",
                        "nimload_target_info{kind=\"embedding\",model=\"a/b\",url=\"http://10.0.0.5:8000\","
                                + "emulated=\"false\"} 1",
                        "nimload_run_timestamp_seconds 1795359600.000",
                        "nimload_run_complete 0",
                        "nimload_run_levels_planned 3",
                        "nimload_run_levels_valid 1")
                .contains("nimload_level_valid" + QUERY + "} 0");
    }

    @Test
    void whatWasNotMeasuredHasNoSampleAndNoFamily() {
        String text = OpenMetrics.of(run(Made.query(3).results()));
        assertThat(text)
                .doesNotContain("NaN", "nimload_latency", "_per_second", "slo_met", "tokens_per", "silence", "money")
                .contains("nimload_requests" + QUERY + "} 500\n");
    }

    @Test
    void limitsAreMetOrNotPerLevelAndForTheRun() throws IOException {
        RunResults run = run(
                level(1).results().withSlo(List.of(limit(4, 3.125), limit(3, 3.125))),
                level(3).results().withSlo(List.of(limit(4, 3.125))));
        assertThat(samples(run).stream().filter(line -> line.startsWith("nimload_level_slo_met")))
                .satisfiesExactly(
                        missed -> assertThat(missed).endsWith("} 0"),
                        met -> assertThat(met).isEqualTo("nimload_level_slo_met" + QUERY + "} 1"));
        assertThat(samples(recorded())).contains("nimload_run_slo_met 0");
    }

    @Test
    void aPriceGivesTextsPerUnitOfMoneyInItsCurrency() {
        RunResults run = MachineRuns.with(
                run(level(3).results()), false, Map.of("nim.gpuHour", "2.50 EUR", "nim.label", "H100"), Map.of());
        assertThat(samples(run))
                .contains("nimload_items_per_money" + QUERY.replace("emulated", "label=\"H100\",emulated")
                        + ",currency=\"EUR\"} 1730160.0");
    }

    @Test
    void anyLabelIsEscapedAndOnOneLine() {
        RunResults run = MachineRuns.with(
                run(level(1).results()), true, Map.of("nim.label", "a\\b \"c\" \n d\r\u0007"), Map.of());
        assertThat(samples(run))
                .first()
                .isEqualTo("nimload_run_info{run=\"20261122-150000\",label=\"a\\\\b \\\"c\\\" \\n d\ufffd\ufffd\","
                        + "tool=\"nimload 0.1.0\",emulated=\"true\"} 1");
    }

    @Test
    void noTwoSamplesAreTheSameSeriesThoughLevelsDifferInLittle() throws IOException {
        RunResults run = run(
                level(1).results(),
                new Made.Level(new LoadPoint(Workload.QUERY, 20, 0, 2, 1)).results(),
                new Made.Level(new LoadPoint(Workload.QUERY, 20, 5, 0, 1, 1, Load.CLOSED, Optional.empty())).results(),
                new Made.Level(new LoadPoint(Workload.PASSAGE, 20, 0, 1, 1)).results(),
                new Made.Level(new LoadPoint(Workload.RERANKING, 512, 20, 1, 1)).results(),
                new Made.Level(new LoadPoint(Workload.RERANKING, 512, 512, 1, 1)).results());
        for (RunResults one : List.of(run, recorded())) {
            assertThat(samples(one))
                    .extracting(line -> line.substring(0, line.lastIndexOf(' ')))
                    .doesNotHaveDuplicates();
        }
        assertThat(OpenMetrics.of(run)).endsWith("\n# EOF\n").doesNotContain("\n\n");
    }

    /** Those of a run with everything that can be known. */
    private static Set<String> metrics() throws IOException {
        RunResults priced = MachineRuns.with(run(level(3).results()), false, Map.of("nim.gpuHour", "2.50"), Map.of());
        Set<String> names = new HashSet<>();
        Stream.of(recorded(), priced, MadePipeline.both())
                .flatMap(run -> samples(run).stream())
                .forEach(line -> names.add(line.replaceFirst("[{ ].*", "")));
        return names;
    }

    @Test
    void everyMetricOfTheDashboardIsInTheFile() throws IOException {
        List<String> expressions = new ArrayList<>();
        Json.MAPPER.readTree(DASHBOARD.toFile()).findValues("expr").forEach(node -> expressions.add(node.textValue()));
        Set<String> named = new HashSet<>();
        for (String expression : expressions) {
            for (Matcher name = NAME.matcher(expression); name.find(); ) {
                named.add(name.group());
            }
        }
        assertThat(named).hasSizeGreaterThan(8).isSubsetOf(metrics());
    }

    @Test
    void everyMetricIsInTheDocument() throws IOException {
        assertThat(Files.readString(Path.of("src/docs/ci.md"))).contains(metrics());
    }
}
