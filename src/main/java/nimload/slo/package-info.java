/** Service level objectives: limits in a file, held against the levels of a run. */
package nimload.slo;
