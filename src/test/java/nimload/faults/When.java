package nimload.faults;

/** Which of a level's requests a fault is done to. */
interface When {

    /**
     * @param number of the request in its level, from 1; the first ones are sent alone
     * @param seconds since the level's first
     * @param connection of the request, from 1 in its level
     */
    boolean hits(int number, double seconds, int connection);

    static When always() {
        return (number, seconds, connection) -> true;
    }

    /** Not those that are sent alone. */
    static When each(int nth) {
        return (number, seconds, connection) -> number > 3 && number % nth == 0;
    }

    static When from(double second) {
        return (number, seconds, connection) -> seconds >= second;
    }

    /** Every second connection reaches the other replica. */
    static When replica() {
        return (number, seconds, connection) -> connection % 2 == 0;
    }
}
