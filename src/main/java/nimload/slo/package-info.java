/** Service level objectives: limits in a file, checked against the levels of a run. */
package nimload.slo;
