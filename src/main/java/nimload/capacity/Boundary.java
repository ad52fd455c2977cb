package nimload.capacity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nimload.capacity.Outcome.Evidence;
import nimload.capacity.Outcome.Verdict;

/**
 * Where the share of late requests crosses its limit, from all steps together: the posterior of a logistic regression of the
 * share over the logarithm of the value (a two-parameter quantal response, as in bioassay: Finney, Probit Analysis). Each
 * step counts with as many independent requests as its correlation leaves (quasi-likelihood).
 *
 * <p>The curve is a straight line only close by. So it is cut off where it is further than {@link #FAR} logits from the
 * limit: a step out there says on which side of the boundary it is, and nothing about the slope.
 *
 * <p>Several limits: the boundary is the lowest of theirs.
 */
final class Boundary {
    private static final double FAR = 2;
    private static final int CELLS = 200;

    /** Logits per unit of the logarithm: from 1, which 5 % late requests would need a 100 times higher rate to become all, to a jump. */
    private static final double FLATTEST = 1;

    private static final double STEEPEST = 3000;
    private static final int SLOPES = 16;

    /** Independent late requests that a collapse counts for: all of them would be late if it went on. */
    private static final double COLLAPSED = 20;

    /** Probability that may be lost at each end when the grid closes in. */
    private static final double LOST = 1e-5;

    private final double from;
    private final double cell;
    private final double[] above;

    /**
     * @param above per cell, probability that the boundary is above its upper end
     */
    private Boundary(double from, double cell, double[] above) {
        this.from = from;
        this.cell = cell;
        this.above = above;
    }

    /**
     * @param outcomes of steps that say something about the target
     * @param low the boundary is taken to be above
     * @param high and below
     */
    static Boundary of(List<Outcome> outcomes, List<Limit> limits, double low, double high) {
        Boundary coarse = on(outcomes, limits, Math.log(low), Math.log(high));
        return on(
                outcomes,
                limits,
                Math.log(coarse.quantile(LOST)) - coarse.cell,
                Math.log(coarse.quantile(1 - LOST)) + coarse.cell);
    }

    private static Boundary on(List<Outcome> outcomes, List<Limit> limits, double from, double to) {
        double cell = (to - from) / CELLS;
        double[] above = new double[CELLS];
        Arrays.fill(above, 1);
        for (int limit = 0; limit < limits.size(); limit++) {
            double[] ofLimit = above(outcomes, limit, limits.get(limit).share(), from, cell);
            for (int i = 0; i < CELLS; i++) {
                above[i] *= ofLimit[i];
            }
        }
        return new Boundary(from, cell, above);
    }

    private static double[] above(List<Outcome> outcomes, int limit, double share, double from, double cell) {
        List<Point> points = points(outcomes, limit, share);
        double[][] logs = new double[CELLS][SLOPES];
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < CELLS; i++) {
            double boundary = from + (i + 0.5) * cell;
            for (int j = 0; j < SLOPES; j++) {
                double slope = FLATTEST * Math.pow(STEEPEST / FLATTEST, j / (SLOPES - 1.0));
                logs[i][j] = logLikelihood(points, share, boundary, slope);
                best = Math.max(best, logs[i][j]);
            }
        }
        double[] weights = new double[CELLS];
        double all = 0;
        for (int i = 0; i < CELLS; i++) {
            for (double log : logs[i]) {
                weights[i] += Math.exp(log - best);
            }
            all += weights[i];
        }
        double left = all;
        for (int i = 0; i < CELLS; i++) {
            left -= weights[i];
            weights[i] = Math.max(0, left / all);
        }
        return weights;
    }

    /**
     * A step as independent requests.
     *
     * @param farBelow its likelihood if the boundary is far above it, so that few are late
     * @param farAbove and far below it
     */
    private record Point(double logValue, double late, double count, double farBelow, double farAbove) {
        static Point of(double logValue, double late, double count, double atLimit) {
            return new Point(
                    logValue,
                    late,
                    count,
                    logLikelihood(late, count, atLimit - FAR),
                    logLikelihood(late, count, atLimit + FAR));
        }

        double logLikelihood(double offset, double atLimit) {
            return offset <= -FAR ? farBelow : offset >= FAR ? farAbove : logLikelihood(late, count, atLimit + offset);
        }

        private static double logLikelihood(double late, double count, double logit) {
            // log(1 + e^logit) is minus the logarithm of the share of requests in time.
            return late * logit - count * Math.log1p(Math.exp(logit));
        }
    }

    /**
     * The inflation of a single step is known badly, and is the higher the more requests happened to be late. So steps near the
     * limit share one: the geometric mean, weighted by their requests.
     */
    private static List<Point> points(List<Outcome> outcomes, int limit, double share) {
        double logs = 0;
        double weights = 0;
        for (Outcome outcome : outcomes) {
            Evidence evidence = outcome.evidence().get(limit);
            if (near(evidence, share)) {
                logs += evidence.count() * Math.log(evidence.inflation());
                weights += evidence.count();
            }
        }
        double shared = Math.exp(logs / weights);
        List<Point> points = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            Evidence evidence = outcome.evidence().get(limit);
            double inflation = near(evidence, share)
                    ? shared
                    : outcome.verdict() == Verdict.UNDECIDED && shared > evidence.inflation()
                            ? shared
                            : evidence.inflation();
            double count = evidence.count() / inflation;
            double late = evidence.late() / inflation;
            if (outcome.collapsed()) {
                count = Math.max(count, COLLAPSED);
                late = count;
            }
            points.add(Point.of(Math.log(outcome.value()), late, count, Math.log(share / (1 - share))));
        }
        return points;
    }

    private static boolean near(Evidence evidence, double share) {
        double late = (double) evidence.late() / evidence.count();
        return late > 0 && late < 1 && Math.abs(Math.log(late / (1 - late)) - Math.log(share / (1 - share))) < FAR;
    }

    private static double logLikelihood(List<Point> points, double share, double boundary, double slope) {
        double atLimit = Math.log(share / (1 - share));
        double log = 0;
        for (Point point : points) {
            log += point.logLikelihood(slope * (point.logValue() - boundary), atLimit);
        }
        return log;
    }

    /** @param probability 0 to 1 */
    double quantile(double probability) {
        double before = 1;
        for (int i = 0; i < CELLS; i++) {
            if (1 - above[i] >= probability) {
                double within = before - above[i] > 0 ? (before - (1 - probability)) / (before - above[i]) : 1;
                return Math.exp(from + (i + within) * cell);
            }
            before = above[i];
        }
        return Math.exp(from + CELLS * cell);
    }
}
