package nimload.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import nimload.capacity.Outcome.Cause;
import nimload.capacity.Outcome.Verdict;
import nimload.capacity.QueueSimulation.Arrivals;
import org.junit.jupiter.api.Test;

/** How a step is judged, and after how many requests. Queues in virtual time. */
class StepTrialTest {
    private static final Limit P95_100_MS = Limit.percentile(95, 100);
    private static final QueueSimulation M_M_1 = QueueSimulation.exponential(0.01);

    /** Of {@link #M_M_1} with Poisson arrivals: e^(-(100 - rate) × 0.1 s) = 5 %. */
    private static final double BOUNDARY = 100 - Math.log(20) / 0.1;

    private static Outcome step(Server server, double value, long most, long seed, Limit... limits) {
        StepTrial test = new StepTrial(List.of(limits), 0.002, most);
        server.run(value, seed, test);
        return test.outcome(value);
    }

    @Test
    void halfTheBoundaryHoldsAndTwiceIsBrokenAfterAFewHundredRequests() {
        Server server = Server.open(QueueSimulation.deterministic(0.01), Arrivals.POISSON);
        double boundary = 85;
        Outcome half = step(server, boundary / 2, 2000, 1, P95_100_MS);
        assertEquals(Verdict.HOLDS, half.verdict());
        assertEquals(Cause.NONE, half.cause());
        assertTrue(half.requests() < 1000, half.toString());
        Outcome twice = step(server, boundary * 2, 2000, 1, P95_100_MS);
        assertEquals(Verdict.BROKEN, twice.verdict());
        assertEquals(Cause.LATENCY, twice.cause());
        assertTrue(twice.requests() < 300, twice.toString());
    }

    @Test
    void requestsOfOneQueueAreNotJudgedAsIfTheyWereIndependent() {
        Server server = Server.open(M_M_1, Arrivals.POISSON);
        long wrong = LongStream.range(0, 200)
                .filter(seed -> step(server, BOUNDARY * 0.95, 5000, seed, P95_100_MS)
                                        .verdict()
                                == Verdict.BROKEN
                        || step(server, BOUNDARY * 1.05, 5000, seed, P95_100_MS).verdict() == Verdict.HOLDS)
                .count();
        assertTrue(wrong <= 2, "wrong in " + wrong + " of 200");
        assertTrue(
                step(server, BOUNDARY * 0.95, 5000, 1, P95_100_MS)
                                .evidence()
                                .get(0)
                                .inflation()
                        > 5,
                "lateness of neighbours is correlated");
    }

    @Test
    void aGrowingBacklogIsBrokenLongBeforeTheFirstLateRequest() {
        Limit late = Limit.percentile(95, 60_000);
        Outcome outcome = step(Server.open(M_M_1, Arrivals.POISSON), 200, 1_000_000, 1, late);
        assertEquals(Verdict.BROKEN, outcome.verdict());
        assertTrue(outcome.collapsed());
        assertEquals(Cause.LATENCY, outcome.cause());
        // At twice the rate of the server, requests wait 60 s only after 120 s: 24,000 requests.
        assertTrue(outcome.requests() < 500, outcome.toString());
    }

    @Test
    void aLongQueueThatComesAndGoesHasNotCollapsed() {
        Limit late = Limit.percentile(95, 1000);
        Server server = Server.open(M_M_1, Arrivals.POISSON);
        List<Outcome> outcomes = LongStream.range(0, 200)
                .mapToObj(seed -> step(server, 95, 5000, seed, late))
                .toList();
        assertEquals(0, outcomes.stream().filter(Outcome::collapsed).count());
    }

    @Test
    void failuresBreakALatencyLimitAndAreItsCause() {
        Outcome outcome = step(Server.failingAbove(10, 0.5), 20, 2000, 1, P95_100_MS);
        assertEquals(Verdict.BROKEN, outcome.verdict());
        assertEquals(Cause.ERRORS, outcome.cause());
    }

    @Test
    void aLimitOfErrorsHoldsWhenRequestsAreSlow() {
        Outcome slow = step(Server.open(M_M_1, Arrivals.POISSON), 90, 2000, 1, Limit.errors(0.01));
        assertEquals(Verdict.HOLDS, slow.verdict());
        Outcome failing = step(Server.failingAbove(10, 0.1), 20, 2000, 1, Limit.errors(0.01));
        assertEquals(Verdict.BROKEN, failing.verdict());
        assertEquals(Cause.ERRORS, failing.cause());
    }

    @Test
    void allLimitsMustHold() {
        Server server = Server.failingAbove(10, 0.04);
        assertEquals(
                Verdict.HOLDS,
                step(server, 20, 20_000, 1, Limit.percentile(80, 100)).verdict());
        Outcome both = step(server, 20, 20_000, 1, Limit.percentile(80, 100), Limit.errors(0.01));
        assertEquals(Verdict.BROKEN, both.verdict());
        assertEquals(Cause.ERRORS, both.cause());
    }

    @Test
    void aDecisionStays() {
        StepTrial test = new StepTrial(List.of(P95_100_MS), 0.002, 10_000);
        int i = 0;
        while (test.add(i / 10.0, 1, true) == Verdict.UNDECIDED) {
            i++;
        }
        for (int late = 0; late < 10_000; late++) {
            assertEquals(Verdict.HOLDS, test.add((i + late) / 10.0, 1000, true));
        }
    }

    @Test
    void nothingIsDecidedWithoutRequests() {
        Outcome outcome = new StepTrial(List.of(P95_100_MS), 0.002, 10_000).outcome(5);
        assertEquals(Verdict.UNDECIDED, outcome.verdict());
        assertEquals(0, outcome.requests());
        assertFalse(outcome.collapsed());
    }

    @Test
    void exactlyTheLimitIsInTimeAndARequestOutOfOrderCountsAtTheTimeOfTheOneBefore() {
        StepTrial test = new StepTrial(List.of(P95_100_MS), 0.002, 10_000);
        for (int i = 0; i < 1000; i++) {
            test.add(i % 2 == 0 ? i / 10.0 : 0, 100, true);
        }
        assertEquals(Verdict.HOLDS, test.outcome(10).verdict());
        assertEquals(99.8, test.outcome(10).seconds(), 1e-9);
        assertEquals(0, test.outcome(10).evidence().get(0).late());
    }

    @Test
    void aClientLimitedStepSaysNothingAboutTheTarget() {
        Outcome outcome =
                step(Server.failingAbove(10, 0.5), 20, 2000, 1, P95_100_MS).limitedByClient();
        assertEquals(Verdict.UNDECIDED, outcome.verdict());
        assertEquals(Cause.CLIENT, outcome.cause());
        assertTrue(outcome.evidence().isEmpty());
    }
}
