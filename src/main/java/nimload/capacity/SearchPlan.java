package nimload.capacity;

/**
 * Where the search may look, and how far it goes.
 *
 * @param least lowest rate in requests per second, or lowest concurrency; above 0
 * @param start where it begins
 * @param most highest
 * @param whole whether only whole numbers can be tried, as for a concurrency
 * @param precision distance of the answer's two ends to be reached, 0.03 = 3 %
 * @param mostSteps after which it answers with what it knows
 * @param mostSeconds likewise, of all steps together
 */
public record SearchPlan(
        double least, double start, double most, boolean whole, double precision, int mostSteps, double mostSeconds) {
    /** @throws IllegalArgumentException if the numbers are not in order, not above 0 or, for whole ones, not whole */
    public SearchPlan {
        if (!(least > 0 && least <= start && start <= most && most < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("not in order: " + least + ", " + start + ", " + most);
        }
        if (whole && (least != Math.rint(least) || start != Math.rint(start) || most != Math.rint(most))) {
            throw new IllegalArgumentException("not whole: " + least + ", " + start + ", " + most);
        }
        if (!(precision > 0 && mostSteps > 0 && mostSeconds > 0)) {
            throw new IllegalArgumentException("precision " + precision + ", " + mostSteps + " steps, " + mostSeconds
                    + " s: each must be above 0");
        }
    }
}
