package nimload.measure;

import nimload.results.Slice;

/**
 * What ended in a part of a level.
 *
 * @param slice as in the results, of the level's first repeat
 * @param typicalMillis the geometric mean of the successful requests, which a few slow ones do not decide; 0 without any
 */
public record LevelSlice(Slice slice, double typicalMillis) {}
