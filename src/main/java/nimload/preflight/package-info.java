/** The servers under test: asked before the load whether they are there, ready, and serve the model. */
package nimload.preflight;
