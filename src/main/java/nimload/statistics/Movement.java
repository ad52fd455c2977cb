package nimload.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * How a series moved, if it did: the shape that stands out most from what is left without it.
 *
 * <p>Three shapes are tried: one step between any two values; a first and a last fifth at most that both differ from the
 * values between them; and a straight line. A shape's strength is its height in standard errors. The error is that of noise
 * with a memory: an autoregressive process of order 1 that is fitted to what the shape leaves, its correlation corrected for
 * being estimated too low in a short series. So a server whose latency wanders slowly does not look like one that changed. A
 * step does not count either if the series goes back to the other side of it: then it wanders between two states.
 *
 * @param shape what it did
 * @param steps one for a step and for a line, two for both ends, in order; none for a series that did not move
 */
public record Movement(Shape shape, List<Step> steps) {
    /** What a series does. */
    public enum Shape {
        NONE,
        STEP,
        BOTH_ENDS,
        LINE
    }

    /**
     * @param at index of the first value after it; 0 for a line
     * @param before mean value; of a line, its first value
     * @param after likewise; of a line, its last value
     */
    public record Step(int at, double before, double after) {}

    /** A fit of one shape: what it leaves of the series, and how strong it is. */
    private record Fit(Shape shape, double strength, List<Step> steps) {
        static final Fit NONE = new Fit(Shape.NONE, 0, List.of());

        static Fit stronger(Fit one, Fit other) {
            return other.strength > one.strength ? other : one;
        }
    }

    /**
     * The strength that a wandering level reaches once in a hundred times, in the worst case simulated: 300 requests with a
     * correlation of 0.99. A change of 20 % in the last fifth of 300 requests that scatter by 5 % reaches it in 97 % of levels.
     */
    private static final double STRONG = 8.4;

    /** The shortest part of the series that can have a level: a smaller one is a single event. */
    private static final double SHORTEST = 0.05;

    private static final int FEWEST = 2;

    /** The longest beginning and the longest end that can differ together. */
    private static final double LONGEST_END = 0.2;

    /** A correlation r of n values is on average too low by about 8 r ÷ n where a shape was fitted to them. */
    private static final double BIAS = 8;

    private static final double HIGHEST_CORRELATION = 0.98;

    /** This share of the way to the other side of a step is on the other side. */
    private static final double OTHER_SIDE = 0.6;

    /** Variance of rounding, where there is no other noise. */
    private static final double NO_NOISE = 1e-16;

    /**
     * The stronger of what two measures show: means see every change, medians also see one among outliers.
     *
     * @param means evenly spaced in time, at least ten
     * @param medians of the same parts: what has not gone back to the other side of a step by both measures has not gone back
     */
    public static Movement of(double[] means, double[] medians) {
        Fit best = Fit.stronger(strongest(means, means, medians), strongest(medians, means, medians));
        return best.strength >= STRONG
                ? new Movement(best.shape, best.steps)
                : new Movement(Fit.NONE.shape, Fit.NONE.steps);
    }

    private static Fit strongest(double[] values, double[] means, double[] medians) {
        Fit best = line(values);
        for (Fit steps : List.of(step(values), bothEnds(values))) {
            if (!goesBack(means, medians, steps.steps)) {
                best = Fit.stronger(best, steps);
            }
        }
        return best;
    }

    private static Fit line(double[] values) {
        int n = values.length;
        double mean = mean(values, 0, n);
        double middle = (n - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            products += (i - middle) * (values[i] - mean);
            squares += (i - middle) * (i - middle);
        }
        double slope = products / squares;
        double[] rest = new double[n];
        for (int i = 0; i < n; i++) {
            rest[i] = values[i] - mean - slope * (i - middle);
        }
        double strength = Math.abs(slope) * Math.sqrt(squares / longRunVariance(rest, 2));
        return new Fit(
                Shape.LINE, strength, List.of(new Step(0, mean - slope * middle, mean + slope * (n - 1 - middle))));
    }

