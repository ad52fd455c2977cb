/**
 * Compares finished runs: what became faster or slower and how sure that is, what differs in the set-up, and which runs are
 * not comparable. Computed from {@code results.json} alone.
 */
package nimload.compare;
