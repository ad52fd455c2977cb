/**
 * Results of genai-perf and AIPerf as runs of this project's format, so that they can be compared and shown. What their
 * files do not say stays empty; what nimload measures otherwise is said in the run's notes.
 */
package nimload.imports;
