package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import nimload.capacity.Limit;
import nimload.capacity.SearchPlan;
import nimload.measure.LoadPointResult;
import nimload.measure.RecordedLevel;
import nimload.plan.CapacitySettings;
import nimload.plan.CapacitySettings.By;
import nimload.results.Capacity.Recovery;
import nimload.results.Capacity.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search whose target collapses, goes away or is kept from it by the client. */
class SearchTest {
    private static final double LIMIT_MS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FIRST_ALONE = 5;

    /** The zero of a clock means nothing. */
    private long millis = -5000;

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
                assertThat(number).as("no body twice").isEqualTo(FIRST_ALONE + asked++);
                return answer;
            },
            FIRST_ALONE,
            PATIENCE,
            () -> TimeUnit.MILLISECONDS.toNanos(millis));

    private static final RecordedLevel NOTHING_ANSWERED = new RecordedLevel();

    /** As if the client had been kept from sending. */
    private LoadPointResult limitedByClient() {
        return new RecordedLevel().answers(1, 1000).result(search.nextPoint());
    }

    /** Nothing is answered, so that the step stops once a second of requests is too late to be in time. */
    private void sendsIntoNothing() {
        StepJudge judge = search.judge();
        for (int i = 0; !judge.collapsed(); i++) {
            judge.arrived(TimeUnit.MILLISECONDS.toNanos(i));
        }
    }

    private void collapses() {
        sendsIntoNothing();
        assertThat(search.stepEnded(NOTHING_ANSWERED.result(search.nextPoint())))
                .isEqualTo("broken: latency, the backlog grew");
    }

    /** Everything is refused at once. */
    private void isRefused() {
        StepJudge judge = search.judge();
        for (int i = 0; !judge.decided(); i++) {
            judge.arrived(TimeUnit.MILLISECONDS.toNanos(i));
            judge.ended(TimeUnit.MILLISECONDS.toNanos(i), TimeUnit.MILLISECONDS.toNanos(i) + 1000, false);
        }
        assertThat(search.stepEnded(NOTHING_ANSWERED.result(search.nextPoint())))
                .isEqualTo("broken: errors");
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
        assertThat(search.next().orElseThrow().value()).as("the search goes on").isLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {60_000, 60_001})
    void aTargetThatDoesNotAnswerForLongerThanThePatienceEndsTheSearch(long after) {
        collapses();
        millis += 100_000;
        assertThat(search.awaitsRecovery())
                .as("patience begins with the first question")
                .isTrue();
        millis += after;
        search.awaitsRecovery();
        boolean lost = after > PATIENCE.toMillis();
        assertThat(search.awaitsRecovery()).isEqualTo(!lost);
        assertThat(search.lost()).isEqualTo(lost);
        assertThat(search.next().isEmpty()).isEqualTo(lost);
        assertThat(search.capacity().sentence())
                .isEqualTo("less than 1000 queries/s at p95 <= 20 ms (95 %); latency broke first; "
                        + (lost
                                ? "the target did not answer again after it collapsed"
                                : "the search did not come to its end"));
        if (lost) {
            assertThat(recoveries()).containsExactly(new Recovery(1000, OptionalDouble.empty(), 160.001));
        }
    }

    @Test
    void aTargetThatAnswersButTooLateEvenAloneIsSearchedOn() {
        collapses();
        answer = OptionalDouble.of(LIMIT_MS + 1);
        search.awaitsRecovery();
        millis += 60_001;
        search.awaitsRecovery();
        assertThat(search.awaitsRecovery()).isFalse();
        assertThat(search.lost()).isFalse();
        assertThat(recoveries()).containsExactly(new Recovery(1000, OptionalDouble.empty(), 60.001));
        assertThat(search.next()).isPresent();
    }

    @Test
    void aTargetThatWentAwayIsWaitedForAndTheStepIsTriedAgainOnce() {
        isRefused();
        search.awaitsRecovery();
        millis += 3000;
        answer = OptionalDouble.of(5);
        search.awaitsRecovery();
        assertThat(search.awaitsRecovery()).isFalse();
        assertThat(recoveries()).containsExactly(new Recovery(1000, OptionalDouble.of(3), 3));
        assertThat(search.capacity().steps())
                .extracting(Step::verdict)
                .containsExactly("again: the target did not answer any more");
        assertThat(search.nextPoint().load().requestsPerSecond()).isEqualTo(999);
        assertThat(search.replacesStepAt(search.nextPoint())).isFalse();

        answer = OptionalDouble.empty();
        isRefused();
        search.awaitsRecovery();
        millis += 3000;
        answer = OptionalDouble.of(5);
        search.awaitsRecovery();
        assertThat(search.awaitsRecovery()).isFalse();
        assertThat(search.capacity().steps())
                .extracting(Step::verdict)
                .containsExactly("again: the target did not answer any more", "broken: errors");
        assertThat(search.next().orElseThrow().value()).isLessThan(999);
    }

    @Test
    void oneThatAnswersASingleRequestAtOnceRefusedTheLoad() {
        isRefused();
        answer = OptionalDouble.of(5);
        search.awaitsRecovery();
        assertThat(search.awaitsRecovery()).isFalse();
        assertThat(recoveries()).isEmpty();
        assertThat(search.next().orElseThrow().value()).isLessThan(1000);
    }

    @Test
    void aStepWithoutARightAnswerIsBrokenAlsoIfItEndsBeforeItsTest() {
        search.judge();
        assertThat(search.stepEnded(NOTHING_ANSWERED.result(search.nextPoint())))
                .isEqualTo("broken: errors, nothing was answered rightly");
    }

    @Test
    void anAnswerIsKnownAlsoIfTheOnlyStepWasTheClients() {
        sendsIntoNothing();
        assertThat(search.stepEnded(limitedByClient())).startsWith("again: too short");
        search.awaitsRecovery();
        millis += 60_001;
        search.awaitsRecovery();
        assertThat(search.capacity().sentence())
                .isEqualTo(
                        "unknown number of queries/s at p95 <= 20 ms; the target did not answer again after it collapsed");
    }

    @Test
    void aCollapseInAStepThatIsTriedAgainIsNotTheTargets() {
        sendsIntoNothing();
        search.stepEnded(limitedByClient());
        answer = OptionalDouble.of(1);
        search.awaitsRecovery();
        assertThat(search.awaitsRecovery()).isFalse();
        assertThat(recoveries()).isEmpty();
    }

    @Test
    void eachTryTakesItsOwnTimeFromTheSearch() {
        for (int tries = 1; tries <= 2; tries++) {
            search.judge();
            millis += 150_000;
            search.stepEnded(limitedByClient());
            assertThat(search.next().orElseThrow().mostSeconds()).isCloseTo(600 - 150.0 * tries, within(1e-9));
        }
    }
}
