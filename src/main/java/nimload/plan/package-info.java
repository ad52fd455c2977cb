/** What is to be run: the settings, the workloads and the levels they expand to. Reads nothing but the published grid from the class path. */
package nimload.plan;
