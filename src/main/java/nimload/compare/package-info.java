/**
 * Finished runs beside one another: what became faster or slower and how sure that is, what differed in the set-up, and
 * what is too unlike to be compared. Computed from {@code results.json} alone.
 */
package nimload.compare;
