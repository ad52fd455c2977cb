package nimload.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.page.SoakSection.Chart;
import nimload.page.SoakSection.Point;
import nimload.page.SoakSection.Series;
import nimload.page.SoakSection.Span;
import nimload.results.Made;
import nimload.results.MadeSoak;
import nimload.results.RunResults;
import nimload.results.Soak;
import nimload.results.SoakFindings;
import nimload.results.SoakSlice;
import nimload.results.SoakSlice.ServerState;
import org.junit.jupiter.api.Test;

class SoakSectionTest {
    private static RunResults run(Soak soak) {
        return RunResults.of(Made.info(1, 1), List.of()).withSoak(Optional.of(soak));
    }

    private static SoakSection section(Soak soak) {
        return SoakSection.of(run(soak)).orElseThrow();
    }

    private static Chart chart(SoakSection section, String id) {
        return section.charts().stream()
                .filter(chart -> chart.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyCurveOfClientServerAndWorkloadIsThereIfItIsKnown() {
        assertThat(section(new MadeSoak().slice(7).of(1)).charts())
                .extracting(Chart::id)
                .containsExactly(
                        "soak-query-response",
                        "soak-query-rate",
                        "soak-gpu-busy",
                        "soak-gpu-clock",
                        "soak-gpu-throttled",
                        "soak-memory",
                        "soak-handles",
                        "soak-disk");
    }

    @Test
    void pointsLieInTheMiddleOfTheirSlicesAndThoseWithErrorsAreHollow() {
        Chart chart = chart(
                section(new MadeSoak().slice(7.5).slice(8, 2, Optional.empty()).of(2)), "soak-query-response");

        assertThat(chart.time()).isEqualTo("min");
        assertThat(chart.series().get(1).label()).isEqualTo("p95");
        assertThat(chart.series().get(1).points()).extracting(Point::x).containsExactly(0.5, 1.5);
        assertThat(chart.series().get(1).points())
                .extracting(point -> point.y().orElseThrow())
                .containsExactly(7.5, 8.0);
        assertThat(chart.series().get(1).points()).extracting(Point::hollow).containsExactly(false, true);
    }

    @Test
    void failedAndNeverSentRequestsAreCurvesOfTheRate() {
        Chart chart = chart(
                section(new MadeSoak()
                        .slice(7, 12, Optional.empty())
                        .slice(7)
                        .notSent(30)
                        .of(2)),
                "soak-query-rate");
        assertThat(chart.series()).extracting(Series::label).containsExactly("right", "failed", "never sent");
        assertThat(chart.series().get(1).points())
                .extracting(point -> point.y().orElseThrow())
                .containsExactly(0.2, 0.0);
        assertThat(chart.series().get(2).points())
                .extracting(point -> point.y().orElseThrow())
                .containsExactly(0.0, 0.5);
    }

    @Test
    void killedTimeIsAShadedGapThatNoLineCrosses() {
        SoakSection section =
                section(new MadeSoak().slice(7).killedFor(120).slice(7).of(2));
        Chart chart = chart(section, "soak-disk");

        assertThat(chart.gaps().get(0)).isEqualTo(new Span(1, 3, List.of("no load")));
        assertThat(chart.series().get(0).points())
                .extracting(point -> point.y().isPresent())
                .containsExactly(true, false, true);
        assertThat(section.events())
                .contains("without load for 2 min from 2026-11-26T03:01:00Z: cut short and continued");
    }

    @Test
    void withTooFewSlicesForATrendTheEventsSayOnlyThat() {
        MadeSoak made = new MadeSoak();
        for (int i = 0; i < 19; i++) {
            made.slice(7);
        }
        assertThat(section(made.of(20)).events())
                .containsExactly("query: too few slices to tell whether p95 has a trend");
        assertThat(section(made.slice(7).of(20)).events()).containsExactly("query: p95 has no trend that stands out");
    }

    @Test
    void whatMadeASliceHollowThrottledAGpuOrKeptMetricsAwayIsSaidOnceWithItsSlices() {
        ServerState capped = MadeSoak.server(Optional.empty(), List.of("power cap", "heat"));
        Soak soak = new MadeSoak()
                .slice(7)
                .reasons("client-limited: 5 ms of 7", "silent")
                .slice(7)
                .reasons("client-limited: 6 ms of 7")
                .errors(2, "timeout", "late")
                .slice(7)
                .reasons("client-limited: 8 ms of 9", "30 of 3000 requests were not sent: x")
                .slice(7)
                .servers(Map.of("embedding", capped))
                .slice(7)
                .servers(Map.of("embedding", capped))
                .slice(7)
                .servers(Map.of("embedding", ServerState.unread("HTTP 503")))
                .slice(7)
                .servers(Map.of("embedding", ServerState.unread("HTTP 404")))
                .of(8);
        assertThat(section(soak).events())
                .containsExactly(
                        "2 errors in slice 3 (03:02:00 to 03:03:00 UTC): timeout: late",
                        "query: should not be quoted in slices 1 to 2, 4: client-limited: 5 ms of 7 (numbers of the first)",
                        "query: should not be quoted in slice 1: silent",
                        "embedding: throttled in slices 5 to 6: power cap, heat",
                        "embedding: metrics not read in slice 7: HTTP 503",
                        "embedding: metrics not read in slice 8: HTTP 404",
                        "query: too few slices to tell whether p95 has a trend");
    }

    @Test
    void soakOfHoursHasAnAxisInHours() {
        MadeSoak made = new MadeSoak();
        for (int i = 0; i < 180; i++) {
            made.slice(7);
        }
        assertThat(chart(section(made.of(180)), "soak-memory").time()).isEqualTo("h");
    }

    @Test
    void pageOfASoakThatGoesOnSaysSoAndOtherPagesHaveNoSection() {
        Soak soak = new MadeSoak().slice(7).of(3);
        assertThat(ReportPage.html(run(soak)))
                .contains("<section id=\"soak\"", "The soak goes on, or was cut short: held so far: ", "1 of 3 slices")
                .doesNotContain("No level has ended yet");
        assertThat(ReportPage.html(RunResults.of(Made.info(1, 1), List.of()))).doesNotContain("<section id=\"soak\"");
        assertThat(SoakSection.of(run(new MadeSoak().of(3)))).isEmpty();
    }

    @Test
    void verdictStandsOnThePage() {
        Soak soak = new MadeSoak().slice(7).of(1);
        String verdict = SoakFindings.of(soak).sentence(soak);
        assertThat(ReportPage.html(run(soak.withVerdict(verdict)))).contains("held: query p95 7.0 → 7.0 ms over 1 min");
        assertThat(soak.slices()).extracting(SoakSlice::number).containsExactly(1);
    }
}
