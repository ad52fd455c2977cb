package nimload.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.nim.EmbeddingForm;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.RankingForm;
import nimload.nim.Truncate;
import nimload.plan.ApiKey;
import nimload.plan.Headers;
import nimload.plan.Settings;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreflightTest {
    private static final String SETTING = "nim.embedding.model";
    private static final String KEY = "nvapi-hunter2";

    private static final EmbeddingForm EMBEDDING = EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END);
    private static final RankingForm RANKING = RankingForm.nim(Truncate.END);

    private MisbehavingNim nim;

    private final NoWaiting clock = new NoWaiting();
    private final Preflight preflight = preflight(Headers.of(new ApiKey(KEY)));

    private Preflight preflight(Headers headers) {
        NimClient client = new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), headers);
        return new Preflight(client, Duration.ZERO, clock, line -> {});
    }

    @BeforeEach
    void start() throws IOException {
        nim = new MisbehavingNim();
    }

    @AfterEach
    void stop() {
        nim.close();
    }

    private Target find(Optional<String> model) {
        return preflight.find(EMBEDDING, nim.url(), model, EmbeddedNim.EMBEDDING_MODEL);
    }

    private Target target() {
        return new Target(nim.url(), "m", false, Map.of());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(UserError.class)
                .hasMessageNotContaining("hunter2")
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(1));
    }

    @Test
    void aKeyInARefusalIsHiddenEvenWhereTheTextIsCut() {
        nim.answer("/v1/models", 403, "<" + "x".repeat(110) + KEY);
        refused(() -> find(Optional.empty())).hasMessageNotContaining("nvapi").hasMessageContaining("HTTP 403");
    }

    @Test
    void aReadyNimIsFoundWithItsOnlyModelAndWhatItSaysOfItself() {
        nim.answer("/v1/metadata", 200, "{'version':'1.5.0','modelInfo':[{'shortName':'x'}],'n':7}")
                .answer("/v1/version", 200, "{'release':'1.5.0-rc1'}");
        assertThat(find(Optional.empty()))
                .isEqualTo(new Target(nim.url(), "m", false, Map.of("version", "1.5.0", "release", "1.5.0-rc1")));
    }

    @Test
    void theEmbeddedNimIsFoundAsEmulatedWithTheUsualModel() {
        try (EmbeddedNim embedded = EmbeddedNim.start(0)) {
            Target target = preflight.find(RANKING, embedded.url(), Optional.empty(), EmbeddedNim.RERANKING_MODEL);
            assertThat(target.emulated()).isTrue();
            assertThat(target.model()).isEqualTo(EmbeddedNim.RERANKING_MODEL);
            assertThat(preflight.rank(target, RANKING, "q", List.of("a", "b"))).hasValue(16);
            assertThat(preflight.embed(
                            new Target(embedded.url(), EmbeddedNim.EMBEDDING_MODEL, true, Map.of()),
                            EmbeddingForm.nim(EncodingFormat.BASE64, Truncate.NONE),
                            InputType.QUERY,
                            "two words"))
                    .hasValue(6);
        }
    }

    @Test
    void aPortWhereNobodyListensIsNamedWithTheNextStep() throws IOException {
        URI nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        refused(() -> preflight.find(EMBEDDING, nobody, Optional.empty(), "m"))
                .hasMessageStartingWith(nobody + " cannot be reached (")
                .hasMessageEndingWith(
                        "); check host and port, and that the NIM runs: curl " + nobody + "/v1/health/ready");
    }

    @Test
    void aSilentServerFailsAfter5Seconds() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            refused(() -> preflight.find(EMBEDDING, url, Optional.empty(), "m"))
                    .hasMessage(url + "/v1/health/ready did not answer within 5 s; check that the NIM is not busy or"
                            + " stuck");
        }
    }

    @Test
    void aServerThatClosesTheConnectionIsNamed() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Future<?> closing = thread.submit(() -> {
                while (true) {
                    try (Socket connection = rude.accept()) {
                        connection.getInputStream().read(new byte[1000]);
                    }
                }
            });
            URI url = URI.create("http://127.0.0.1:" + rude.getLocalPort());
            refused(() -> preflight.find(EMBEDDING, url, Optional.empty(), "m"))
                    .hasMessageStartingWith(url + "/v1/health/ready broke the connection (")
                    .hasMessageEndingWith("); check that it is a NIM and speaks HTTP/1.1");
            assertThat(closing).isNotDone();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void a404OfModelsSaysThatTheModelCanBeNamed() {
        nim.answer("/v1/models", 404, "{'detail':'Not Found'}");
        refused(() -> find(Optional.empty()))
                .hasMessage(nim.url() + "/v1/models answered HTTP 404 (Not Found); check the address: nimload adds"
                        + " /v1/models itself, or name the model: -Dnim.embedding.model=…");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 405, 500})
    void aModelThatIsGivenNeedsNoListOfModelsAndTheRunNotesIt(int status) {
        nim.answer("/v1/models", status, "{'message':'no Route matched with those values'}");
        assertThat(find(Optional.of("nvidia/x")).model()).isEqualTo("nvidia/x");
        assertThat(preflight.notes())
                .containsExactly("embedding: this server does not list its models (HTTP " + status
                        + " from /v1/models); the model nvidia/x was not verified.");
    }

    @Test
    void theHostedApiNeedsNoHealthRoute() {
        nim.answer("/v1/health/ready", 404, "");
        assertThat(find(Optional.empty()).model()).isEqualTo("m");
        assertThat(preflight.notes())
                .containsExactly("embedding: this server does not say whether it is ready (HTTP 404 from"
                        + " /v1/health/ready); its first answer was taken for that.");
    }

    @Test
    void aModelThatIsNotServedIsRefusedWithTheServedOnes() {
        nim.answer("/v1/models", 200, "{'data':[{'id':'a/b'},{'id':'c'}]}");
        refused(() -> find(Optional.of("nvidia/other")))
                .hasMessage(SETTING + "=nvidia/other is not served at " + nim.url()
                        + ", which serves a/b, c; give one of" + " these with -Dnim.embedding.model=… or leave it out");
    }

    @Test
    void ofSeveralModelsTheUserChoosesUnlessTheUsualOneIsAmongThem() {
        nim.answer("/v1/models", 200, "{'data':[{'id':'a/b'},{'id':'c'}]}");
        refused(() -> find(Optional.empty()))
                .hasMessage(nim.url() + " serves several models: a/b, c; choose one with -Dnim.embedding.model=…");
        assertThat(find(Optional.of("c")).model()).isEqualTo("c");
        nim.answer("/v1/models", 200, "{'data':[{'id':'a/b'},{'id':'" + EmbeddedNim.EMBEDDING_MODEL + "'}]}");
        assertThat(find(Optional.empty()).model()).isEqualTo(EmbeddedNim.EMBEDDING_MODEL);
    }

    @Test
    void aModelMayBeNamedWithTheSuffixOfItsInputType() {
        assertThat(find(Optional.of("m-passage")).model()).isEqualTo("m-passage");
    }

    @Test
    void aPageOfHtmlInsteadOfModelsIsNoNim() {
        nim.answer("/v1/models", 200, "<html>\n<body>Welcome to nginx!</body></html>");
        refused(() -> find(Optional.empty()))
                .hasMessage(nim.url() + "/v1/models is not what a NIM answers (an HTML page: Welcome to nginx!);"
                        + " check the address");
    }

    @Test
    void anEmptyListOfModelsIsNoNim() {
        nim.answer("/v1/models", 200, "{'data':[]}");
        refused(() -> find(Optional.empty()))
                .hasMessage(
                        nim.url() + "/v1/models is not what a NIM answers (no model id in data); check the address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "500 | {'message':'CUDA out\\n  of memory'} | CUDA out of memory | check the NIM's log",
                "500 | Internal\tServer Error | Internal Server Error | check the NIM's log",
                "401 | {'error':'Unauthorized'} | Unauthorized | give a valid key in the environment: NIM_API_KEY=…, or the header that it takes: -Dnim.embedding.headers=…",
                "403 | {'detail':'Forbidden'} | Forbidden | give a valid key in the environment: NIM_API_KEY=…, or the header that it takes: -Dnim.embedding.headers=…",
            })
    void anErrorQuotesTheServerAndNamesTheNextStep(int status, String body, String said, String next) {
        nim.answer("/v1/models", status, body);
        refused(() -> find(Optional.empty()))
                .hasMessage(nim.url() + "/v1/models answered HTTP " + status + " (" + said + "); " + next);
    }

    @Test
    void anErrorWithoutABodyHasNoParentheses() {
        nim.answer("/v1/models", 500, "");
        refused(() -> find(Optional.empty()))
                .hasMessage(nim.url() + "/v1/models answered HTTP 500; check the NIM's log");
    }

    @Test
    void aLongPageIsCutAfter120Characters() {
        nim.answer("/v1/models", 500, "x".repeat(5000));
        refused(() -> find(Optional.empty()))
                .hasMessage(nim.url() + "/v1/models answered HTTP 500 (" + "x".repeat(120) + "…); check the NIM's log");
    }

    @Test
    void metadataThatIsNotJsonDoesNotStopTheRun() {
        nim.answer("/v1/metadata", 200, "<html>");
        assertThat(find(Optional.empty()).about()).isEqualTo(Map.of("metadata", "not JSON"));
    }

    @Test
    void theFirstRequestsSendTheKeyIfThereIsOne() {
        find(Optional.empty());
        assertThat(nim.authorizations()).isNotEmpty().containsOnly("Bearer " + KEY);
        nim.authorizations().clear();
        preflight(Headers.NONE).find(EMBEDDING, nim.url(), Optional.empty(), "m");
        assertThat(nim.authorizations()).isNotEmpty().containsOnly("null");
    }

    private void embed() {
        preflight.embed(target(), EMBEDDING, InputType.QUERY, "a");
    }

    @Test
    void anAnswerWithoutUsageHasUnknownTokens() {
        nim.answer("/v1/embeddings", 200, "{'data':[{'index':0,'embedding':[1,2]}]}");
        assertThat(preflight.embed(target(), EMBEDDING, InputType.QUERY, "a")).isEmpty();
        nim.answer("/v1/ranking", 200, "{'rankings':[{'index':0,'logit':1}]}");
        assertThat(preflight.rank(target(), RANKING, "q", List.of("a"))).isEmpty();
    }

    @Test
    void anAnswersShapeIsItsDimensionsItsLengthAndItsModel() {
        nim.answer("/v1/embeddings", 200, "{'model':'m-2','data':[{'index':0,'embedding':[3,4]}]}");
        AnswerShape embedding = preflight
                .seenEmbedding(target(), EMBEDDING, InputType.QUERY)
                .answers()
                .orElseThrow();
        assertThat(embedding)
                .isEqualTo(new AnswerShape(Optional.of(new AnswerShape.Vectors(2, 5)), Optional.of("m-2")));
        assertThat(embedding.vectors().orElseThrow().unit()).isFalse();
        nim.answer("/v1/embeddings", 200, "{'data':[{'index':0,'embedding':[0.6,0.8]}]}");
        AnswerShape unit = preflight
                .seenEmbedding(target(), EMBEDDING, InputType.QUERY)
                .answers()
                .orElseThrow();
        assertThat(unit.vectors().orElseThrow().unit()).isTrue();
        assertThat(unit.model()).isEmpty();
        nim.answer("/v1/ranking", 200, "{'model':'r','rankings':[{'index':0,'logit':1}]}");
        assertThat(preflight.seenRanking(target(), RANKING).answers())
                .hasValue(new AnswerShape(Optional.empty(), Optional.of("r")));
    }

    @Test
    void aWrongFirstAnswerSaysWhatIsWrong() {
        nim.answer("/v1/embeddings", 200, "{'data':[]}");
        refused(this::embed)
                .hasMessage(nim.url() + "/v1/embeddings answered one request wrongly (0 vectors for 1 texts);"
                        + " check that it is a NIM of this kind, and its log");
        nim.answer("/v1/ranking", 200, "{'rankings':[{'index':1,'logit':1}]}");
        refused(() -> preflight.rank(target(), RANKING, "q", List.of("a")))
                .hasMessage(nim.url() + "/v1/ranking answered one request wrongly (index 1 for 1 passages);"
                        + " check that it is a NIM of this kind, and its log");
    }

    @Test
    void anEmbeddingNimAskedForARankingSays404() {
        refused(() -> preflight.rank(target(), RANKING, "q", List.of("a")))
                .hasMessage(nim.url() + "/v1/ranking answered HTTP 404 (Not Found); check the address: nimload adds"
                        + " /v1/ranking itself");
    }

    @Test
    void aRefusedFirstEmbeddingQuotesTheNim() {
        nim.answer("/v1/embeddings", 400, "{'object':'error','message':'The model expects an input_type'}");
        refused(this::embed)
                .hasMessage(nim.url() + "/v1/embeddings answered HTTP 400 (The model expects an input_type);"
                        + " check the NIM's log");
    }

    private static final String RIGHT = "{'data':[{'index':0,'embedding':[1,2]}]}";

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504, 0})
    void aRequestWhoseFailureMayPassIsSentAgainAndNoted(int status) {
        nim.answer(
                "/v1/embeddings",
                request -> new MisbehavingNim.Answer(request.number() % 4 == 0 ? status : 200, RIGHT));
        for (int i = 0; i < 9; i++) {
            embed();
        }
        assertThat(nim.requests("/v1/embeddings")).isEqualTo(11);
        assertThat(clock.pauses()).containsExactly(Duration.ofMillis(500), Duration.ofMillis(500));
        assertThat(preflight.notes())
                .containsExactly("embedding, learning: 2 requests were sent again ("
                        + (status == 0 ? "connection broken" : "HTTP " + status) + ").");
    }

    @Test
    void afterThreeTriesTheRunEndsWithTheServersWords() {
        nim.answer(
                "/v1/embeddings",
                request -> request.number() < 10
                        ? new MisbehavingNim.Answer(200, RIGHT)
                        : new MisbehavingNim.Answer(504, "<html><body>504 Gateway Time-out</body></html>"));
        for (int i = 0; i < 9; i++) {
            embed();
        }
        refused(this::embed)
                .hasMessage(nim.url() + "/v1/embeddings: embedding, learning: 1 of 10 requests failed with HTTP 504"
                        + " (after 3 tries): <html><body>504 Gateway Time-out</body></html>; check the log of the NIM"
                        + " and of what stands before it, and start again");
        assertThat(nim.requests("/v1/embeddings")).isEqualTo(12);
        assertThat(clock.pauses()).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"5, 5000", "1, 1000", "6, 500", "Wed, 500"})
    void aServerThatAsksForAShortPauseGetsIt(String retryAfter, long millis) {
        nim.answer(
                "/v1/embeddings",
                request -> request.number() == 1
                        ? new MisbehavingNim.Answer(429, "", Map.of("Retry-After", retryAfter))
                        : new MisbehavingNim.Answer(200, RIGHT));
        embed();
        assertThat(clock.pauses()).containsExactly(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 422, 500})
    void aRefusedRequestIsNotSentAgain(int status) {
        nim.answer("/v1/embeddings", status, "{'message':'no'}");
        refused(this::embed).hasMessageStartingWith(nim.url() + "/v1/embeddings answered HTTP " + status + " (no); ");
        assertThat(nim.requests("/v1/embeddings")).isEqualTo(1);
    }

    @Test
    void aRedirectedPostNamesItsTarget() {
        nim.answer(
                "/v1/embeddings",
                request -> new MisbehavingNim.Answer(308, "", Map.of("Location", "/x/v1/embeddings")));
        refused(this::embed)
                .hasMessage(nim.url() + " redirects to " + nim.url() + "/x (HTTP 308); give that address:"
                        + " -Dnim.embedding.url=" + nim.url() + "/x");
    }

    private Optional<String> refusalOfTwoTexts() {
        return preflight.refusal(target(), EMBEDDING, new byte[] {'{', '}'}, 2, Duration.ofSeconds(60), words -> words);
    }

    @Test
    void aLargeRequestIsAnsweredRightlyOrWhatStandsAgainstItIsSaid() {
        nim.answer("/v1/embeddings", 200, "{'data':[{'index':0,'embedding':[1,2]},{'index':1,'embedding':[1,2]}]}");
        assertThat(refusalOfTwoTexts()).isEmpty();
        nim.answer("/v1/embeddings", 413, "<html>413 Request Entity Too Large</html>");
        assertThat(refusalOfTwoTexts()).hasValue("HTTP 413: <html>413 Request Entity Too Large</html>");
        nim.answer("/v1/embeddings", 200, RIGHT);
        assertThat(refusalOfTwoTexts().orElseThrow()).isEqualTo("answered wrongly: 1 vectors for 2 texts");
        nim.answer("/v1/embeddings", 0, "");
        assertThat(refusalOfTwoTexts()).hasValue("connection broken");
        nim.answer("/v1/embeddings", 401, "");
        refused(this::refusalOfTwoTexts).hasMessageContaining("NIM_API_KEY");
    }

    @Test
    void aLargeAnswerMayHaveMoreThan4MebibytesWhereItHasManyItems() {
        String vectors = IntStream.range(0, 100)
                .mapToObj(index -> "{'index':" + index + ",'embedding':[1,2],'x':'" + "y".repeat(50_000) + "'}")
                .collect(Collectors.joining(","));
        nim.answer("/v1/embeddings", 200, "{'data':[" + vectors + "]}");
        assertThat(preflight.refusal(
                        target(), EMBEDDING, new byte[] {'{'}, 100, Duration.ofSeconds(60), words -> words))
                .isEmpty();
    }

    @Test
    void whatSingleRequestsShowIsKept() {
        nim.answer("/v1/embeddings", request -> {
            if (request.body().contains("\"NONE\"")) {
                return new MisbehavingNim.Answer(
                        400, "{'message':'Input length 602 exceeds maximum allowed token size 512'}");
            }
            if (request.body().contains("base64")) {
                return new MisbehavingNim.Answer(500, "");
            }
            return new MisbehavingNim.Answer(
                    200, "{'model':'m-2','data':[{'index':0,'embedding':[0.6,0.8]}],'usage':{'prompt_tokens':512}}");
        });
        Target seen = preflight.seenEmbedding(target(), EMBEDDING, InputType.QUERY);
        assertThat(seen.probed())
                .containsExactly(
                        entry("dimensions", "2"),
                        entry("vectorLength", "1.0000"),
                        entry("unitLength", "yes"),
                        entry("model", "m-2"),
                        entry("encodingFormat.float", "answered in float"),
                        entry("encodingFormat.base64", "unknown: HTTP 500"),
                        entry(
                                "truncate.NONE",
                                "refused: HTTP 400 (Input length 602 exceeds maximum allowed token size 512)"),
                        entry("tokenLimit", "512, by its words"),
                        entry("truncate.END", "takes 600 words, 512 tokens"),
                        entry("field.dimensions", "ignored: 2 numbers"));
        assertThat(nim.requests("/v1/embeddings")).isEqualTo(6);
        nim.answer("/v1/ranking", 200, "{'rankings':[{'index':0,'logit':1}]}");
        assertThat(preflight.seenRanking(target(), RANKING).probed())
                .containsExactly(
                        entry("model", "not named"),
                        entry("truncate.NONE", "takes 600 words, no usage given"),
                        entry("tokenLimit", "unknown, takes 38400 words"),
                        entry("truncate.END", "takes 600 words, no usage given"),
                        entry("usage", "none"));
        assertThat(nim.requests("/v1/ranking")).isEqualTo(8);
    }

    @Test
    void whereTheEmbeddedNimIsSlowThisMachineIs() throws IOException {
        NoAnswer late = new NoAnswer(
                nim.url(),
                nim.url().resolve("/v1/models"),
                Duration.ofSeconds(30),
                new HttpTimeoutException("no complete answer"));
        assertThat(Patience.EMBEDDED.error(late))
                .hasMessage("nimload's embedded NIM did not answer /v1/models within 30 s: this machine is too busy to"
                        + " measure on; stop what else runs here and start again");
        assertThat(Patience.REAL.error(late))
                .hasMessage(nim.url() + "/v1/models did not answer within 30 s; check that the NIM is not busy or"
                        + " stuck");
    }
}
