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
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;

class PipelineSectionTest {
    @Test
    void theResultsFileKeepsAllOfIt() throws Exception {
        RunResults run = MadePipeline.both();

        assertThat(ResultsFile.parse(ResultsFile.json(run)).pipeline()).isEqualTo(run.pipeline());
    }

    @Test
    void bothLevelsStandSideBySideAndWhatIngestionAddsHasItsInterval() {
        String html = ReportPage.html(MadePipeline.both());
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
        String summary = html.substring(html.indexOf("<section id=\"summary\""), html.indexOf("<nav"));
        assertThat(summary)
                .contains("<li>Retrieval pipeline: search p95 149.3 ms without ingestion, 194.3 ms with it: +45.0 ms")
                .contains("2.0 queries/s at response p95 4.000 to 34.00 ms, depending on ingestion; requests were sent")
                .doesNotContain("the shape");
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
        Searches off = MadePipeline.searches("off", 4, List.of());
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
        RunResults run = MadePipeline.run(List.of(MadePipeline.searches("off", 4, List.of())));
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
