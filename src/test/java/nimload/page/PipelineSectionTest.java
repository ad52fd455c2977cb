package nimload.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.Pipeline;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.results.Searches;
import nimload.results.Searches.Part;
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;

class PipelineSectionTest {
    private static Latency latency(double millis) {
        return new Latency(
                OptionalDouble.of(millis),
                OptionalDouble.empty(),
                OptionalDouble.of(millis / 2),
                OptionalDouble.of(millis * 2),
                Map.of(
                        Percentile.P95,
                        new Estimate(millis * 1.5, Optional.of(Interval.of(millis * 1.5 - 3, millis * 1.5 + 4)))));
    }

    private static Searches searches(String ingestion, double embedding, List<String> reasons) {
        return new Searches(
                ingestion.equals("off") ? "ingestion off" : "ingestion on",
                ingestion,
                120,
                0,
                OptionalDouble.of(2),
                latency(embedding + 95.5),
                Optional.empty(),
                List.of(
                        new Part(Searches.EMBEDDING, latency(embedding), Optional.of(new Searches.Service(3, 1, 0.2))),
                        new Part(Searches.SEARCH, latency(5), Optional.empty()),
                        new Part(Searches.RERANKING, latency(90), Optional.empty()),
                        new Part(Searches.GAPS, latency(0.5), Optional.empty())),
                latency(0.1),
                reasons,
                Optional.empty());
    }

    private static RunResults run(List<Searches> levels) {
        return Made.run(List.of(Made.query(1).results()))
                .withPipeline(Optional.of(Pipeline.of("2/s poisson", "5ms", levels)));
    }

    private static RunResults both() {
        return run(List.of(searches("off", 4, List.of()), searches("1/s constant", 34, List.of("passage: slow"))));
    }

    @Test
    void theResultsFileKeepsAllOfIt() throws Exception {
        RunResults run = both();

        assertThat(ResultsFile.parse(ResultsFile.json(run)).pipeline()).isEqualTo(run.pipeline());
    }

    @Test
    void bothLevelsStandSideBySideAndWhatIngestionAddsHasItsInterval() {
        String html = ReportPage.html(both());
        String section = html.substring(html.indexOf("<section id=\"pipeline\""));
        section = section.substring(0, section.indexOf("</section>"));

        assertThat(section)
                .contains("search p95 149.3 ms without ingestion, 194.3 ms with it: +45.0 ms (+40.0 … +50.0, 95 %);"
                        + " may not be quoted: 1 reason")
                .contains("pauses for 5ms in place of a vector search")
                .contains("ingestion on (1/s constant): 120 searches, 2.00 per second")
                .contains(">149.3<small>146.3 … 153.3</small>")
                .contains(">194.3<small>191.3 … 198.3</small>")
                .contains(">+45.00<small>40.00 … 50.00</small>")
                .contains("<title>embedding 34.00 ms</title>")
                .contains("x=\"262.5\" y=\"0\" width=\"38.6\"")
                .contains("✗ ingestion on: passage: slow");
        assertThat(html).contains("<a href=\"#pipeline\">Searches</a>");
    }

    @Test
    void aDifferenceThatIsNotSureSaysSo() {
        Latency unsure = new Latency(
                OptionalDouble.of(90),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Map.of(
                        Percentile.P95,
                        new Estimate(150, Optional.of(new Interval(OptionalDouble.of(140), OptionalDouble.empty())))));
        Searches off = searches("off", 4, List.of());
        Searches on = new Searches(
                "ingestion on",
                "2/s constant",
                30,
                0,
                OptionalDouble.of(2),
                unsure,
                Optional.empty(),
                List.of(),
                unsure,
                List.of(),
                Optional.empty());

        Pipeline pipeline = Pipeline.of("2/s poisson", "5ms", List.of(off, on));
        assertThat(pipeline.sentence())
                .isEqualTo(
                        "search p95 149.3 ms without ingestion, 150.0 ms with it: +0.8 ms (too few searches to say how"
                                + " sure)");
        assertThat(pipeline.difference(Pipeline.WHOLE, Percentile.P95)
                        .orElseThrow()
                        .interval()
                        .orElseThrow())
                .isEqualTo(new Interval(
                        OptionalDouble.of(Math.round(1e3 * (0.75 - Math.hypot(10, 4))) / 1e3), OptionalDouble.empty()));
    }

    @Test
    void aLevelAloneHasNoDifference() {
        RunResults run = run(List.of(searches("off", 4, List.of())));
        Pipeline pipeline = run.pipeline().orElseThrow();

        assertThat(pipeline.differences()).isEmpty();
        assertThat(pipeline.sentence()).isEqualTo("search p95 149.3 ms, ingestion off");
        assertThat(ReportPage.html(run)).doesNotContain("<small>added</small>");
    }

    @Test
    void otherRunsHaveNoSuchSection() {
        assertThat(ReportPage.html(Made.run(List.of(Made.query(1).results())))).doesNotContain("#pipeline");
    }
}
