package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import nimload.measure.ErrorKind;
import nimload.run.AnswerCheck.Outcome;
import nimload.run.RequestInFlight.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times are in milliseconds after the window opened; slices are of one second. */
class SliceRecordersTest {
    private final ExecutorService watches = Executors.newSingleThreadExecutor();
    private final List<SliceRecorders.Slice> ended = new ArrayList<>();
    private final List<Integer> watched = new ArrayList<>();
    private final SliceRecorders slices =
            new SliceRecorders(3, Duration.ofSeconds(1), () -> 0, this::watchesOf, ended::add);

    private LevelWatches watchesOf(int slice) {
        watched.add(slice);
        return new LevelWatches(List.of(), watches);
    }

    @AfterEach
    void stop() {
        watches.shutdown();
    }

    private static long nanos(double millis) {
        return 5_000_000_000L + Math.round(millis * 1e6);
    }

    private void arrives(double millis) {
        slices.arrived(nanos(millis), 0);
        slices.sentAtItsTime(nanos(millis), nanos(millis));
        slices.sent(nanos(millis));
    }

    private void answered(double intended, double end, boolean right) {
        RequestInFlight request = RequestInFlight.prepared(
                        Stage.MEASUREMENT,
                        new Body(1, Body.Arrangement.WHOLE, 1, 20, new byte[0]),
                        false,
                        nanos(intended))
                .intended(nanos(intended))
                .sent(nanos(intended), 0)
                .ended(new RequestInFlight.End(nanos(end), OptionalLong.empty(), 0, () -> null, Optional.empty()), 0);
        slices.ended(nanos(intended), nanos(end));
        if (right) {
            slices.answeredRightly(nanos(end));
        }
        slices.measured(
                request,
                right
                        ? new Outcome(Optional.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty())
                        : Outcome.failed(ErrorKind.CONNECTION, "broken"));
    }

    @Test
    void requestBelongsToTheSliceOfItsIntendedTimeHoweverLateItsAnswerIs() {
        slices.windowOpens(nanos(0));
        arrives(0);
        arrives(999);
        answered(0, 10, true);
        arrives(1000);
        answered(1000, 1005, true);

        assertThat(ended).as("one of the first slice is under way").isEmpty();
        answered(999, 1700, true);

        assertThat(ended).hasSize(1);
        assertThat(ended.get(0).number()).isZero();
        assertThat(ended.get(0).samples().successes()).isEqualTo(2);
        assertThat(ended.get(0).samples().maxMillis()).hasValueCloseTo(701.0, within(0.01));
        assertThat(ended.get(0).samples().windowNanos()).isEqualTo(1_000_000_000L);
        // Rates are of the answers that came in the slice, so the late one is the next slice's.
        assertThat(ended.get(0).samples().requestsPerSecond()).hasValue(1);
    }

    @Test
    void loadGoesOnOverEachBoundaryAndEveryRequestIsInOneSlice() {
        slices.windowOpens(nanos(0));
        for (int millis = 0; millis < 3000; millis += 100) {
            arrives(millis);
            answered(millis, millis + 50, millis % 1000 != 300);
        }
        slices.windowCloses(nanos(3000));

        assertThat(ended).extracting(SliceRecorders.Slice::number).containsExactly(0, 1, 2);
        assertThat(ended).allSatisfy(slice -> {
            assertThat(slice.samples().successes()).isEqualTo(9);
            assertThat(slice.samples().errorCount()).isEqualTo(1);
            assertThat(slice.samples().responses().orElseThrow().arrivals()).isEqualTo(10);
            assertThat(slice.samples().windowNanos()).isEqualTo(1_000_000_000L);
            assertThat(slice.samples().ledger().unaccounted()).isZero();
        });
    }

    /** In the warm-up users are still to come whose event loops are to be watched. */
    @Test
    void sliceIsWatchedFromItsBeginningOn() {
        slices.sent(nanos(-500));
        slices.ended(nanos(-500), nanos(-490));
        assertThat(watched).isEmpty();

        slices.windowOpens(nanos(0));
        assertThat(watched).containsExactly(0);

        arrives(1000);
        assertThat(watched).containsExactly(0, 1);
        answered(1000, 1001, true);
        assertThat(ended.get(0).watches()).isNotNull();
    }

    @Test
    void slicesEndInTheirOrder() {
        slices.windowOpens(nanos(0));
        arrives(500);
        arrives(1500);
        answered(1500, 1501, true);
        arrives(2500);
        assertThat(ended).as("the first slice's request is under way").isEmpty();

        answered(500, 2600, true);
        assertThat(ended).extracting(SliceRecorders.Slice::number).containsExactly(0, 1);
    }

    @Test
    void timeInFlightIsSharedByTheSlicesThatARequestSpans() {
        slices.windowOpens(nanos(0));
        arrives(500);
        arrives(1100);
        answered(500, 1250, true);
        answered(1100, 1350, true);
        arrives(2000);
        answered(2000, 2001, true);

        assertThat(ended.get(0).samples().achievedConcurrency()).hasValue(0.5);
        assertThat(ended.get(1).samples().achievedConcurrency()).hasValue(0.5);
        assertThat(ended.get(1).samples().successes()).isEqualTo(1);
        // Nothing was answered while it was in flight, from the beginning of the slice on.
        assertThat(ended.get(1).samples().silence().orElseThrow().nanos()).isEqualTo(250_000_000L);
    }

    @Test
    void sliceEndsWithTheLoadGoingOnOnceTheLastOfItsRequestsIsAnsweredOrDropped() {
        slices.windowOpens(nanos(0));
        arrives(800);
        slices.arrived(nanos(900), 1);
        slices.arrived(nanos(1100), 2);
        answered(800, 1800, true);
        assertThat(ended).as("one of the first slice still waits").isEmpty();

        slices.notSent(nanos(900));
        assertThat(ended).extracting(SliceRecorders.Slice::number).containsExactly(0);
        assertThat(ended.get(0).samples().responses().orElseThrow().arrivals()).isEqualTo(2);
        assertThat(ended.get(0).samples().responses().orElseThrow().notSent()).isEqualTo(1);
    }

    @Test
    void requestThatIsNeverSentIsCountedInItsSlice() {
        slices.windowOpens(nanos(0));
        slices.arrived(nanos(10), 1);
        slices.windowCloses(nanos(400));
        assertThat(ended).isEmpty();

        slices.notSent(nanos(10));
        assertThat(ended).hasSize(1);
        assertThat(ended.get(0).samples().responses().orElseThrow().notSent()).isEqualTo(1);
        assertThat(ended.get(0).samples().windowNanos()).as("cut short").isEqualTo(400_000_000L);
    }
}
