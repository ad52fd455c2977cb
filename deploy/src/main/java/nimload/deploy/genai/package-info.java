/**
 * The former tool beside ours: the published grid with genai-perf and the guide's own command lines. Which levels those are
 * ({@link nimload.deploy.genai.GenaiGrid}), each level's line ({@link nimload.deploy.genai.GenaiLevel}), what runs them in the pod
 * ({@link nimload.deploy.genai.GenaiPack}, genai-perf.sh), and how its files become a run of ours ({@link nimload.deploy.genai.GenaiImport}).
 */
package nimload.deploy.genai;
