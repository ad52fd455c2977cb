package nimload.results;

import java.util.OptionalLong;

/**
 * How long a level's texts were, in tokens as the server counts them.
 *
 * @param of what: {@code text} or {@code pair} where each request had one, else {@code request}
 * @param p50 by nearest rank; absent for too few
 * @param p95 likewise
 */
public record TokenLengths(String of, OptionalLong p50, OptionalLong p95, long max) {}
