package nimload.deploy.genai;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.settings.Nim;

/**
 * One level of the published grid, as the guide measures it with genai-perf.
 *
 * @param tokens per text or passage, and of a reranking query: genai-perf has one setting for both
 * @param items texts or passages per request
 */
public record GenaiLevel(Workload workload, int tokens, int items, int concurrency) {

    public enum Workload {
        QUERY(Nim.EMBEDDING),
        PASSAGE(Nim.EMBEDDING),
        RERANKING(Nim.RERANKING);

        private final Nim nim;

        Workload(Nim nim) {
            this.nim = nim;
        }

        public Nim nim() {
            return nim;
        }

        /** The name in the grid's file and in genai-perf's input_type. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Where the requests go. */
    public record Target(String url, String model) {

        /** genai-perf appends "/v1/…". */
        public Target {
            url = url.replaceFirst("/+$", "");
        }
    }

    /**
     * Distinct per level, unlike genai-perf's own folder names: those contain only model, endpoint and concurrency, so levels of 300 and 512 tokens
     * would share one.
     */
    public String folder() {
        return workload + "-" + tokens + "tokens-" + items + (workload == Workload.RERANKING ? "passages" : "texts")
                + "-concurrency" + concurrency;
    }

    /** The guide's own progress line. */
    public String announcement() {
        return workload == Workload.RERANKING
                ? "▶ Running reranking test: passages=" + items + ", batch=1, concurrency=" + concurrency
                : "▶ Running: input_type=" + workload + ", tokens=" + tokens + ", batch=" + items + ", concurrency="
                        + concurrency;
    }

    /**
     * The guide's command, followed by our additions: the artifact folder, without which levels overwrite one another, and a tokenizer if the user
     * names one.
     */
    public List<String> command(Target target, String artifacts, Optional<String> tokenizer) {
        List<String> guide = switch (workload) {
            case QUERY, PASSAGE ->
                List.of(
                        "genai-perf",
                        "profile",
                        "-m",
                        target.model(),
                        "--service-kind",
                        "openai",
                        "--endpoint-type",
                        "embeddings",
                        "--batch-size",
                        String.valueOf(items),
                        "--synthetic-input-tokens-mean",
                        String.valueOf(tokens),
                        "--extra-inputs",
                        "input_type:" + workload,
                        "--extra-inputs",
                        "truncate:END",
                        "--concurrency",
                        String.valueOf(concurrency),
                        "--url",
                        target.url(),
                        "-v");
            case RERANKING ->
                List.of(
                        "genai-perf",
                        "profile",
                        "-m",
                        target.model(),
                        "--service-kind",
                        "openai",
                        "--endpoint-type",
                        "rankings",
                        "-u",
                        target.url(),
                        "--extra-inputs",
                        "truncate:END",
                        "--input-file",
                        "synthetic:queries,passages",
                        "-v",
                        "--synthetic-input-tokens-mean",
                        String.valueOf(tokens),
                        "--batch-size-text",
                        String.valueOf(items),
                        "--concurrency",
                        String.valueOf(concurrency));
        };
        return Stream.of(
                        guide,
                        List.of("--artifact-dir", artifacts + "/" + folder()),
                        tokenizer.map(name -> List.of("--tokenizer", name)).orElse(List.of()))
                .flatMap(List::stream)
                .toList();
    }
}
