package nimload.deploy.genai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nimload.deploy.DeployException;
import nimload.deploy.settings.Nim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guide's command lines, level by level. */
class GenaiLevelTest {

    private static final Path GRID = Path.of("..", "simulations-data", "published-grid.json");

    private static final Map<Nim, GenaiLevel.Target> TARGETS = Map.of(
            Nim.EMBEDDING,
            new GenaiLevel.Target("http://e:8000", "EMBEDDER"),
            Nim.RERANKING,
            new GenaiLevel.Target("http://r:8000/", "RERANKER"));

    private static final String LINES = """
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 1 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency1
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 3 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency3
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 5 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency5
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 7 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency7
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 9 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency9
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 11 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency11
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 13 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency13
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 1 --synthetic-input-tokens-mean 20 --extra-inputs input_type:query --extra-inputs truncate:END --concurrency 15 --url http://e:8000 -v --artifact-dir /a/query-20tokens-1texts-concurrency15
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 64 --synthetic-input-tokens-mean 300 --extra-inputs input_type:passage --extra-inputs truncate:END --concurrency 1 --url http://e:8000 -v --artifact-dir /a/passage-300tokens-64texts-concurrency1
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 64 --synthetic-input-tokens-mean 300 --extra-inputs input_type:passage --extra-inputs truncate:END --concurrency 3 --url http://e:8000 -v --artifact-dir /a/passage-300tokens-64texts-concurrency3
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 64 --synthetic-input-tokens-mean 300 --extra-inputs input_type:passage --extra-inputs truncate:END --concurrency 5 --url http://e:8000 -v --artifact-dir /a/passage-300tokens-64texts-concurrency5
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 64 --synthetic-input-tokens-mean 512 --extra-inputs input_type:passage --extra-inputs truncate:END --concurrency 1 --url http://e:8000 -v --artifact-dir /a/passage-512tokens-64texts-concurrency1
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 64 --synthetic-input-tokens-mean 512 --extra-inputs input_type:passage --extra-inputs truncate:END --concurrency 3 --url http://e:8000 -v --artifact-dir /a/passage-512tokens-64texts-concurrency3
            genai-perf profile -m EMBEDDER --service-kind openai --endpoint-type embeddings --batch-size 64 --synthetic-input-tokens-mean 512 --extra-inputs input_type:passage --extra-inputs truncate:END --concurrency 5 --url http://e:8000 -v --artifact-dir /a/passage-512tokens-64texts-concurrency5
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 10 --concurrency 1 --artifact-dir /a/reranking-512tokens-10passages-concurrency1
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 10 --concurrency 3 --artifact-dir /a/reranking-512tokens-10passages-concurrency3
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 10 --concurrency 5 --artifact-dir /a/reranking-512tokens-10passages-concurrency5
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 20 --concurrency 1 --artifact-dir /a/reranking-512tokens-20passages-concurrency1
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 20 --concurrency 3 --artifact-dir /a/reranking-512tokens-20passages-concurrency3
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 20 --concurrency 5 --artifact-dir /a/reranking-512tokens-20passages-concurrency5
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 40 --concurrency 1 --artifact-dir /a/reranking-512tokens-40passages-concurrency1
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 40 --concurrency 3 --artifact-dir /a/reranking-512tokens-40passages-concurrency3
            genai-perf profile -m RERANKER --service-kind openai --endpoint-type rankings -u http://r:8000 --extra-inputs truncate:END --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 40 --concurrency 5 --artifact-dir /a/reranking-512tokens-40passages-concurrency5
            """;

