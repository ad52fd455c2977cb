package nimload.preflight;

import java.util.Optional;

/**
 * What a NIM's right answers have in common, seen in one before the load; those under load can be compared with it.
 *
 * @param vectors of an embedding answer; empty for a ranking
 * @param model as the answer names it, which need not be as the request did; empty if it names none
 */
public record AnswerShape(Optional<Vectors> vectors, Optional<String> model) {

    /**
     * @param dimensions numbers in each vector, at least 1
     * @param length Euclidean length of the one vector that was seen; others have it too only if it is 1
     */
    public record Vectors(int dimensions, double length) {
        /** Values are rounded on the wire: half precision moves a length by about 0.0005. */
        private static final double UNIT_TOLERANCE = 0.01;

        /** Whether this model normalises its vectors, so that each is 1 long. */
        public boolean unit() {
            return Math.abs(length - 1) <= UNIT_TOLERANCE;
        }
    }
}
