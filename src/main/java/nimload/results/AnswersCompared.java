package nimload.results;

import java.util.OptionalDouble;

/**
 * How far a level's answers were looked at.
 *
 * @param checked counted answers of which structure, model, dimension and fingerprint were held against what is right
 * @param inFull of these, every value was read
 * @param compared answers to measured bodies that were sent once more after the window, held against the first ones
 * @param differing of these
 * @param othersPerMillionAtMost upper bound of other requests' answers in a million, with 95 % confidence; empty if
 *     nothing was compared, or something differed
 * @param p50AgainMs median latency of the bodies that were sent once more
 */
public record AnswersCompared(
        long checked,
        long inFull,
        long compared,
        long differing,
        OptionalDouble othersPerMillionAtMost,
        OptionalDouble p50AgainMs) {
    private static final double CONFIDENCE = 0.95;

    /**
     * How many of a million may be wrong, at most, if none of some was: 1 − 0.05^(1/n), for the exact binomial interval of no
     * event among n (Clopper and Pearson).
     */
    public static OptionalDouble perMillionAtMost(long compared, long differing) {
        return compared == 0 || differing > 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.ceil(1e6 * (1 - Math.pow(1 - CONFIDENCE, 1.0 / compared))));
    }
}
