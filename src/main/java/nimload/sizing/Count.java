package nimload.sizing;

/**
 * How many are needed.
 *
 * @param least at least 1
 * @param most at least {@code least}
 * @param bounded whether {@code least} was measured; else nothing is known below {@code most}
 */
record Count(long least, long most, boolean bounded) {
    /** A quotient of doubles may lie this share above the whole number that it is. */
    private static final double ROUNDING = 1e-9;

    /** The next whole number of things, 1 or more. */
    static long up(double needed) {
        return Math.max(1, (long) Math.ceil(needed * (1 - ROUNDING)));
    }

    /** {@code 6 to 7}, {@code 7}, or {@code 7 or fewer}. */
    String text() {
        return !bounded ? most == 1 ? "1" : most + " or fewer" : least == most ? "" + most : least + " to " + most;
    }
}
