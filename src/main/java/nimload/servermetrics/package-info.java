/**
 * A NIM's {@code /v1/metrics} and what it means for a level: page text to samples, samples to readings, readings of a
 * level to the server's share of it. Pure functions; {@code nimload.run} fetches the pages.
 */
package nimload.servermetrics;
