package nimload.results;

import java.util.OptionalDouble;

/**
 * One limit of a service level objective, held against a level.
 *
 * @param metric as the SLO file names it: {@code p95}, {@code errorShare}, {@code requestsPerSecond}, {@code goodput} …
 * @param limit in {@code unit}
 * @param measured in {@code unit}; empty where it could not be measured, which does not meet the limit
 * @param unit {@code ms}, {@code share}, {@code /s}
 */
public record SloCheck(String metric, double limit, OptionalDouble measured, String unit, boolean met) {}
