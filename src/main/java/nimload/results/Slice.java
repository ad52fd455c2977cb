package nimload.results;

import java.util.OptionalDouble;

/**
 * A part of a level in time, by when its answers came: what latency over time is drawn from.
 *
 * @param repeat of the level, from 1
 * @param fromSeconds after the level's first send
 * @param toSeconds likewise
 * @param requests successful ones
 * @param errors failed ones
 * @param p50 ms; this and the others empty where too few requests ended in this part
 * @param p90 ms
 * @param p99 ms
 * @param max ms
 */
public record Slice(
        int repeat,
        double fromSeconds,
        double toSeconds,
        long requests,
        long errors,
        OptionalDouble p50,
        OptionalDouble p90,
        OptionalDouble p99,
        OptionalDouble max) {

    /** The same part of another of the level's repeats. */
    public Slice ofRepeat(int other) {
        return new Slice(other, fromSeconds, toSeconds, requests, errors, p50, p90, p99, max);
    }
}
