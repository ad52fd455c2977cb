package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import nimload.capacity.Limit;
import nimload.capacity.SearchPlan;
import nimload.measure.RecordedLevel;
import nimload.plan.CapacitySettings;
import nimload.plan.CapacitySettings.By;
import nimload.results.Capacity.Recovery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search whose target collapses under a step: it is asked until it answers within the limit again, or for too long. */
class SearchTest {
    private static final double LIMIT_MS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private long millis;
    private OptionalDouble answer = OptionalDouble.empty();
    private int asked;

    private final Search search = new Search(
            RecordedLevel.QUERY,
            new CapacitySettings(
                    By.RATE,
                    List.of(Limit.percentile(95, LIMIT_MS)),
                    false,
                    OptionalDouble.of(1000),
                    4000,
                    64,
                    0.05,
                    Duration.ofMinutes(10),
                    List.of()),
            new SearchPlan(1, 1000, 4000, false, 0.05, 40, 600),
            number -> {
                assertThat(number).as("no body twice").isEqualTo(asked++);
                return answer;
            },
            PATIENCE,
            () -> TimeUnit.MILLISECONDS.toNanos(millis));

    /** Nothing is answered at 1000/s, so the step stops once fifty requests are too late to be in time. */
    private void collapses() {
        StepJudge judge = search.judge();
        for (int i = 0; !judge.collapsed(); i++) {
            judge.arrived(TimeUnit.MILLISECONDS.toNanos(i));
        }
        assertThat(search.stepEnded(new RecordedLevel().result(search.nextPoint())))
                .isEqualTo("broken: latency, the backlog grew");
    }

    private List<Recovery> recoveries() {
        return search.capacity().recoveries();
    }

    @Test
    void aTargetThatDidNotCollapseIsNotAsked() {
        assertThat(search.awaitsRecovery()).isFalse();
        assertThat(asked).isZero();
    }

    @Test
    void afterACollapseItIsAskedEvery200MillisecondsUntilItAnswersInTime() {
        collapses();
        assertThat(search.awaitsRecovery()).isTrue();
        assertThat(asked).isEqualTo(1);
        millis += 199;
        assertThat(search.awaitsRecovery()).isTrue();
        assertThat(asked).isEqualTo(1);
        millis += 1;
        answer = OptionalDouble.of(LIMIT_MS + 0.001);
        assertThat(search.awaitsRecovery()).isTrue();
        assertThat(asked).isEqualTo(2);
        assertThat(search.awaitsRecovery()).as("late is not recovered").isTrue();
        assertThat(recoveries()).isEmpty();
        millis += 200;
        answer = OptionalDouble.of(LIMIT_MS);
        assertThat(search.awaitsRecovery()).isTrue();
        assertThat(search.awaitsRecovery()).isFalse();
        assertThat(asked).isEqualTo(3);
        assertThat(recoveries()).containsExactly(new Recovery(1000, OptionalDouble.of(0.4), 0.4));
        assertThat(search.next()).as("the search goes on").isPresent();
        assertThat(search.next().orElseThrow().value()).isLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {60_000, 60_001})
    void aTargetThatDoesNotAnswerForLongerThanThePatienceEndsTheSearch(long after) {
        collapses();
        millis += after;
        search.awaitsRecovery();
        boolean lost = after > PATIENCE.toMillis();
        assertThat(search.awaitsRecovery()).isEqualTo(!lost);
        assertThat(search.next().isEmpty()).isEqualTo(lost);
        if (lost) {
            assertThat(recoveries()).containsExactly(new Recovery(1000, OptionalDouble.empty(), 60.001));
            assertThat(search.capacity().sentence()).endsWith("; the target did not answer again after it collapsed");
        }
    }
}
