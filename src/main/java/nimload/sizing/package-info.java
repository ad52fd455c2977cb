/**
 * How many GPUs and how many load generators a rate of requests needs, from what a run measured. Computed from
 * {@code results.json} alone.
 */
package nimload.sizing;
