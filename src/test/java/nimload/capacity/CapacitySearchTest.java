package nimload.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import nimload.capacity.Found.Ended;
import nimload.capacity.Next.Done;
import nimload.capacity.Next.Probe;
import nimload.capacity.Outcome.Cause;
import nimload.capacity.Outcome.Evidence;
import nimload.capacity.Outcome.Verdict;
import org.junit.jupiter.api.Test;

/** Which step comes next, and when the answer is known. */
class CapacitySearchTest {
    private static final SearchPlan RATES = new SearchPlan(1, 100, 1000, false, 0.03, 30, 3600);
    private static final SearchPlan USERS = new SearchPlan(1, 4, 64, true, 0.03, 30, 3600);
    private static final List<Limit> P95 = List.of(Limit.percentile(95, 20));

    private static Next next(SearchPlan plan, Outcome... outcomes) {
        return new CapacitySearch(plan, P95).next(List.of(outcomes));
    }

    private static double probed(Next next) {
        return assertInstanceOf(Probe.class, next).value();
    }

    private static Found found(Next next) {
        return assertInstanceOf(Done.class, next).found();
    }

    private static Outcome holds(double value) {
        return outcome(value, Verdict.HOLDS, Cause.NONE, new Evidence(0, 500, 1));
    }

    private static Outcome broken(double value) {
        return outcome(value, Verdict.BROKEN, Cause.LATENCY, new Evidence(400, 500, 1));
    }

    private static Outcome undecided(double value, long late, long count) {
        return outcome(value, Verdict.UNDECIDED, Cause.NONE, new Evidence(late, count, 1));
    }

    private static Outcome outcome(double value, Verdict verdict, Cause cause, Evidence evidence) {
        return new Outcome(value, verdict, cause, false, evidence.count(), 10, List.of(evidence));
    }

    /** A search whose steps are answered without noise: broken from this value on. */
    private static List<Outcome> against(SearchPlan plan, double boundary) {
        List<Outcome> outcomes = new ArrayList<>();
        while (new CapacitySearch(plan, P95).next(outcomes) instanceof Probe probe) {
            assertTrue(plan.least() <= probe.value() && probe.value() <= plan.most(), probe.toString());
            outcomes.add(probe.value() < boundary ? holds(probe.value()) : broken(probe.value()));
        }
        return outcomes;
    }

    @Test
    void theSearchDoublesUntilALimitBreaks() {
        assertEquals(100, probed(next(RATES)));
        assertEquals(200, probed(next(RATES, holds(100))));
        assertEquals(400, probed(next(RATES, holds(100), holds(200))));
        double inside = probed(next(RATES, holds(100), holds(200), broken(400)));
        assertTrue(200 < inside && inside < 400, "next " + inside);
    }

    @Test
    void theHighestValueIsTriedAndThenTheAnswer() {
        Outcome[] held = {holds(100), holds(200), holds(400), holds(800)};
        assertEquals(1000, probed(next(RATES, held)));
        Found found = found(next(RATES, holds(100), holds(1000)));
        assertEquals(OptionalDouble.of(1000), found.low());
        assertEquals(OptionalDouble.empty(), found.high());
        assertEquals(Ended.HIGHEST, found.ended());
        assertEquals(Cause.NONE, found.brokeFirst());
    }

    @Test
    void brokenAtTheStartItHalvesDownToTheLeast() {
        assertEquals(50, probed(next(RATES, broken(100))));
        assertEquals(1, probed(next(RATES, broken(100), broken(1.5))));
        Found found = found(next(RATES, broken(100), broken(1)));
        assertEquals(OptionalDouble.empty(), found.low());
        assertEquals(OptionalDouble.of(1), found.high());
        assertEquals(Ended.LOWEST, found.ended());
        assertEquals(Cause.LATENCY, found.brokeFirst());
    }

