/**
 * {@code results.json} as records: what a run leaves, and all that the page, a comparison and a later check are made from.
 * Written and read by the same records, so the two cannot drift apart; {@code results.schema.json} is its description.
 */
package nimload.results;
