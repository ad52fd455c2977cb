/**
 * A run: its targets, its levels and what their users do with each answer. Everything a simulation needs that is not
 * Gatling's.
 */
package nimload.run;
