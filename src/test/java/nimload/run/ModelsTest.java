package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import nimload.UserError;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingProtocol;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.RankingForm;
import nimload.nim.RankingProtocol;
import nimload.nim.Truncate;
import nimload.plan.Headers;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.NimClient;
import nimload.preflight.NoWaiting;
import nimload.preflight.Preflight;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.simulation.GatlingRun;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers of many models: each is measured, with exact tokens where it counts them, or refused by name before the load. The
 * users of a level are driven without Gatling.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class ModelsTest {
    private static final String[] OPENAI = {"model", "input", "encoding_format", "dimensions"};
    private static final String KEY = "hunted-0123456789";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Benchmark prepare(ModelServer server, Workload workload, String... settings) {
        Map<String, String> all = new HashMap<>();
        Stream<String> given = Stream.of(
                "nim.rehearsal=false",
                "nim.calibrate=false",
                "nim.duration=100ms",
                "nim.maxDuration=60s",
                "nim.warmup=0ms",
                "nim.samples=5",
                "nim." + workload.nim().key() + ".url=" + server.url(),
                "nim." + workload.key() + ".concurrency=1",
                "nim.results=" + directory.resolve("results"));
        Stream<String> small = workload == Workload.RERANKING
                ? Stream.of("nim.reranking.passages=4", "nim.reranking.tokens=60", "nim.reranking.queryTokens=20")
                : Stream.of();
        Stream.of(given, small, Stream.of(settings)).flatMap(some -> some).forEach(setting -> {
            String[] parts = setting.split("=", 2);
            all.put(parts[0], parts[1]);
        });
        PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Benchmark.prepare(
                Program.grid(workload), new Host(all, Map.of("MY_KEY", KEY), Clock.systemDefaultZone(), true, console));
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
            drive(level);
        }
        benchmark.verdict();
        Path results = benchmark.directory().orElseThrow().resolve("results.json");
        return Json.MAPPER.readTree(Files.readAllBytes(results));
    }

    private static void drive(Level level) throws IOException, InterruptedException {
        if (level.abandoned()) {
            return;
        }
        VirtualUser user = level.newUser(Runnable::run);
        user.openLevel();
        while (user.sendsAlone() || user.warmsUp() || user.measures() || user.coolsDown()) {
            send(level.plan(), user);
        }
        user.leave();
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
            assertThat(results.required("targets")
                            .required(model.workload().nim().key())
                            .required("probed")
                            .required("largestBatch." + model.workload().key())
                            .textValue())
                    .isNotBlank();
            assertThat(results.toString() + out).doesNotContain(KEY);
        }
    }

    private ModelServer embedding() throws IOException {
        return new ModelServer().embeds("/v1/embeddings").page("/v1/models", "{'data':[{'id':'m'}]}");
    }

    @Test
    void aServerThatRefusesNvidiasFieldsIsRefusedWithTheProtocolThatItTakes() throws IOException {
        try (ModelServer server = embedding().onlyFields(OPENAI)) {
            refused(server, Workload.QUERY)
                    .hasMessage(
                            server.url() + "/v1/embeddings does not take protocol nim: HTTP 400 (Unrecognized request"
                                    + " argument supplied: input_type); it takes openai: give -Dnim.embedding.protocol=openai");
        }
        try (ModelServer server = embedding().requires("input_type")) {
            refused(server, Workload.QUERY, "nim.embedding.protocol=openai")
                    .hasMessage(
                            server.url() + "/v1/embeddings does not take protocol openai: HTTP 422 (input_type: Field"
                                    + " required); it takes nim: give -Dnim.embedding.protocol=nim");
        }
    }

    @Test
    void aRerankerOfAnotherProtocolIsRefusedWithThatOnesName() throws IOException {
        try (ModelServer server = new ModelServer().ranksAsCohere("/v1/rerank")) {
            refused(server, Workload.RERANKING, "nim.reranking.model=m")
                    .hasMessageEndingWith("it takes cohere: give -Dnim.reranking.protocol=cohere");
        }
        try (ModelServer server = new ModelServer().ranksAsTei("/rerank")) {
            for (String protocol : List.of("nim", "cohere")) {
                refused(server, Workload.RERANKING, "nim.reranking.model=m", "nim.reranking.protocol=" + protocol)
                        .hasMessageContaining("does not take protocol " + protocol)
                        .hasMessageEndingWith("it takes tei: give -Dnim.reranking.protocol=tei");
            }
        }
    }

    @Test
    void dimensionsThatTheModelDoesNotTakeAreRefusedByName() throws IOException {
        try (ModelServer server = embedding().dimensions(2048, 512)) {
            refused(server, Workload.QUERY, "nim.embedding.dimensions=300")
                    .hasMessage(
                            server.url() + "/v1/embeddings does not take nim.embedding.dimensions=300: HTTP 400 (This"
                                    + " model does not support dimensions 300); give a number that the model takes, or leave it"
                                    + " out");
        }
        try (ModelServer server = embedding().dimensions(2048).ignores("dimensions")) {
            refused(server, Workload.QUERY, "nim.embedding.dimensions=512")
                    .hasMessage(
                            "nim.embedding.dimensions=512: " + server.url() + "/v1/embeddings answered with vectors of"
                                    + " 2048 numbers, so it does not take the setting; leave it out");
        }
    }

    @Test
    void aTypeThatTheModelDoesNotTakeIsRefusedByName() throws IOException {
        try (ModelServer server = embedding()) {
            refused(server, Workload.QUERY, "nim.embedding.embeddingType=int8")
                    .hasMessage(server.url() + "/v1/embeddings does not take nim.embedding.embeddingType=int8: HTTP 422"
                            + " (embedding_type int8 is not supported); give a type that the model takes, or leave it"
                            + " out");
        }
        try (ModelServer server = embedding().ignores("embedding_type")) {
            refused(server, Workload.QUERY, "nim.embedding.embeddingType=uint8")
                    .hasMessageStartingWith("nim.embedding.embeddingType=uint8: " + server.url()
                            + "/v1/embeddings answered otherwise (a value of vector 0 is ")
                    .hasMessageEndingWith(
                            ", not a whole number from 0 to 255); give a type that the model takes, or leave"
                                    + " it out");
        }
    }

    @Test
    void aFieldOfTheUsersThatTheServerDoesNotTakeIsRefusedByName() throws IOException {
        try (ModelServer server = embedding().onlyFields(OPENAI)) {
            refused(
                            server,
                            Workload.QUERY,
                            "nim.embedding.protocol=openai",
                            "nim.embedding.extra={\"user\":\"load-test\"}")
                    .hasMessage(
                            server.url() + "/v1/embeddings does not take nim.embedding.extra: HTTP 400 (Unrecognized"
                                    + " request argument supplied: user); give fields that the server takes");
        }
    }

    @Test
    void aKeyThatIsMissingIsAskedForInTheHeader() throws IOException {
        try (ModelServer server = embedding().wants("x-api-key", KEY)) {
            refused(server, Workload.QUERY)
                    .hasMessage(
                            server.url() + "/v1/embeddings answered HTTP 401 (no x-api-key); give a valid key in the"
                                    + " environment: NIM_API_KEY=…, or the header that it takes: -Dnim.embedding.headers=…");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim.passage.batch=33 | 8 | batch size 33 > maximum allowed batch size 32",
                "nim.passage.batch=2 | 600 | maximum context length is 512 tokens, however you requested 600 tokens"
            })
    void aBatchOrATextThatTheServerDoesNotTakeIsRefusedBeforeTheLoad(String batch, int tokens, String words)
            throws IOException {
        try (ModelServer server = embedding().maxItems(32).maxTokens(512)) {
            refused(server, Workload.PASSAGE, batch, "nim.passage.tokens=" + tokens)
                    .hasMessageStartingWith("passage: no level can run, ")
                    .hasMessageContaining(words);
        }
    }

    @Test
    void theFieldsOfEachProtocolAreSentAndTheUsersAreAdded() throws Exception {
        try (ModelServer server = embedding().onlyFields("model", "input", "encoding_format", "user")) {
            prepare(
                    server,
                    Workload.QUERY,
                    "nim.embedding.protocol=openai",
                    "nim.embedding.extra={\"user\":\"load-test\"}");
            // The other three are probed.
            assertThat(server.fieldsSeen())
                    .containsExactly(
                            "dimensions", "encoding_format", "input", "input_type", "model", "truncate", "user");
        }
    }

    /** No probe takes long on its clock. */
    private static Preflight preflight() {
        NimClient client = new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), Headers.NONE);
        return new Preflight(client, Duration.ZERO, new NoWaiting(), line -> {});
    }

    private static Map<String, String> probed(ModelServer server, EmbeddingProtocol protocol) {
        return preflight()
                .seenEmbedding(
                        new Target(server.url(), "m", false, Map.of()),
                        EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END).as(protocol),
                        InputType.QUERY)
                .probed();
    }

    @Test
    void theTargetsPassportSaysWhatWasLearned() throws IOException {
        try (ModelServer server =
                embedding().dimensions(384, 192).maxTokens(4096).onlyFields(OPENAI)) {
            assertThat(probed(server, EmbeddingProtocol.OPENAI))
                    .isEqualTo(Map.ofEntries(
                            Map.entry("dimensions", "384"),
                            Map.entry("vectorLength", "1.0000"),
                            Map.entry("unitLength", "yes"),
                            Map.entry("model", "m"),
                            Map.entry("encodingFormat.float", "answered in float"),
                            Map.entry("encodingFormat.base64", "answered in float"),
                            Map.entry("usage", "moves with the text"),
                            Map.entry("longText", "takes 600 words, 602 tokens"),
                            Map.entry("tokenLimit", "4096, by its words"),
                            Map.entry("field.dimensions", "taken: 192 numbers"),
                            Map.entry(
                                    "field.truncate",
                                    "refused: HTTP 400 (Unrecognized request argument supplied: truncate)"),
                            Map.entry(
                                    "field.input_type",
                                    "refused: HTTP 400 (Unrecognized request argument supplied: input_type)")));
        }
        try (ModelServer server = embedding().dimensions(768).length(7.5).cutsAt(2048)) {
            assertThat(probed(server, EmbeddingProtocol.NIM))
                    .containsEntry("unitLength", "no")
                    .containsEntry("tokenLimit", "2048, a longer text is cut")
                    .containsEntry(
                            "field.dimensions", "refused: HTTP 400 (This model does not support dimensions 384)");
        }
    }

    @Test
    void aPassportTakesTenRequestsAtMost() throws IOException {
        try (ModelServer server = embedding()) {
            probed(server, EmbeddingProtocol.NIM);
            assertThat(server.requests()).isEqualTo(9);
        }
        try (ModelServer server = embedding()) {
            probed(server, EmbeddingProtocol.OPENAI);
            assertThat(server.requests()).isEqualTo(10);
        }
        try (ModelServer server = new ModelServer().ranksAsCohere("/v1/rerank")) {
            preflight()
                    .seenRanking(
                            new Target(server.url(), "m", false, Map.of()),
                            RankingForm.nim(Truncate.END).as(RankingProtocol.COHERE));
            assertThat(server.requests()).isEqualTo(7);
        }
    }

    /** The emulator that calibrates adds four tokens to a text, this server two. */
    @Test
    void aServerThatCountsUnlikeTheEmulatorIsCalibratedFor() throws Exception {
        try (ModelServer server = embedding().onlyFields(OPENAI)) {
            Benchmark benchmark =
                    prepare(server, Workload.QUERY, "nim.embedding.protocol=openai", "nim.calibrate=true");
            for (Level level : benchmark.unreportedLevels()) {
                drive(level);
            }
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("  query, 20 tokens, 1 text, concurrency 1: ")
                    .doesNotContain("tokens off");
        }
    }

    @Test
    void aSecretInAHeaderThatTheServerEchoesIsInNoOutputAndNoFile() throws Exception {
        try (ModelServer server = embedding().wants("x-api-key", KEY).echoes("x-api-key", 60)) {
            Benchmark benchmark = prepare(
                    server,
                    Workload.QUERY,
                    "nim.embedding.headers=x-team: search; X-Api-Key: ${MY_KEY}",
                    "nim.samples=40");
            JsonNode results = run(benchmark);
            out.writeBytes(benchmark.summary().getBytes(StandardCharsets.UTF_8));
            assertThat(results.required("levels")
                            .required(0)
                            .required("firstErrors")
                            .toString())
                    .contains("HTTP 500: no account for ***");
            assertThat(results.required("settings")
                            .required("nim.embedding.headers")
                            .textValue())
                    .isEqualTo("x-team: search; X-Api-Key: ***");
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("no account for ***")
                    .doesNotContain(KEY);
            hasNoKey(directory);
        }
    }

    /** The same in a separate JVM, where Gatling sends the requests and writes its own report. */
    @Test
    void gatlingSendsTheHeadersToTheRouteAndShowsNoSecret() throws Exception {
        try (ModelServer server = new ModelServer()
                .embeds("/custom/embed")
                .onlyFields(OPENAI)
                .wants("x-api-key", KEY + "#{a}")
                .echoes("x-api-key", 60)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of("MY_KEY", KEY + "#{a}"),
                    "QueryEmbeddingSimulation",
                    "nim.embedding.url=" + server.url(),
                    "nim.embedding.protocol=openai",
                    "nim.embedding.model=m",
                    "nim.embedding.path=/custom/embed?version=1",
                    "nim.embedding.headers=x-team: #{b}; x-api-key: ${MY_KEY}",
                    "nim.query.concurrency=2",
                    "nim.duration=300ms",
                    "nim.maxDuration=60s",
                    "nim.samples=40",
                    "nim.warmup=0s");
            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
            assertThat(run.output()).contains("HTTP 500: no account for ***").doesNotContain(KEY);
            JsonNode level = run.json().required("levels").required(0);
            assertThat(level.required("measuredTokensPerItem").doubleValue()).isEqualTo(20);
            assertThat(level.required("errorsByKind").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("http 500");
            hasNoKey(directory);
        }
    }

    private static void hasNoKey(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory.toRealPath())) {
            List<Path> written = files.filter(Files::isRegularFile).toList();
            assertThat(written)
                    .extracting(file -> file.getFileName().toString())
                    .contains("results.json", "results.csv", "requests.csv.gz", "report.html");
            for (Path file : written) {
                assertThat(new String(bytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(KEY);
            }
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.readAllBytes(file);
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }
}
