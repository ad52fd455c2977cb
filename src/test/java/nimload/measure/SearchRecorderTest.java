package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import nimload.results.Percentile;
import nimload.results.Searches;
import org.junit.jupiter.api.Test;

class SearchRecorderTest {
    private static final long MS = 1_000_000;

    private final SearchRecorder open = new SearchRecorder(Duration.ofSeconds(10), () -> 0, true);
    private final SearchRecorder closed = new SearchRecorder(Duration.ofSeconds(10), () -> 0, false);

    /** Begins so many ms after the window opened: embeds for 3 ms, pauses for 5 ms and more, ranks for {@code ranking} ms. */
    private static SearchTimes times(long begins, long late, long ranking, OptionalLong embeddingMicros) {
        long sent = begins * MS;
        long paused = sent + 3 * MS + 200_000;
        long went = paused + (5 + late) * MS;
        return new SearchTimes(
                sent,
                sent + 3 * MS,
                paused,
                went,
                5 * MS,
                went + 300_000,
                went + 300_000 + ranking * MS,
                embeddingMicros,
                OptionalLong.empty(),
                0);
    }

    private static double mean(Searches searches, String part) {
        return searches.part(part).orElseThrow().latency().avg().orElseThrow();
    }

    @Test
    void partsAddUpToTheWholeAndFailedSearchesAreInNone() {
        closed.open(0);
        for (int i = 0; i < 100; i++) {
            closed.succeeded(times(50L * i, i % 3, 20 + i % 7, OptionalLong.of(2000)), OptionalLong.empty(), true);
        }
        closed.failed();
        closed.close(10_000 * MS);
        Searches searches = closed.searches("ingestion off", "off", List.of());

        assertThat(searches.count()).isEqualTo(101);
        assertThat(searches.failed()).isEqualTo(1);
        assertThat(searches.latency().avg().orElseThrow())
                .isEqualTo(
                        searches.parts().stream()
                                .mapToDouble(part -> part.latency().avg().orElseThrow())
                                .sum(),
                        within(0.003));
        assertThat(mean(searches, Searches.EMBEDDING)).isEqualTo(3);
        assertThat(mean(searches, Searches.SEARCH)).isEqualTo(5.99);
        assertThat(mean(searches, Searches.GAPS)).isEqualTo(0.5);
        assertThat(searches.pauseLate().max()).hasValue(2);
        assertThat(searches.arrivals()).isEmpty();
        assertThat(searches.felt()).isEqualTo(searches.latency());
        assertThat(searches.perSecond()).hasValue(10);
        assertThat(searches.reasons()).isEmpty();
    }

    @Test
    void theServersOwnTimeStandsNextToAPartOnlyIfEveryAnswerHadIt() {
        closed.open(0);
        closed.succeeded(times(0, 0, 20, OptionalLong.of(2000)), OptionalLong.empty(), true);
        closed.succeeded(times(50, 0, 20, OptionalLong.of(2900)), OptionalLong.empty(), true);
        assertThat(service(closed)).contains(new Searches.Service(2.45, 0.55, 0.1));

        closed.succeeded(times(100, 0, 20, OptionalLong.empty()), OptionalLong.empty(), true);
        assertThat(service(closed)).isEmpty();
    }

    private static java.util.Optional<Searches.Service> service(SearchRecorder recorder) {
        return recorder.searches("ingestion off", "off", List.of())
                .part(Searches.EMBEDDING)
                .orElseThrow()
                .service();
    }

    @Test
    void aSearchThatBeganLateIsFeltFromWhenItWasToBegin() {
        open.open(0);
        for (int i = 0; i < 40; i++) {
            open.arrived(0);
            SearchTimes times = times(100 + 200L * i, 0, 20, OptionalLong.empty());
            open.succeeded(times, OptionalLong.of((60 + 200L * i) * MS), false);
            open.answeredRightly(times.rankedNanos());
        }
        open.arrived(1);
        open.notSent();
        open.close(10_000 * MS);
        Searches searches = open.searches("ingestion off", "off", List.of());

        assertThat(searches.latency().at(Percentile.P50)).hasValue(28.5);
        assertThat(searches.felt().at(Percentile.P50)).hasValue(68.5);
        assertThat(searches.arrivals().orElseThrow().count()).isEqualTo(41);
        assertThat(searches.arrivals().orElseThrow().notSent()).isEqualTo(1);
        assertThat(searches.perSecond()).hasValue(4);
    }

    @Test
    void pausesThatAreTooLongAreTheClients() {
        closed.open(0);
        for (int i = 0; i < 40; i++) {
            closed.succeeded(times(100L * i, 12, 20, OptionalLong.empty()), OptionalLong.empty(), true);
        }
        closed.close(10_000 * MS);

        assertThat(closed.searches("ingestion off", "off", List.of()).reasons())
                .containsExactly(
                        "client-limited: one pause in ten was more than 12.00 ms too long, the searches' p50 is"
                                + " 40.50 ms");
    }
}
