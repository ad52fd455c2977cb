package nimload.measure;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Servers whose latency varies without changing: each gives one latency after another, in ms. */
public enum Wandering {
    INDEPENDENT(2.09, random -> () -> lognormal(random, 0.3)),
    /** Logarithms with a correlation of 0.5 between neighbours. */
    AR_50(2.09, random -> autoregressive(random, 0.5)),
    AR_70(2.09, random -> autoregressive(random, 0.7)),
    AR_90(2.09, random -> autoregressive(random, 0.9)),
    AR_99(2.09, random -> autoregressive(random, 0.99)),
    /** Half as slow again for 50 requests on average, then as fast as before for as many. */
    TWO_REGIMES(2.51, Wandering::twoRegimes),
    /**
     * Five users of a GPU that batches what waits: their requests run as four and one, or 6 % slower as three and two, and
     * stay so until one comes late. As measured of the embedded NIM on 16 cores, of a level of 6 s, cut to 1,500 requests:
     * for 1.2 s, then for 1.7 s, on average.
     */
    COHORTS(2.07, Wandering::cohorts),
    /** Every 97th request takes five times as long. */
    STALLS(2.08, Wandering::stalls),
    LOGNORMAL_1(3.30, random -> () -> lognormal(random, 1)),
    /** With an infinite variance: a shape of 1.5. */
    PARETO(3.78, random -> () -> Wandering.MEDIAN_MS * Math.pow(2 * (1 - random.nextDouble()), -1 / 1.5));

    public static final double MEDIAN_MS = 2;

    /** Standard deviation of the logarithms of the autoregressive ones. */
    public static final double SIGMA = 0.3;

    static final double STAY = 50;

    /** Of the slow regime. */
    static final double SLOWER = 1.5;

    static final double REGIME_SIGMA = 0.1;

    /** Requests, on average. */
    public static final double FAST_STAY = 300;

    public static final double SLOW_STAY = 425;

    public static final double COHORT_SLOWER = 1.06;

    public static final double COHORT_SIGMA = 0.012;

    private interface Source {
        DoubleSupplier with(SplittableRandom random);
    }

    private final double meanMs;
    private final Source source;

    Wandering(double meanMs, Source source) {
        this.meanMs = meanMs;
        this.source = source;
    }

    /** Rounded. */
    double meanMs() {
        return meanMs;
    }

    public DoubleSupplier with(SplittableRandom random) {
        return source.with(random);
    }

    /** Around 1, by a share, of a correlation between neighbours. */
    static DoubleSupplier noise(SplittableRandom random, double share, double correlation) {
        DoubleSupplier state = states(random, correlation);
        return () -> Math.exp(share * state.getAsDouble());
    }

    private static DoubleSupplier autoregressive(SplittableRandom random, double correlation) {
        DoubleSupplier noise = noise(random, SIGMA, correlation);
        return () -> MEDIAN_MS * noise.getAsDouble();
    }

    /** An autoregressive process of order 1 and variance 1. */
    private static DoubleSupplier states(SplittableRandom random, double correlation) {
        double[] state = {normal(random)};
        return () -> {
            double now = state[0];
            state[0] = correlation * now + Math.sqrt(1 - correlation * correlation) * normal(random);
            return now;
        };
    }

    private static DoubleSupplier twoRegimes(SplittableRandom random) {
        boolean[] slow = {random.nextBoolean()};
        return () -> {
            slow[0] ^= random.nextDouble() < 1 / STAY;
            return MEDIAN_MS * (slow[0] ? SLOWER : 1) * Math.exp(REGIME_SIGMA * normal(random));
        };
    }

    private static DoubleSupplier cohorts(SplittableRandom random) {
        boolean[] slow = {random.nextDouble() < SLOW_STAY / (SLOW_STAY + FAST_STAY)};
        return () -> {
            slow[0] ^= random.nextDouble() < 1 / (slow[0] ? SLOW_STAY : FAST_STAY);
            return MEDIAN_MS * (slow[0] ? COHORT_SLOWER : 1) * Math.exp(COHORT_SIGMA * normal(random));
        };
    }

    private static DoubleSupplier stalls(SplittableRandom random) {
        int[] request = {random.nextInt(97)};
        return () -> MEDIAN_MS * Math.exp(0.05 * normal(random)) * (++request[0] % 97 == 0 ? 5 : 1);
    }

    private static double lognormal(SplittableRandom random, double sigma) {
        return MEDIAN_MS * Math.exp(sigma * normal(random));
    }

    private static double normal(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
