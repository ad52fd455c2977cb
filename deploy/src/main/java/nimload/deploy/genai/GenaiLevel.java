package nimload.deploy.genai;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.settings.Nim;

/**
 * One level of the published grid, as the guide has genai-perf measure it.
 *
 * @param tokens of each text or passage, and of a reranking's query: genai-perf's one setting is for both
 * @param items texts or passages a request
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

        /** As the grid's file and genai-perf's input_type name it. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Where the requests go. */
    public record Target(String url, String model) {

        /** The guide's tool appends "/v1/…". */
        public Target {
            url = url.replaceFirst("/+$", "");
        }
    }

    /** Unlike genai-perf's own folder names, which carry only model, endpoint and concurrency: those of 300 and 512 tokens are one. */
    public String folder() {
        return workload + "-" + tokens + "tokens-" + items + (workload == Workload.RERANKING ? "passages" : "texts")
                + "-concurrency" + concurrency;
    }

    /** The guide's own line of progress. */
    public String announcement() {
        return workload == Workload.RERANKING
                ? "▶ Running reranking test: passages=" + items + ", batch=1, concurrency=" + concurrency
                : "▶ Running: input_type=" + workload + ", tokens=" + tokens + ", batch=" + items + ", concurrency="
                        + concurrency;
    }

    /**
     * The guide's command, and after it what is ours: the artifact folder, without which its runs overwrite one another, and a tokenizer where the
     * user names one.
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