    @Test
    void aStepThatTheClientLimitsEndsTheSearchUpwardAndBreaksNothing() {
        Outcome client = broken(200).limitedByClient();
        Found found = found(next(RATES, holds(100), client));
        assertEquals(OptionalDouble.of(100), found.low());
        assertEquals(OptionalDouble.empty(), found.high());
        assertEquals(OptionalDouble.of(200), found.clientLimit());
        assertEquals(Cause.CLIENT, found.brokeFirst());
        assertEquals(50, probed(next(RATES, broken(100).limitedByClient())));
        assertEquals(
                Ended.CLIENT, found(next(RATES, broken(1).limitedByClient())).ended());
    }

    @Test
    void theSearchGoesNoHigherThanTheClient() {
        Outcome[] outcomes = {holds(100), undecided(200, 20, 2000), broken(250).limitedByClient()};
        Found found = found(next(RATES, outcomes));
        assertEquals(Ended.CLIENT, found.ended());
        assertEquals(OptionalDouble.of(250), found.clientLimit());
        assertEquals(OptionalDouble.empty(), found.high());
        assertTrue(found.low().orElseThrow() >= 100, found.toString());
    }

    @Test
    void anUndecidedStepBelowTheHighestValueDoesNotKeepTheSearchThere() {
        Found found = found(next(RATES, holds(100), undecided(400, 10, 150), holds(800), holds(1000)));
        assertEquals(OptionalDouble.of(1000), found.low());
        assertEquals(OptionalDouble.empty(), found.high());
        assertEquals(Ended.HIGHEST, found.ended());
    }

    @Test
    void anUndecidedStepAboveTheLeastValueDoesNotKeepTheSearchThere() {
        Found found = found(next(RATES, undecided(2, 60, 120), broken(1.5), broken(1)));
        assertEquals(OptionalDouble.empty(), found.low());
        assertEquals(OptionalDouble.of(1), found.high());
        assertEquals(Ended.LOWEST, found.ended());
    }

    @Test
    void theHighestStepThatHeldCountsAlsoIfALowerOneWasUndecided() {
        Found found = found(next(
                RATES,
                undecided(200, 60, 2000),
                holds(205),
                holds(400),
                broken(450).limitedByClient()));
        assertEquals(OptionalDouble.of(400), found.low());
        assertEquals(Ended.CLIENT, found.ended());
    }

    /** Undecided within 10 % of the boundary, wherever that lies. */
    @Test
    void aSearchWithUndecidedStepsEndsWithWhatItsStepsShowed() {
        for (double boundary : new double[] {0.95, 1.05, 1.1, 700, 950, 990, 1050, 1100}) {
            List<Outcome> outcomes = new ArrayList<>();
            while (new CapacitySearch(RATES, P95).next(outcomes) instanceof Probe probe) {
                double value = probe.value();
                double late = 0.05 * Math.pow(value / boundary, 8);
                outcomes.add(
                        value < 0.9 * boundary
                                ? holds(value)
                                : value > 1.1 * boundary
                                        ? broken(value)
                                        : undecided(value, Math.round(2000 * Math.min(1, late)), 2000));
            }
            Found found = found(new CapacitySearch(RATES, P95).next(outcomes));
            found.low().ifPresent(low -> assertTrue(low <= 1.02 * boundary, boundary + ": " + found));
            found.high().ifPresent(high -> assertTrue(high >= 0.98 * boundary, boundary + ": " + found));
            double held = outcomes.stream()
                    .filter(outcome -> outcome.verdict() == Verdict.HOLDS)
                    .mapToDouble(Outcome::value)
                    .max()
                    .orElse(0);
            assertTrue(
                    found.low().orElse(0) >= held
                            || found.low().isPresent() && found.high().isPresent(),
                    boundary + ": held at " + held + ", " + found);
        }
    }

    @Test
    void aSearchThatIsCutShortSaysWhatItKnowsAndWhy() {
        CapacitySearch search = new CapacitySearch(RATES, P95);
        assertEquals(
                "unknown number of queries/s at p95 <= 20 ms; the search did not come to its end",
                search.found(List.of(), Ended.CUT_SHORT).sentence("queries/s"));
        assertEquals(
                "at least 200 queries/s at p95 <= 20 ms (95 %); the search did not come to its end",
                search.found(List.of(holds(100), holds(200)), Ended.CUT_SHORT).sentence("queries/s"));
        assertEquals(
                "less than 100 queries/s at p95 <= 20 ms (95 %); latency broke first; the target did not answer again"
                        + " after it collapsed",
                search.found(List.of(broken(100)), Ended.LOST).sentence("queries/s"));
    }

