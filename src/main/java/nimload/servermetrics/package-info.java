/**
 * What a NIM says of itself on {@code /v1/metrics}, and what that means for a level: from the page's text to samples, from
 * samples to readings, from the readings of a level to its server's share. Pure; {@code nimload.run} asks for the pages.
 */
package nimload.servermetrics;
