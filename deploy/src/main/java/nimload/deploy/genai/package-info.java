/**
 * The previous tool next to ours: the published grid with genai-perf and the guide's own command lines. {@link nimload.deploy.genai.GenaiGrid}
 * reads the levels, {@link nimload.deploy.genai.GenaiLevel} is the command of each, {@link nimload.deploy.genai.GenaiPack} and genai-perf.sh run
 * them in the pod, and {@link nimload.deploy.genai.GenaiImport} turns the files into one of our runs.
 */
package nimload.deploy.genai;
