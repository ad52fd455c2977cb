/**
 * A NIM's pages of metrics and what they mean for a level: page text to samples, samples to readings, readings of a level to
 * what was seen, and that, held against itself and the client, to the server's share. Pure functions; {@code nimload.run} fetches the pages.
 */
package nimload.servermetrics;
