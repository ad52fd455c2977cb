package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.nim.Json;
import nimload.plan.Workload;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers of many models: each is measured, with exact tokens where it counts them, or refused by name before the load. The
 * users of a level are driven without Gatling.
 */
@Timeout(120)
class ModelsTest {
    private static final String[] OPENAI = {"model", "input", "encoding_format", "dimensions"};
    private static final String KEY = "hunted-0123456789";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Benchmark prepare(ModelServer server, Workload workload, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "nim.rehearsal",
                "false",
                "nim.calibrate",
                "false",
                "nim.duration",
                "100ms",
                "nim.warmup",
                "0ms",
                "nim.samples",
                "5",
                "nim." + workload.nim().key() + ".url",
                server.url().toString(),
                "nim." + workload.key() + ".concurrency",
                "1",
                "nim.results",
                directory.resolve("results").toString()));
        if (workload == Workload.RERANKING) {
            all.putAll(Map.of("nim.reranking.passages", "4", "nim.reranking.tokens", "60"));
            all.put("nim.reranking.queryTokens", "20");
        }
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            all.put(parts[0], parts[1]);
        }
        PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Benchmark.prepare(
                EnumSet.of(workload), new Host(all, Map.of("MY_KEY", KEY), Clock.systemDefaultZone(), true, console));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(
            ModelServer server, Workload workload, String... settings) {
        return assertThatThrownBy(() -> prepare(server, workload, settings))
                .isInstanceOf(UserError.class)
                .hasMessageNotContaining(KEY)
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(1));
    }

    /** Runs its levels, each with one user, and returns results.json. */
    private static JsonNode run(Benchmark benchmark) throws IOException, InterruptedException {
        for (Level level : benchmark.levels()) {
            VirtualUser user = level.newUser(Runnable::run);
            user.openLevel();
            while (user.sendsAlone() || user.warmsUp() || user.measures() || user.coolsDown()) {
                send(level.plan(), user);
            }
            user.leave();
        }
        benchmark.verdict();
        Path results = benchmark.directory().orElseThrow().resolve("results.json");
        return Json.MAPPER.readTree(Files.readAllBytes(results));
    }

    private static void send(LevelPlan plan, VirtualUser user) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(plan.urls().get(0)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(user.nextBody()));
        plan.headers().values().forEach(request::header);
        user.sent();
        HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        user.answered(
                response.statusCode(),
                name -> response.headers().firstValue(name).orElse(null),
                response::body);
        user.settle();
    }

    /**
     * @param tokens what the server counts per text or pair; empty if it does not
     * @param settings besides the URL
     */
    record Measured(String name, Setup server, Workload workload, Optional<Double> tokens, List<String> settings) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Setup {
        void of(ModelServer server);
    }

    private static Measured measured(
            String name, Workload workload, Optional<Double> tokens, Setup server, String... settings) {
        return new Measured(name, server, workload, tokens, List.of(settings));
    }

    private static Optional<Double> counted(double tokens) {
        return Optional.of(tokens);
    }

    static Stream<Measured> servers() {
        return Stream.of(
                measured(
                        "384 numbers, strict OpenAI without any other route",
                        Workload.QUERY,
                        counted(20),
                        server ->
                                server.embeds("/v1/embeddings").dimensions(384).onlyFields(OPENAI),
                        "nim.embedding.protocol=openai",
                        "nim.embedding.model=small"),
                measured(
                        "768 numbers of length 7.5",
                        Workload.PASSAGE,
                        counted(48),
                        server -> server.embeds("/v1/embeddings")
                                .dimensions(768)
                                .length(7.5)
                                .page("/v1/models", "{'data':[{'id':'m'}]}"),
                        "nim.passage.tokens=48",
                        "nim.passage.batch=3"),
                measured(
                        "1,024 numbers, at most 512 tokens",
                        Workload.PASSAGE,
                        counted(512),
                        server -> server.embeds("/v1/embeddings")
                                .maxTokens(512)
                                .page("/v1/models", "{'data':[{'id':'m'}]}"),
                        "nim.passage.tokens=512",
                        "nim.passage.batch=2"),
                measured(
                        "2,048 numbers shortened to 512",
                        Workload.QUERY,
                        counted(20),
                        server -> server.embeds("/v1/embeddings").dimensions(2048, 512, 1024),
                        "nim.embedding.model=m",
                        "nim.embedding.dimensions=512"),
                measured(
                        "4,096 numbers, no usage",
                        Workload.QUERY,
                        Optional.empty(),
                        server ->
                                server.embeds("/v1/embeddings").dimensions(4096).usage("none"),
                        "nim.embedding.model=m"),
                measured(
                        "2,048 whole numbers",
                        Workload.PASSAGE,
                        counted(32),
                        server ->
                                server.embeds("/v1/embeddings").dimensions(2048).type("int8"),
                        "nim.embedding.model=m",
                        "nim.embedding.embeddingType=int8",
                        "nim.passage.tokens=32",
                        "nim.passage.batch=3"),
                measured(
                        "384 whole numbers without a sign",
                        Workload.PASSAGE,
                        counted(32),
                        server ->
                                server.embeds("/v1/embeddings").dimensions(384).type("uint8"),
                        "nim.embedding.model=m",
                        "nim.embedding.embeddingType=uint8",
                        "nim.passage.tokens=32",
                        "nim.passage.batch=3"),
                measured(
                        "32,768 tokens",
                        Workload.PASSAGE,
                        counted(32_768),
                        server ->
                                server.embeds("/v1/embeddings").dimensions(2048).maxTokens(32_768),
                        "nim.embedding.model=m",
                        "nim.passage.tokens=32768",
                        "nim.passage.batch=1"),
                measured(
                        "Cohere, whose usage counts tokens",
                        Workload.RERANKING,
                        counted(80),
                        server -> server.ranksAsCohere("/v1/rerank")
                                .usage("usage.total_tokens")
                                .onlyFields("model", "query", "documents")
                                .page("/v1/models", "{'data':[{'id':'rerank'}]}"),
                        "nim.reranking.protocol=cohere"),
                measured(
                        "Cohere, which bills searches",
                        Workload.RERANKING,
                        Optional.empty(),
                        server -> server.ranksAsCohere("/v1/rerank").usage("meta.billed_units.search_units"),
                        "nim.reranking.protocol=cohere",
                        "nim.reranking.model=rerank"),
                measured(
                        "text-embeddings-inference",
                        Workload.RERANKING,
                        Optional.empty(),
                        server -> server.ranksAsTei("/rerank")
                                .onlyFields("query", "texts", "truncate")
                                .page("/info", "{'model_id':'BAAI/bge-reranker'}"),
                        "nim.reranking.protocol=tei"),
                measured(
                        "a hosted route and its key in another header",
                        Workload.RERANKING,
                        counted(80),
                        server -> server.ranksAsNim("/v1/retrieval/org/model/reranking")
                                .wants("x-api-key", KEY),
                        "nim.reranking.path=/v1/retrieval/org/model/reranking?tenant=a",
                        "nim.reranking.headers=x-team: search; x-api-key: ${MY_KEY}",
                        "nim.reranking.model=m"));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void isMeasuredWithExactTokensWhereTheServerCounts(Measured model) throws Exception {
        try (ModelServer server = new ModelServer()) {
            model.server().of(server);
            JsonNode results =
                    run(prepare(server, model.workload(), model.settings().toArray(new String[0])));
            JsonNode level = results.required("levels").required(0);
            assertThat(results.required("levels")).hasSize(1);
            assertThat(level.required("requests").longValue()).isPositive();
            assertThat(level.required("errors").longValue())
                    .as(level.toString())
                    .isZero();
            assertThat(level.path("warmUpErrorsByKind")).isEmpty();
            assertThat(level.required("answers").required("compared").longValue()
                            + level.required("answers").required("inFull").longValue())
                    .isPositive();
            assertThat(level.path("reasons"))
                    .allSatisfy(reason ->
                            assertThat(reason.textValue()).containsPattern("^(client-limited|not steady|silent)"));
            JsonNode tokens = level.path("measuredTokensPerItem");
            assertThat(tokens.isNumber() ? Optional.of(tokens.doubleValue()) : Optional.empty())
                    .isEqualTo(model.tokens());
            assertThat(level.required("tokensVerified").booleanValue())
                    .isEqualTo(model.tokens().isPresent());
            assertThat(results.toString() + out).doesNotContain(KEY);
        }
    }
}
