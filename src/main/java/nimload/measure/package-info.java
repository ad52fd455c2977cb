/**
 * What a level's requests showed: samples in nanoseconds, percentiles, rates, errors by kind, and whether the numbers can be
 * quoted.
 */
package nimload.measure;