    private static final String ANNOUNCEMENTS = """
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=1
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=3
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=5
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=7
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=9
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=11
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=13
            ▶ Running: input_type=query, tokens=20, batch=1, concurrency=15
            ▶ Running: input_type=passage, tokens=300, batch=64, concurrency=1
            ▶ Running: input_type=passage, tokens=300, batch=64, concurrency=3
            ▶ Running: input_type=passage, tokens=300, batch=64, concurrency=5
            ▶ Running: input_type=passage, tokens=512, batch=64, concurrency=1
            ▶ Running: input_type=passage, tokens=512, batch=64, concurrency=3
            ▶ Running: input_type=passage, tokens=512, batch=64, concurrency=5
            ▶ Running reranking test: passages=10, batch=1, concurrency=1
            ▶ Running reranking test: passages=10, batch=1, concurrency=3
            ▶ Running reranking test: passages=10, batch=1, concurrency=5
            ▶ Running reranking test: passages=20, batch=1, concurrency=1
            ▶ Running reranking test: passages=20, batch=1, concurrency=3
            ▶ Running reranking test: passages=20, batch=1, concurrency=5
            ▶ Running reranking test: passages=40, batch=1, concurrency=1
            ▶ Running reranking test: passages=40, batch=1, concurrency=3
            ▶ Running reranking test: passages=40, batch=1, concurrency=5
            """;

    @TempDir
    Path folder;

    private static String lines(Optional<String> tokenizer) {
        return GenaiGrid.read(GRID).stream()
                .map(level -> String.join(
                                " ", level.command(TARGETS.get(level.workload().nim()), "/a", tokenizer)) + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void the23LevelsAreTheGuidesCommandsPlusOneArtifactFolderEach() {
        assertThat(lines(Optional.empty())).isEqualTo(LINES);
    }

    @Test
    void levelsAreAnnouncedAsInTheGuide() {
        assertThat(GenaiGrid.read(GRID).stream()
                        .map(level -> level.announcement() + "\n")
                        .collect(Collectors.joining()))
                .isEqualTo(ANNOUNCEMENTS);
    }

    @Test
    void noTwoLevelsShareAFolder() {
        assertThat(GenaiGrid.read(GRID).stream().map(GenaiLevel::folder))
                .hasSize(23)
                .doesNotHaveDuplicates()
                .contains("passage-300tokens-64texts-concurrency3", "reranking-512tokens-10passages-concurrency1");
    }

    @Test
    void aTokenizerIsAddedOnlyIfOneIsNamed() {
        assertThat(lines(Optional.of("/results/tokenizer")).lines())
                .hasSize(23)
                .allSatisfy(line -> assertThat(line).endsWith(" --tokenizer /results/tokenizer"));
    }

    @Test
    void theShellReadsTheCommandUnchanged() throws Exception {
        GenaiLevel level = new GenaiLevel(GenaiLevel.Workload.QUERY, 20, 1, 1);
        GenaiLevel.Target target = new GenaiLevel.Target("http://e:8000", "it's; a $(model)");
        Path script = folder.resolve("levels.sh");
        Files.writeString(
                script,
                "level() { shift 2; printf '%s\\n' \"$@\"; }\n"
                        + GenaiPack.levels(List.of(level), Map.of(Nim.EMBEDDING, target), "/a b", Optional.empty()));

        Process shell = new ProcessBuilder("sh", script.toString()).start();

        assertThat(shell.inputReader().lines())
                .containsExactlyElementsOf(level.command(target, "/a b", Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"queryTokens\": 512|\"queryTokens\": 20|reranking.queryTokens is 20 but passages have 512 tokens",
                "\"batch\": [64]|\"batch\": [\"many\"]|\"batch\" is not a list of whole numbers of at least 1",
                "\"tokens\": [20]|\"tokens\": [-20]|\"tokens\" is not a list of whole numbers",
                "\"passages\": [10, 20, 40]|\"documents\": [10]|\"passages\" is not a list of whole numbers",
                "{|[|cannot be read"
            })
    void aGridThatGenaiPerfCannotRunIsRefused(String from, String to, String message) throws Exception {
        Path changed = Files.writeString(
                folder.resolve("grid.json"), Files.readString(GRID).replace(from, to));

        assertThatThrownBy(() -> GenaiGrid.read(changed))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining(changed.toString())
                .hasMessageContaining(message);
    }
}
