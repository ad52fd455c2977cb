/**
 * Turns results of genai-perf and AIPerf into runs of this project's format, to compare and show them. What their files do
 * not say stays empty; the run's notes say what nimload measures differently.
 */
package nimload.imports;
