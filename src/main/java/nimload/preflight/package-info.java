/** Checks before the load: are the servers under test there, ready, and do they serve the model. */
package nimload.preflight;
