/** What to run: the settings, the workloads and the levels they expand to. Reads only its own grids, from the class path. */
package nimload.plan;
