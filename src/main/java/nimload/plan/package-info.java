/** What to run: the settings, the workloads and the levels they expand to. Reads only the published grid, from the class path. */
package nimload.plan;
