package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import nimload.capacity.Limit;
import nimload.capacity.Outcome;
import nimload.capacity.Outcome.Verdict;
import nimload.capacity.StepTrial;
import org.junit.jupiter.api.Test;

class StepJudgeTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HOPELESS = 10 * 20 * MILLI;

    private long now = 5;

    private StepJudge judge(long mostRequests) {
        return new StepJudge(
                new StepTrial(List.of(Limit.percentile(95, 20)), 0.001, mostRequests), HOPELESS, () -> now);
    }

    @Test
    void requestsReachTheTestInTheOrderInWhichTheyWereToBeSent() {
        StepJudge judge = judge(3);
        judge.arrived(0);
        judge.arrived(90 * MILLI);
        judge.arrived(180 * MILLI);
        judge.ended(180 * MILLI, 181 * MILLI, true);
        judge.ended(90 * MILLI, 91 * MILLI, true);
        assertThat(judge.outcome(1).requests()).isZero();
        judge.ended(0, MILLI, true);
        assertThat(judge.outcome(1).requests()).isEqualTo(3);
        assertThat(judge.decided()).isTrue();
        assertThat(judge.stoppedNanos()).isEqualTo(5);
    }

    @Test
    void aStepWithoutADecisionEndsAfterItsMostRequests() {
        StepJudge judge = judge(2);
        judge.arrived(0);
        judge.ended(0, MILLI, true);
        assertThat(judge.decided()).isFalse();
        judge.arrived(SECOND);
        judge.ended(SECOND, SECOND + MILLI, true);
        assertThat(judge.decided()).isTrue();
        assertThat(judge.outcome(7).verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(judge.outcome(7).value()).isEqualTo(7);
    }

    /** A request is hopeless as soon as it is older than 200 ms. */
    @Test
    void aTargetThatAnswersNothingHasCollapsedOnceASecondOfRequestsIsHopelessAndNotBefore() {
        StepJudge judge = judge(100_000);
        for (int i = 0; i <= 1200; i++) {
            judge.arrived(i * MILLI);
        }
        assertThat(judge.collapsed()).isFalse();
        judge.arrived(1201 * MILLI);
        assertThat(judge.collapsed()).isTrue();
        assertThat(judge.decided()).isTrue();
        Outcome outcome = judge.outcome(1000);
        assertThat(outcome.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(outcome.cause()).isEqualTo(Outcome.Cause.LATENCY);
        assertThat(outcome.collapsed()).isTrue();
    }

    /** 21 ms apart the fiftieth is more than a second after the first, and the forty-ninth too. */
    @Test
    void fortyNineHopelessRequestsInARowAreNoCollapse() {
        StepJudge judge = judge(100_000);
        for (int i = 0; i < 49; i++) {
            judge.arrived(21 * i * MILLI);
            judge.ended(21 * i * MILLI, 21 * i * MILLI + HOPELESS + 1, true);
        }
        assertThat(judge.collapsed()).isFalse();
        judge.arrived(21 * 49 * MILLI);
        judge.ended(21 * 49 * MILLI, 21 * 49 * MILLI + HOPELESS + 1, true);
        assertThat(judge.collapsed()).isTrue();
    }

    @Test
    void aMomentInWhichTheTargetStandsStillIsNoCollapseHoweverManyRequestsItMakesLate() {
        StepJudge judge = judge(100_000);
        long every = MILLI / 5;
        for (int i = 0; i < 2500; i++) {
            judge.arrived(i * every);
        }
        for (int i = 0; i < 2500; i++) {
            judge.ended(i * every, 500 * MILLI, true);
        }
        for (int i = 2500; i < 5100; i++) {
            judge.arrived(i * every);
            judge.ended(i * every, i * every + MILLI, true);
        }
        assertThat(judge.collapsed()).isFalse();
    }

    @Test
    void oneLostRequestAmongManyIsNoCollapse() {
        StepJudge judge = judge(100_000);
        for (int i = 0; i < 1000; i++) {
            judge.arrived(i * MILLI);
            if (i % 20 != 0) {
                judge.ended(i * MILLI, i * MILLI + 1, true);
            }
        }
        assertThat(judge.collapsed()).isFalse();
    }

    @Test
    void aRequestWithoutAnAnswerIsLateOnceItIsOlderThanTheHopelessTimeAndNotBefore() {
        StepJudge judge = judge(100);
        judge.arrived(0);
        judge.arrived(HOPELESS);
        assertThat(judge.outcome(1).requests()).isZero();
        judge.arrived(HOPELESS + 1);
        assertThat(judge.outcome(1).requests()).isEqualTo(1);
        judge.ended(0, HOPELESS + 2, true);
        assertThat(judge.outcome(1).requests()).as("late already").isEqualTo(1);
    }

    @Test
    void requestsOfAClosedLevelCountAsTheyEnd() {
        StepJudge judge = judge(2);
        judge.ended(5 * MILLI, 8 * MILLI, true);
        judge.ended(2 * MILLI, 9 * MILLI, true);
        assertThat(judge.outcome(1).requests()).isEqualTo(2);
    }
}