    @Test
    void beyondTheStepsNothingIsKnown() {
        SearchPlan one = new SearchPlan(1, 100, 1000, false, 0.03, 1, 3600);
        Found below = found(next(one, undecided(100, 10, 2000)));
        assertEquals(OptionalDouble.empty(), below.high());
        assertEquals(OptionalDouble.empty(), below.estimate());
        Found above = found(next(one, undecided(100, 400, 2000)));
        assertEquals(OptionalDouble.empty(), above.low());
        assertEquals(
                "unknown number of queries/s at p95 <= 20 ms; stopped at the most steps allowed",
                above.sentence("queries/s"));
    }

    @Test
    void withoutNoiseTheBoundaryLiesInTheInterval() {
        for (double boundary : new double[] {1.01, 2, 99, 100, 101, 150, 333, 512, 990}) {
            List<Outcome> outcomes = against(RATES, boundary);
            Found found = found(new CapacitySearch(RATES, P95).next(outcomes));
            assertTrue(
                    found.low().orElseThrow() <= boundary * 1.003
                            && boundary * 0.997 <= found.high().orElseThrow(),
                    boundary + ": " + found);
            assertTrue(found.high().orElseThrow() / found.low().orElseThrow() <= 1.03, boundary + ": " + found);
            assertEquals(Ended.PRECISE, found.ended());
            assertEquals(Cause.LATENCY, found.brokeFirst());
            assertTrue(outcomes.size() <= 20, boundary + ": " + outcomes.size() + " steps");
        }
    }

    @Test
    void wholeNumbersEndBetweenNeighbours() {
        for (int boundary = 2; boundary <= 20; boundary++) {
            Found found = found(new CapacitySearch(USERS, P95).next(against(USERS, boundary)));
            assertEquals(OptionalDouble.of(boundary - 1), found.low(), found.toString());
            assertEquals(OptionalDouble.of(boundary), found.high(), found.toString());
        }
    }

    @Test
    void anUndecidedStepIsCloseToTheBoundary() {
        double near = probed(next(RATES, holds(100), undecided(200, 100, 2000)));
        assertTrue(180 < near && near < 220, "next " + near);
        double atOnce = probed(next(RATES, undecided(100, 100, 2000)));
        assertTrue(80 < atOnce && atOnce < 120, "next " + atOnce);
    }

    @Test
    void aStepThatContradictsTheOthersDoesNotEndTheSearch() {
        Outcome[] outcomes = {
            holds(100), holds(200), broken(400), outcome(150, Verdict.BROKEN, Cause.LATENCY, new Evidence(40, 400, 1))
        };
        double value = probed(next(RATES, outcomes));
        assertTrue(100 < value && value < 400, "next " + value);
    }

    @Test
    void stepsAndSecondsAreBounded() {
        SearchPlan steps = new SearchPlan(1, 100, 1000, false, 0.03, 2, 3600);
        assertEquals(Ended.STEPS, found(next(steps, holds(100), broken(200))).ended());
        assertEquals(Ended.STEPS, found(next(steps, holds(100), holds(200))).ended());
        assertEquals(Ended.STEPS, found(next(steps, broken(100), broken(50))).ended());
        SearchPlan seconds = new SearchPlan(1, 100, 1000, false, 0.03, 30, 20);
        assertEquals(
                10, assertInstanceOf(Probe.class, next(seconds, holds(100))).mostSeconds());
        assertEquals(
                Ended.SECONDS, found(next(seconds, holds(100), broken(200))).ended());
    }

    @Test
    void aPlanThatMakesNoSenseIsRefused() {
        assertEquals(
                "not in order: 2.0, 1.0, 3.0",
                assertThrows(IllegalArgumentException.class, () -> new SearchPlan(2, 1, 3, false, 0.03, 1, 1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SearchPlan(0, 1, 3, false, 0.03, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new SearchPlan(1, 1.5, 3, true, 0.03, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new SearchPlan(1, 1, 3, false, 0, 1, 1));
    }
}
