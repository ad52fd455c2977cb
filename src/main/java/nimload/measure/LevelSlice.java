package nimload.measure;

import nimload.results.Slice;

/**
 * What ended in a part of a level.
 *
 * @param slice as in the results, of the level's first repeat
 * @param meanMillis of the successful requests; 0 without any
 */
public record LevelSlice(Slice slice, double meanMillis) {}
