package nimload.measure;

import java.util.OptionalLong;

/**
 * When the parts of one search began and ended, on the clock of {@link System#nanoTime()}.
 *
 * @param embeddingSentNanos just before the first byte of the query's request
 * @param embeddedNanos the last byte of its answer
 * @param pauseBeganNanos the pause that stands for the vector search
 * @param pauseEndedNanos it was over and the user went on
 * @param pausePlannedNanos how long it was to be
 * @param rerankingSentNanos just before the first byte of the ranking's request
 * @param rankedNanos the last byte of its answer
 * @param embeddingServiceMicros the embedding server's own time; empty if it does not send it
 * @param rerankingServiceMicros likewise, of the other server
 * @param stalledNanos for which this client stood still while an answer was awaited
 */
public record SearchTimes(
        long embeddingSentNanos,
        long embeddedNanos,
        long pauseBeganNanos,
        long pauseEndedNanos,
        long pausePlannedNanos,
        long rerankingSentNanos,
        long rankedNanos,
        OptionalLong embeddingServiceMicros,
        OptionalLong rerankingServiceMicros,
        long stalledNanos) {

    long embedding() {
        return embeddedNanos - embeddingSentNanos;
    }

    long pause() {
        return pauseEndedNanos - pauseBeganNanos;
    }

    long reranking() {
        return rankedNanos - rerankingSentNanos;
    }

    /** The client's own, between the others. */
    long gaps() {
        return pauseBeganNanos - embeddedNanos + rerankingSentNanos - pauseEndedNanos;
    }
}