    private static Fit step(double[] values) {
        int n = values.length;
        Fit best = Fit.NONE;
        for (int at = shortest(n); at <= n - shortest(n); at++) {
            Step step = new Step(at, mean(values, 0, at), mean(values, at, n));
            double variance = longRunVariance(rest(values, List.of(step)), 2);
            best = Fit.stronger(best, new Fit(Shape.STEP, strength(step, at, n - at, variance), List.of(step)));
        }
        return best;
    }

    private static Fit bothEnds(double[] values) {
        int n = values.length;
        int longest = (int) (LONGEST_END * n);
        Fit best = Fit.NONE;
        for (int first = shortest(n); first <= longest; first++) {
            for (int last = n - longest; last <= n - shortest(n); last++) {
                double middle = mean(values, first, last);
                Step begin = new Step(first, mean(values, 0, first), middle);
                Step end = new Step(last, middle, mean(values, last, n));
                double variance = longRunVariance(rest(values, List.of(begin, end)), 3);
                double strength = Math.min(
                        strength(begin, first, last - first, variance),
                        strength(end, last - first, n - last, variance));
                best = Fit.stronger(best, new Fit(Shape.BOTH_ENDS, strength, List.of(begin, end)));
            }
        }
        return best;
    }

    private static int shortest(int n) {
        return Math.max(FEWEST, (int) Math.ceil(SHORTEST * n));
    }

    private static double strength(Step step, int before, int after, double variance) {
        return Math.abs(step.after - step.before) / Math.sqrt(variance * (1.0 / before + 1.0 / after));
    }

    /** What the steps leave of the values. */
    private static double[] rest(double[] values, List<Step> steps) {
        double[] rest = values.clone();
        int next = 0;
        for (int i = 0; i < rest.length; i++) {
            while (next < steps.size() && i >= steps.get(next).at) {
                next++;
            }
            rest[i] -= next == 0 ? steps.get(0).before : steps.get(next - 1).after;
        }
        return rest;
    }

    /** Of the mean of many values, times their number. */
    private static double longRunVariance(double[] rest, int fitted) {
        int n = rest.length;
        double squares = 0;
        double products = 0;
        for (int i = 0; i < n; i++) {
            squares += rest[i] * rest[i];
            products += i == 0 ? 0 : rest[i] * rest[i - 1];
        }
        double seen = squares == 0 ? 0 : products / squares;
        double correlation = Math.max(0, Math.min(HIGHEST_CORRELATION, seen * (1 + BIAS / n)));
        return Math.max(NO_NOISE, squares / (n - 1 - fitted)) * (1 + correlation) / (1 - correlation);
    }

    /** Whether a value, by both measures, lies on the other side of a step that is next to it. */
    private static boolean goesBack(double[] means, double[] medians, List<Step> steps) {
        for (int number = 0; number < steps.size(); number++) {
            Step step = steps.get(number);
            int from = number == 0 ? 0 : steps.get(number - 1).at;
            int to = number + 1 == steps.size() ? means.length : steps.get(number + 1).at;
            if (otherSide(means, medians, from, to, step)) {
                return true;
            }
        }
        return false;
    }

    private static boolean otherSide(double[] means, double[] medians, int from, int to, Step step) {
        double[] ofMeans = ways(means, from, to, step.at);
        double[] ofMedians = ways(medians, from, to, step.at);
        for (int i = from; i < to; i++) {
            boolean atTheStep = i == step.at - 1 || i == step.at;
            double nearer = Math.min(ofMeans[i - from], ofMedians[i - from]);
            double further = Math.max(ofMeans[i - from], ofMedians[i - from]);
            if (!atTheStep && (i < step.at ? nearer > OTHER_SIDE : further < 1 - OTHER_SIDE)) {
                return true;
            }
        }
        return false;
    }

    /** How far each value is on the way from the median before a step, 0, to the one after it, 1. */
    private static double[] ways(double[] values, int from, int to, int at) {
        double before = median(values, from, at);
        double after = median(values, at, to);
        return Arrays.stream(values, from, to)
                .map(value -> (value - before) / (after - before))
                .toArray();
    }

    private static double mean(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum / (to - from);
    }

    private static double median(double[] values, int from, int to) {
        double[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
