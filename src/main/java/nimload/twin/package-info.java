/**
 * A twin of a NIM: service times for the embedded NIM that are fitted to a run of another one, and what they predict for the
 * levels that were not used. Computed from {@code results.json} alone.
 */
package nimload.twin;
