package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.MalformedAnswer;
import nimload.nim.ModelList;
import nimload.nim.NimError;
import nimload.nim.RankingAnswer;
import nimload.nim.RankingRequest;
import nimload.nim.Truncate;
import nimload.nim.Usage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedNimTest {
    private static final String MODEL = EmbeddedNim.EMBEDDING_MODEL;
    private static final String RANKER = EmbeddedNim.RERANKING_MODEL;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private EmbeddedNim nim;

    @BeforeEach
    void start() {
        nim = EmbeddedNim.start(0);
    }

    @AfterEach
    void stop() {
        nim.close();
    }

    private HttpResponse<byte[]> send(String method, String path, byte[] body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(nim.url() + path))
                            .timeout(Duration.ofSeconds(20))
                            .method(
                                    method,
                                    body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    private HttpResponse<byte[]> get(String path) {
        return send("GET", path, new byte[0]);
    }

    private HttpResponse<byte[]> post(String path, String json) {
        return send("POST", path, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return Json.MAPPER.readTree(response.body());
    }

    private HttpResponse<byte[]> embed(InputType type, EncodingFormat format, Truncate truncate, List<String> texts) {
        return send("POST", "/v1/embeddings", new EmbeddingRequest(MODEL, texts, type, format, truncate).toJson());
    }

    private EmbeddingAnswer embedded(InputType type, EncodingFormat format, String... texts) throws MalformedAnswer {
        HttpResponse<byte[]> response = embed(type, format, Truncate.NONE, List.of(texts));
        assertThat(response.statusCode()).isEqualTo(200);
        return EmbeddingAnswer.parse(response.body(), texts.length);
    }

    private HttpResponse<byte[]> rank(Truncate truncate, String query, List<String> passages) {
        return send("POST", "/v1/ranking", new RankingRequest(RANKER, query, passages, truncate).toJson());
    }

    private static String words(int count) {
        return String.join(" ", Collections.nCopies(count, "word"));
    }

    @Test
    void aVectorIs1024FloatsOfLengthOne() throws MalformedAnswer {
        for (float[] vector :
                embedded(InputType.QUERY, EncodingFormat.FLOAT, "a", "b", "c").vectors()) {
            assertThat(vector).hasSize(1024);
            double squares = IntStream.range(0, 1024)
                    .mapToDouble(i -> (double) vector[i] * vector[i])
                    .sum();
            assertThat(Math.sqrt(squares)).isBetween(0.99999, 1.00001);
        }
    }

    @Test
    void aVectorTakes17To21KilobytesAsJsonAndLessThan6AsBase64() {
        List<String> texts = IntStream.range(0, 64).mapToObj(i -> "text " + i).toList();
        int json = embed(InputType.PASSAGE, EncodingFormat.FLOAT, Truncate.NONE, texts)
                .body()
                .length;
        assertThat(json / 64).isBetween(17_000, 21_000);
        int base64 = embed(InputType.PASSAGE, EncodingFormat.BASE64, Truncate.NONE, texts)
                .body()
                .length;
        assertThat(base64 / 64).isBetween(5461, 5600);
    }

    @Test
    void base64HoldsExactlyTheFloatsOfTheJson() throws MalformedAnswer {
        List<float[]> asJson =
                embedded(InputType.QUERY, EncodingFormat.FLOAT, "a", "b").vectors();
        List<float[]> asBase64 =
                embedded(InputType.QUERY, EncodingFormat.BASE64, "a", "b").vectors();
        assertThat(asBase64.get(0)).isEqualTo(asJson.get(0));
        assertThat(asBase64.get(1)).isEqualTo(asJson.get(1));
    }

    @Test
    void aTextsVectorDoesNotDependOnItsNeighbours() throws MalformedAnswer {
        float[] alone =
                embedded(InputType.QUERY, EncodingFormat.FLOAT, "a").vectors().get(0);
        List<float[]> together =
                embedded(InputType.QUERY, EncodingFormat.FLOAT, "b", "a", "a").vectors();
        assertThat(together.get(1)).isEqualTo(alone);
        assertThat(together.get(2)).isEqualTo(alone);
        assertThat(together.get(0)).isNotEqualTo(alone);
    }

    @Test
    void theSameTextAsAPassageHasAnotherVectorThanAsAQuery() throws MalformedAnswer {
        assertThat(embedded(InputType.PASSAGE, EncodingFormat.FLOAT, "a")
                        .vectors()
                        .get(0))
                .isNotEqualTo(embedded(InputType.QUERY, EncodingFormat.FLOAT, "a")
                        .vectors()
                        .get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "word, 5",
        "two words, 6",
        "eightltr, 5",
        "nineltrss, 6",
        "'a, b', 7",
    })
    void aTextCostsItsWordsAndFourTokensOfTheModel(String text, long tokens) throws MalformedAnswer {
        assertThat(embedded(InputType.QUERY, EncodingFormat.FLOAT, text).usage())
                .contains(new Usage(tokens));
        assertThat(embedded(InputType.PASSAGE, EncodingFormat.FLOAT, text).usage())
                .contains(new Usage(tokens));
    }

    @Test
    void usageIsTheSumOverAllTexts() throws IOException, MalformedAnswer {
        assertThat(embedded(InputType.QUERY, EncodingFormat.FLOAT, words(16), words(1))
                        .usage())
                .contains(new Usage(20 + 5));
        JsonNode usage = json(embed(InputType.QUERY, EncodingFormat.FLOAT, Truncate.NONE, List.of("a")))
                .path("usage");
        assertThat(usage.path("total_tokens")).isEqualTo(usage.path("prompt_tokens"));
    }

    @Test
    void aModelsSuffixIsTheInputType() throws MalformedAnswer {
        HttpResponse<byte[]> answer = post("/v1/embeddings", "{'input':'a','model':'" + MODEL + "-passage'}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(EmbeddingAnswer.parse(answer.body(), 1).vectors().get(0))
                .isEqualTo(embedded(InputType.PASSAGE, EncodingFormat.FLOAT, "a")
                        .vectors()
                        .get(0));
    }

    @Test
    void aRequestWithoutInputTypeIs400InNvidiasWords() {
        HttpResponse<byte[]> answer = post("/v1/embeddings", "{'input':'a','model':'" + MODEL + "'}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"object\":\"error\",\"message\":\"The model expects an input_type from one of `passage` or"
                                + " `query` but none was provided.\",\"detail\":{},\"type\":\"invalid_request_error\"}");
    }

    @Test
    void anUnknownModelIs404() {
        HttpResponse<byte[]> embedding =
                post("/v1/embeddings", "{'input':'a','model':'nvidia/other','input_type':'query'}");
        assertThat(embedding.statusCode()).isEqualTo(404);
        assertThat(NimError.messageIn(embedding.body())).contains("Unknown model: nvidia/other");
        HttpResponse<byte[]> ranking =
                post("/v1/ranking", "{'query':{'text':'q'},'model':'" + MODEL + "','passages':[{'text':'a'}]}");
        assertThat(ranking.statusCode()).isEqualTo(404);
        assertThat(NimError.messageIn(ranking.body())).contains("Unknown model: " + MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{'input':7,'model':'m','input_type':'query'}", "{'query':7}"})
    void anInvalidBodyIs422(String body) throws IOException {
        for (String path : List.of("/v1/embeddings", "/v1/ranking")) {
            HttpResponse<byte[]> answer = post(path, body);
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(json(answer).path("detail").path(0).path("loc").path(0).textValue())
                    .isEqualTo("body");
        }
    }

    @Test
    void withoutTruncationATextOf512TokensIsAcceptedAndOneOf513Refused() throws MalformedAnswer {
        assertThat(embedded(InputType.PASSAGE, EncodingFormat.BASE64, words(508))
                        .usage())
                .contains(new Usage(512));
        HttpResponse<byte[]> refused =
                embed(InputType.PASSAGE, EncodingFormat.BASE64, Truncate.NONE, List.of("short", words(509)));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(NimError.messageIn(refused.body()))
                .contains("Input length 513 exceeds maximum allowed token size 512");
    }

    @ParameterizedTest
    @CsvSource({"END", "START"})
    void aTextThatIsTruncatedCounts512Tokens(Truncate truncate) throws MalformedAnswer {
        HttpResponse<byte[]> answer =
                embed(InputType.PASSAGE, EncodingFormat.BASE64, truncate, List.of(words(700), words(16)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(EmbeddingAnswer.parse(answer.body(), 2).usage()).contains(new Usage(512 + 20));
    }

    @Test
    void onePairOver8192TokensRefusesTheWholeRankingWith422() throws MalformedAnswer {
        HttpResponse<byte[]> refused = rank(Truncate.NONE, words(1), List.of(words(1), words(8186)));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(NimError.messageIn(refused.body()))
                .contains("Input length 8193 exceeds maximum allowed token size 8192");
        HttpResponse<byte[]> truncated = rank(Truncate.END, words(1), List.of(words(1), words(8186)));
        assertThat(truncated.statusCode()).isEqualTo(200);
        assertThat(RankingAnswer.parse(truncated.body(), 2).usage()).contains(new Usage(8 + 8192));
    }

    @Test
    void aRankingIsDescendingAndCountsTheQueryWithEveryPassage() throws IOException, MalformedAnswer {
        List<String> passages =
                IntStream.range(0, 40).mapToObj(i -> "passage " + i).toList();
        HttpResponse<byte[]> response = rank(Truncate.NONE, "some query", passages);
        assertThat(response.statusCode()).isEqualTo(200);
        List<Double> written = json(response).findValues("logit").stream()
                .map(JsonNode::doubleValue)
                .toList();
        assertThat(written).hasSize(40).isSortedAccordingTo(Collections.reverseOrder());
        RankingAnswer answer = RankingAnswer.parse(response.body(), 40);
        assertThat(answer.usage()).contains(new Usage(40 * (2 + 2 + 6)));
        assertThat(new HashSet<>(written)).as("different logits").hasSizeGreaterThan(30);
    }

    @Test
    void aPassagesLogitDependsOnItAndTheQueryOnly() throws MalformedAnswer {
        double alone = RankingAnswer.parse(
                        rank(Truncate.NONE, "q", List.of("a")).body(), 1)
                .logits()[0];
        assertThat(RankingAnswer.parse(
                                rank(Truncate.NONE, "q", List.of("b", "a")).body(), 2)
                        .logits()[1])
                .isEqualTo(alone);
        assertThat(RankingAnswer.parse(
                                rank(Truncate.NONE, "other", List.of("a")).body(), 1)
                        .logits()[0])
                .isNotEqualTo(alone);
    }

    @Test
    void healthModelsAndMetadataAnswerAsAClientExpects() throws IOException, MalformedAnswer {
        assertThat(get("/v1/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/v1/health/live").statusCode()).isEqualTo(200);
        assertThat(ModelList.parse(get("/v1/models").body()).ids())
                .containsExactly("nvidia/nv-embedqa-e5-v5", "nvidia/llama-3.2-nv-rerankqa-1b-v2");
        assertThat(json(get("/v1/metadata")).path("emulator").textValue()).isEqualTo("embedded NIM (H200-like)");
        assertThat(json(get("/v1/version")).path("release").isTextual()).isTrue();
        assertThat(json(get("/v1/manifest")).toString()).contains("this is nimload's emulator");
        assertThat(json(get("/v1/license")).toString()).contains("this is nimload's emulator");
        assertThat(get("/v1/models?verbose=1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/embeddings, 405, Method Not Allowed",
        "PUT, /v1/ranking, 405, Method Not Allowed",
        "GET, /, 404, Not Found",
        "GET, /v1/rerank, 404, Not Found",
        "POST, /v1/v1/embeddings, 404, Not Found",
    })
    void wrongMethodsAndPathsAreRefusedAsTheWebFrameworkDoes(String method, String path, int status, String detail)
            throws IOException {
        HttpResponse<byte[]> answer = send(method, path, new byte[0]);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer)).isEqualTo(Json.MAPPER.createObjectNode().put("detail", detail));
    }

    private double metric(String name, String model) {
        String page = new String(get("/v1/metrics").body(), StandardCharsets.UTF_8);
        Matcher line = Pattern.compile("(?m)^" + name + "\\{model=\"" + Pattern.quote(model) + "\"} (\\S+)$")
                .matcher(page);
        assertThat(line.find()).as(name + " in\n" + page).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void metricsCountRequestsPerModel() {
        assertThat(metric("nv_inference_request_success", MODEL)).isZero();
        for (int i = 0; i < 3; i++) {
            embed(InputType.QUERY, EncodingFormat.BASE64, Truncate.NONE, List.of("a", "b"));
        }
        embed(InputType.QUERY, EncodingFormat.BASE64, Truncate.NONE, List.of(words(600)));
        rank(Truncate.NONE, "q", List.of("a", "b", "c", "d", "e"));
        post("/v1/ranking", "{}");
        post("/v1/ranking", "{}");
        assertThat(metric("nv_inference_request_success", MODEL)).isEqualTo(3);
        assertThat(metric("nv_inference_request_failure", MODEL)).isEqualTo(1);
        assertThat(metric("nv_inference_count", MODEL)).isEqualTo(6);
        assertThat(metric("nv_inference_exec_count", MODEL)).isEqualTo(3);
        assertThat(metric("nv_inference_pending_request_count", MODEL)).isZero();
        assertThat(metric("nv_inference_request_success", RANKER)).isEqualTo(1);
        assertThat(metric("nv_inference_request_failure", RANKER)).isEqualTo(2);
        assertThat(metric("nv_inference_count", RANKER)).isEqualTo(5);
        assertThat(metric("nv_inference_exec_count", RANKER)).isEqualTo(1);
        long perBatchMicros = ServiceTimes.h200Embedding().batchNanos(2, 10) / 1000;
        assertThat(metric("nv_inference_compute_infer_duration_us", MODEL))
                .isBetween(3.0 * perBatchMicros, 3.0 * perBatchMicros + 3);
        assertThat(metric("nv_gpu_utilization", MODEL)).isBetween(0.0, 1.0);
    }

    @Test
    void theLinesOfAMetricStandTogetherUnderOneDescription() {
        List<String> names = new String(get("/v1/metrics").body(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("^# (HELP|TYPE) ", "").split("[ {]", 2)[0])
                .toList();
        assertThat(names).hasSize(3 + 4 * 10);
        for (int i = 3; i < names.size(); i += 4) {
            assertThat(names.subList(i, i + 4)).containsOnly(names.get(i));
        }
        assertThat(names.stream().distinct()).hasSize(11);
    }

    @Test
    void anAnswerReportsTheTimeOfItsBatch() {
        HttpResponse<byte[]> answer = rank(Truncate.NONE, "q", List.of("a"));
        assertThat(answer.headers().firstValueAsLong("x-nimload-compute-us"))
                .hasValue(ServiceTimes.h200Reranking().batchNanos(1, 8) / 1000);
    }

    @Test
    void aConnectionServesManyRequestsInTheirOrder() throws IOException {
        byte[] query = new EmbeddingRequest(MODEL, List.of("a"), InputType.QUERY, EncodingFormat.BASE64, Truncate.NONE)
                .toJson();
        try (Socket socket = new Socket("127.0.0.1", nim.url().getPort())) {
            socket.setSoTimeout(20_000);
            for (int i = 0; i < 5; i++) {
                assertThat(exchange(socket, "POST /v1/embeddings", query)).startsWith("HTTP/1.1 200 ");
                assertThat(exchange(socket, "POST /v1/embeddings", new byte[] {'{'}))
                        .startsWith("HTTP/1.1 422 ");
                assertThat(exchange(socket, "GET /nowhere", new byte[0])).startsWith("HTTP/1.1 404 ");
            }
        }
        assertThat(metric("nv_inference_request_success", MODEL)).isEqualTo(5);
    }

    /** Sends one request on an open connection; returns status line and headers after reading the body too. */
    private static String exchange(Socket socket, String line, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write((line + " HTTP/1.1\r\nHost: nim\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.write(body);
        socket.getOutputStream().write(request.toByteArray());
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) b);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).isTrue();
        assertThat(in.readNBytes(Integer.parseInt(length.group(1)))).hasSize(Integer.parseInt(length.group(1)));
        return head.toString();
    }

    @Test
    void aClientThatAsksToCloseIsClosed() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", nim.url().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /v1/health/ready HTTP/1.1\r\nHost: nim\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        int port = nim.url().getPort();
        assertThatThrownBy(() -> EmbeddedNim.start(port))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("cannot listen on port " + port + " (")
                .hasMessageEndingWith("); stop the process that uses it, or choose another port");
    }

    @Test
    void theServerWithAFixedDelayGivesTheSameAnswersEachTime() {
        byte[] embedded = embed(InputType.QUERY, EncodingFormat.FLOAT, Truncate.NONE, List.of("a"))
                .body();
        byte[] other = embed(InputType.PASSAGE, EncodingFormat.FLOAT, Truncate.NONE, List.of("a"))
                .body();
        byte[] ranked = rank(Truncate.NONE, "query", List.of("one", "two")).body();
        assertThat(other).isNotEqualTo(embedded);
        nim.close();
        nim = EmbeddedNim.startWithFixedDelay(0, Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            assertThat(embed(InputType.QUERY, EncodingFormat.FLOAT, Truncate.NONE, List.of("a"))
                            .body())
                    .isEqualTo(embedded);
            assertThat(embed(InputType.PASSAGE, EncodingFormat.FLOAT, Truncate.NONE, List.of("a"))
                            .body())
                    .isEqualTo(other);
            assertThat(rank(Truncate.NONE, "query", List.of("one", "two")).body())
                    .isEqualTo(ranked);
        }
    }

    @Test
    void theServerWithAFixedDelayForgetsAnswersBeforeMemoryFills() {
        nim.close();
        nim = EmbeddedNim.startWithFixedDelay(0, Duration.ZERO);
        int answersThatFill = RememberedAnswers.MAX_BYTES / (64 * 19_000);
        for (int i = 0; i < 2 * answersThatFill; i++) {
            List<String> texts = Collections.nCopies(64, "text " + i % (answersThatFill + 10));
            assertThat(embed(InputType.PASSAGE, EncodingFormat.FLOAT, Truncate.NONE, texts)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** Two at once, so that one waits for the other; what the server measured lies within what the client did. */
    @Test
    void aSlowedOneReportsItsTimesInMicroseconds() {
        nim.close();
        nim = EmbeddedNim.startSlowed(0, 20);
        long began = System.nanoTime();
        List<HttpResponse<byte[]>> answers = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> embed(InputType.QUERY, EncodingFormat.BASE64, Truncate.NONE, List.of("a"))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        long withinMicros = (System.nanoTime() - began) / 1000;
        ServiceTimes times = ServiceTimes.h200Embedding().slowedBy(20);
        long atLeast = (times.batchNanos(1, 5) + times.hostNanos(1)) / 1000;
        for (HttpResponse<byte[]> answer : answers) {
            assertThat(answer.headers().firstValueAsLong("x-nimload-compute-us"))
                    .hasValue(times.batchNanos(1, 5) / 1000);
            assertThat(answer.headers().firstValueAsLong("x-nimload-queue-us").orElseThrow())
                    .isBetween(0L, withinMicros);
            assertThat(answer.headers()
                            .firstValueAsLong(EmbeddedNim.SERVICE_HEADER)
                            .orElseThrow())
                    .isBetween(atLeast, withinMicros);
        }
        assertThat(metric("nv_inference_request_duration_us", MODEL)).isBetween(2.0 * atLeast, 2.0 * withinMicros);
        assertThat(rank(Truncate.NONE, "q", List.of("a")).headers().firstValueAsLong("x-nimload-compute-us"))
                .hasValue(ServiceTimes.h200Reranking().slowedBy(20).batchNanos(1, 8) / 1000);
    }

    @Test
    void aSlowedOneIsLabelledAsSlowed() throws Exception {
        try (EmbeddedNim slowed = EmbeddedNim.startSlowed(0, 1.05)) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(slowed.url().resolve("/v1/metadata"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(Json.MAPPER.readTree(answer.body()).path("emulator").textValue())
                    .isEqualTo("embedded NIM (H200-like), all its times × 1.05");
        }
    }
}
