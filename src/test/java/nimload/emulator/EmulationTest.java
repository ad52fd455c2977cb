package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.Json;
import nimload.nim.NimError;
import nimload.nim.Routes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the embedded NIM takes and refuses, by its model and its strictness. */
class EmulationTest {
    private static final String QUERY = "'model':'nvidia/nv-embedqa-e5-v5','input_type':'query'";
    private static final String RANKER = "'model':'nvidia/llama-3.2-nv-rerankqa-1b-v2'";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Emulation of(boolean strict, String... models) {
        return new Emulation(
                models.length == 0 ? Emulation.ofTheGuide().models() : ModelFile.read(List.of(models)),
                strict,
                OptionalInt.empty(),
                TimesFile.H200,
                1,
                Optional.empty(),
                false);
    }

    private static Emulation ofModel(String yaml) {
        Emulation guide = Emulation.ofTheGuide();
        return new Emulation(
                ModelFile.parse("m.yaml", yaml),
                true,
                guide.queueLimit(),
                guide.times(),
                1,
                guide.fixedDelay(),
                guide.remembering());
    }

    private HttpResponse<String> post(EmbeddedNim nim, String path, String body) {
        return send(HttpRequest.newBuilder(nim.url().resolve(path)).POST(BodyPublishers.ofString(json(body))));
    }

    private HttpResponse<String> get(URI url, String path) {
        return send(HttpRequest.newBuilder(url.resolve(path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String json(String body) {
        return body.replace("E5", QUERY).replace("RANKER", RANKER).replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{E5,'input':'a','foo':1}| 422 | Extra inputs are not permitted",
                "{E5,'input':'a','top_k':5}| 422 | Extra inputs are not permitted",
                "{E5,'input':'a','dimensions':256}| 422 | Extra inputs are not permitted",
                "{E5,'input':'a','dimensions':1024}| 422 | Extra inputs are not permitted",
                "{E5,'input':['']}| 400 | input[0] is empty or only white space",
                "{E5,'input':['a',' ']}| 400 | input[1] is empty or only white space",
                "{E5,'input':''}| 400 | input[0] is empty or only white space",
                "{E5,'input':[]}| 422 | Input should be a string or a non-empty array of strings",
                "{'model':'nvidia/nv-embedqa-e5-v5-query','input_type':'passage','input':'a'}| 400 | input_type 'passage' contradicts the suffix '-query' of the model",
                "{E5,'input':'a','embedding_type':'int8'}| 400 | The model does not support embedding_type 'int8'",
                "{E5,'input':'a','embedding_type':'int4'}| 422 | Input should be 'float' or 'int8' or 'uint8' or 'binary' or 'ubinary'",
                "{E5,'input':'a','modality':'image'}| 422 | Input should be 'text'",
                "{E5,'input':'a','modality':['text','text_image']}| 422 | Input should be 'text'",
                "{E5,'input':'a','encoding_format':'base64','user':'me','embedding_type':'float','modality':'text','dimensions':null}| 200 |",
                "{'model':'nvidia/nv-embedqa-e5-v5-query','input':'a','encoding_format':'base64'}| 200 |",
                "{'model':'nvidia/nv-embedqa-e5-v5-query','input_type':'query','input':'a'}| 200 |",
            })
    void aStrictOneRefusesOfAnEmbeddingRequestWhatANimRefuses(String body, int status, String words) throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(true))) {
            HttpResponse<String> answer = post(nim, Routes.EMBEDDINGS, body);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(NimError.messageIn(answer.body().getBytes())).isEqualTo(Optional.ofNullable(words));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{RANKER,'query':{'text':''},'passages':[{'text':'a'}]}| 422 | String should have at least 1 character",
                "{RANKER,'query':{'text':'q'},'passages':[{'text':'a'},{'text':' '}]}| 422 | String should have at least 1 character",
                "{RANKER,'query':{'text':'q'},'passages':[{'text':'a'}],'top_n':1}| 422 | Extra inputs are not permitted",
                "{RANKER,'query':{'text':'q','foo':1},'passages':[{'text':'a'}]}| 422 | Extra inputs are not permitted",
                "{RANKER,'query':{'text':'q'},'passages':[{'text':'a','image':'data:'}]}| 422 | Extra inputs are not permitted",
                "{RANKER,'query':{'text':'q'},'passages':[{'text':'a'}],'truncate':'END'}| 200 |",
            })
    void aStrictOneRefusesOfARankingWhatANimRefuses(String body, int status, String words) throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(true))) {
            HttpResponse<String> answer = post(nim, Routes.RANKING, body);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(NimError.messageIn(answer.body().getBytes())).isEqualTo(Optional.ofNullable(words));
        }
    }

    @Test
    void aRefusedFieldIsNamedWithItsPlaceAndValue() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(true))) {
            assertThat(Json.MAPPER.readTree(post(nim, Routes.EMBEDDINGS, "{E5,'input':'a','dimensions':256}")
                            .body()))
                    .isEqualTo(Json.MAPPER.readTree(json("{'detail':[{'type':'extra_forbidden','loc':['body',"
                            + "'dimensions'],'msg':'Extra inputs are not permitted','input':256}]}")));
            assertThat(Json.MAPPER
                            .readTree(post(
                                            nim,
                                            Routes.RANKING,
                                            "{RANKER,'query':{'text':'q'},'passages':[{'text':'a'},{'x':1}]}")
                                    .body())
                            .at("/detail/0/loc"))
                    .isEqualTo(Json.MAPPER.readTree(json("['body','passages',1,'x']")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/embeddings | {E5,'input':['a',''],'foo':1}| 1024",
                "/v1/embeddings | {E5,'input':'a','dimensions':100}| 100",
                "/v1/embeddings | {'model':'nvidia/nv-embedqa-e5-v5-query','input_type':'passage','input':'a'}| 1024",
                "/v1/ranking | {RANKER,'query':{'text':''},'passages':[{'text':'a','x':1}],'foo':1}|",
            })
    void aLenientOneTakesThemAll(String path, String body, Integer dimension) throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(false))) {
            HttpResponse<String> answer = post(nim, path, body);
            assertThat(answer.statusCode()).isEqualTo(200);
            if (dimension != null) {
                assertThat(Json.MAPPER.readTree(answer.body()).at("/data/0/embedding"))
                        .hasSize(dimension);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "llama-nemotron-embed-1b-v2 || 2048",
                "llama-nemotron-embed-1b-v2 | 'dimensions':384 | 384",
                "llama-nemotron-embed-1b-v2 | 'dimensions':2048 | 2048",
                "nvidia/nemotron-3.5-embed-1b-bf16 | 'dimensions':1001 | 1001",
                "bge-m3 || 1024",
            })
    void aModelGivesItsDimensionOrTheOneThatIsAskedFor(String model, String field, int dimension) throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(true, model))) {
            float[] vector = vector(nim, model, field);
            assertThat(vector).hasSize(dimension);
            assertThat(length(vector)).isBetween(0.99999, 1.00001);
        }
    }

    private float[] vector(EmbeddedNim nim, String model, String field) throws Exception {
        HttpResponse<String> answer = post(nim, Routes.EMBEDDINGS, request(model, "a", field));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return EmbeddingAnswer.parse(answer.body().getBytes(), 1).vectors().get(0);
    }

    private static String request(String model, String text, String field) {
        return "{'model':'" + ModelFile.known(model).id() + "','input_type':'query','input':'" + text + "'"
                + (field == null ? "" : "," + field) + "}";
    }

    private static double length(float[] vector) {
        return Math.sqrt(IntStream.range(0, vector.length)
                .mapToDouble(i -> (double) vector[i] * vector[i])
                .sum());
    }

    @ParameterizedTest
    @CsvSource({"384", "1000", "2047"})
    void aSmallerDimensionIsTheBeginningOfTheVector(int dimension) throws Exception {
        String model = "Nemotron-3.5-Embed-1B-BF16";
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(true, model))) {
            float[] whole = vector(nim, model, null);
            float[] some = vector(nim, model, "'dimensions':" + dimension);
            double scale = length(Arrays.copyOf(whole, dimension));
            for (int i = 0; i < dimension; i++) {
                assertThat((double) some[i]).isCloseTo(whole[i] / scale, within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "llama-nemotron-embed-1b-v2 | 'dimensions':256 | 400 | The model does not support dimensions=256, only 384, 512, 768, 1024, 2048",
                "Nemotron-3.5-Embed-1B-BF16 | 'dimensions':2049 | 400 | The model does not support dimensions=2049, only 1 to 2048",
                "Nemotron-3.5-Embed-1B-BF16 | 'dimensions':0 | 422 | Input should be a valid integer greater than 0",
                "Nemotron-3.5-Embed-1B-BF16 | 'dimensions':'512' | 422 | Input should be a valid integer greater than 0",
                "Nemotron-3.5-Embed-1B-BF16 | 'embedding_type':'binary' | 400 | The model does not support embedding_type 'binary'",
                "nemotron-3-embed-1b | 'dimensions':2048 | 422 | Extra inputs are not permitted",
            })
    void aModelRefusesTheDimensionsAndTypesThatItDoesNotHave(String model, String field, int status, String words)
            throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(true, model))) {
            HttpResponse<String> answer = post(nim, Routes.EMBEDDINGS, request(model, "a", field));
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(NimError.messageIn(answer.body().getBytes())).contains(words);
        }
    }

    @ParameterizedTest
    @CsvSource({"int8, 2048, -127, 127", "uint8, 2048, 1, 255", "binary, 256, -128, 127", "ubinary, 256, 0, 255"})
    void anEmbeddingTypeGivesIntegersInItsRangeAsJsonAndAsBytes(String type, int numbers, int min, int max)
            throws Exception {
        String model = "llama-nemotron-embed-1b-v2";
        try (EmbeddedNim nim = EmbeddedNim.start(0, of(true, model))) {
            String field = "'embedding_type':'" + type + "'";
            JsonNode vector = Json.MAPPER
                    .readTree(post(nim, Routes.EMBEDDINGS, request(model, "a", field))
                            .body())
                    .at("/data/0/embedding");
            assertThat(vector).hasSize(numbers).allSatisfy(number -> {
                assertThat(number.isInt()).isTrue();
                assertThat(number.intValue()).isBetween(min, max);
            });
            if (numbers == 2048) {
                int zero = type.equals("uint8") ? 128 : 0;
                assertThat(vector)
                        .anySatisfy(number ->
                                assertThat(Math.abs(number.intValue() - zero)).isEqualTo(127));
            }
            if (numbers == 256) {
                float[] floats = vector(nim, model, null);
                int zero = type.equals("binary") ? 128 : 0;
                for (int i = 0; i < floats.length; i++) {
                    assertThat((vector.get(i / 8).intValue() + zero >> 7 - i % 8 & 1) == 1)
                            .isEqualTo(floats[i] > 0);
                }
            }
            byte[] bytes = Base64.getDecoder()
                    .decode(Json.MAPPER
                            .readTree(post(
                                            nim,
                                            Routes.EMBEDDINGS,
                                            request(model, "a", field + ",'encoding_format':'base64'"))
                                    .body())
                            .at("/data/0/embedding")
                            .textValue());
            assertThat(bytes).hasSize(numbers);
            for (int i = 0; i < numbers; i++) {
                assertThat(bytes[i]).isEqualTo((byte) vector.get(i).intValue());
            }
        }
    }

    @Test
    void aModelOfAFileHasItsIdLimitsLengthAndNoUsage() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(
                0,
                ofModel("- {kind: embedding, id: me/mine, maxTokens: 6, dimension: 384, maxItems: 2, usage: false,"
                        + " unitLength: false, inputType: false}"))) {
            HttpResponse<String> answer = post(nim, Routes.EMBEDDINGS, "{'model':'me/mine','input':['a','b']}");
            EmbeddingAnswer read = EmbeddingAnswer.parse(answer.body().getBytes(), 2);
            assertThat(read.usage()).isEmpty();
            assertThat(read.vectors()).allSatisfy(vector -> {
                assertThat(vector).hasSize(384);
                assertThat(length(vector)).isGreaterThan(2);
            });
            assertThat(length(read.vectors().get(0)))
                    .isNotEqualTo(length(read.vectors().get(1)));
            HttpResponse<String> three = post(nim, Routes.EMBEDDINGS, "{'model':'me/mine','input':['a','b','c']}");
            assertThat(three.statusCode()).isEqualTo(400);
            assertThat(NimError.messageIn(three.body().getBytes()))
                    .contains("Batch size 3 exceeds maximum allowed batch size 2");
            assertThat(NimError.messageIn(post(nim, Routes.EMBEDDINGS, "{'model':'me/mine','input':'a b c'}")
                            .body()
                            .getBytes()))
                    .contains("Input length 7 exceeds maximum allowed token size 6");
            assertThat(get(nim.url(), Routes.MODELS).body())
                    .contains("\"me/mine\"")
                    .doesNotContain("nvidia");
            assertThat(get(nim.url(), Routes.METADATA).body())
                    .contains("embedded NIM (me/mine with the times of another model: nobody's)");
            assertThat(post(nim, Routes.RANKING, "{RANKER,'query':{'text':'q'},'passages':[{'text':'a'}]}")
                            .statusCode())
                    .as("a NIM serves one model")
                    .isEqualTo(404);
        }
    }

    @Test
    void aRankingModelOfAFileLimitsItsPassages() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0, ofModel("{kind: reranking, id: r, maxTokens: 99, maxItems: 1}"))) {
            HttpResponse<String> answer = post(
                    nim, Routes.RANKING, "{'model':'r','query':{'text':'q'},'passages':[{'text':'a'},{'text':'b'}]}");
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(NimError.messageIn(answer.body().getBytes()))
                    .contains("Input should be an array of 1 to 1 passages");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "- kind: embeding | line 1, column 9: embeding is not a kind of NIM; give embedding or reranking",
                "- {kind: reranking, id: a} | line 1, column 3: a model without maxTokens; give e.g. maxTokens: 512",
                "- {kind: reranking, id: a, maxTokens: 0} | line 1, column 39: 0 is not a whole number from 1 to 1000000; give e.g. 512",
                "- {kind: reranking, id: a, maxTokens: 9, dimension: 5} | line 1, column 53: dimension is for embedding models; leave it out, or give kind: embedding",
                "- {kind: embedding, id: a, maxTokens: 9, dimension: 5, dimensions: 4-6} | line 1, column 68: 4-6 is not within 1 to 5, the model's dimension; give fewer numbers",
                "- {kind: embedding, id: a, maxTokens: 9, dimension: 5, dimensions: [x]} | line 1, column 69: x is neither a whole number nor a range; give e.g. [384, 512] or 32-2048",
                "- {kind: embedding, id: a, maxTokens: 9, dimension: 5, embeddingTypes: int4} | line 1, column 72: int4 is not an embedding type; give some of float, int8, uint8, binary, ubinary",
                "- {kind: embedding, id: a, maxTokens: 9, dimension: 5, usage: no} | line 1, column 63: no is neither true nor false; give one of them",
                "- {kind: embedding, max_tokens: 9} | line 1, column 21: max_tokens is not known; did you mean maxTokens?",
            })
    void aMistakeInAModelIsRefusedWithItsLineAndColumn(String yaml, String problem) {
        assertThatThrownBy(() -> ModelFile.parse("m.yaml", yaml))
                .isInstanceOf(UserError.class)
                .hasMessage("m.yaml " + problem);
    }

    @Test
    void anUnknownModelAndTwoOfAKindAreRefused() {
        assertThatThrownBy(() -> ModelFile.read(List.of("bge-m4")))
                .hasMessage(
                        "--model bge-m4: unknown model; did you mean bge-m3? simulations-data/models.yaml lists them"
                                + " all; a file like it adds your own");
        assertThatThrownBy(() -> ModelFile.read(List.of("bge-m3", "nv-embedqa-e5-v5")))
                .hasMessage("--model: baai/bge-m3 and nvidia/nv-embedqa-e5-v5 are both for embedding, and a NIM serves"
                        + " one model; give one of them");
        assertThatThrownBy(() -> ModelFile.read(List.of("no-such.yaml")))
                .hasMessageStartingWith("--model no-such.yaml cannot be read (")
                .hasMessageEndingWith("; give a file like simulations-data/models.yaml, or a model that it lists");
    }

    /** One is in computation, one waits, so the third is refused: 100 times slower than an H200, a batch takes 0.1 s. */
    @Test
    void aFullQueueAnswers503AndCountsIt() throws Exception {
        Emulation guide = Emulation.ofTheGuide();
        Emulation limited = new Emulation(
                guide.models(), true, OptionalInt.of(1), guide.times(), 9, guide.fixedDelay(), guide.remembering());
        try (EmbeddedNim nim = EmbeddedNim.start(0, limited)) {
            String large = "{E5,'truncate':'END','input':["
                    + String.join(",", Collections.nCopies(64, "'" + "word ".repeat(512) + "'")) + "]}";
            List<HttpResponse<String>> answers = Stream.generate(() -> large)
                    .limit(8)
                    .map(body -> CompletableFuture.supplyAsync(() -> post(nim, Routes.EMBEDDINGS, body)))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            List<HttpResponse<String>> refused = answers.stream()
                    .filter(answer -> answer.statusCode() == 503)
                    .toList();
            assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSizeBetween(2, 7);
            assertThat(refused.size()).isEqualTo((int) (8
                    - answers.stream()
                            .filter(answer -> answer.statusCode() == 200)
                            .count()));
            assertThat(NimError.messageIn(refused.get(0).body().getBytes()))
                    .contains("Request queue is full: 1 requests are waiting");
            assertThat(get(nim.url(), Routes.METRICS).body())
                    .contains("nimload_queue_rejected{model=\"nvidia/nv-embedqa-e5-v5\"} " + refused.size() + "\n")
                    .contains(
                            "nv_inference_request_failure{model=\"nvidia/nv-embedqa-e5-v5\"} " + refused.size() + "\n");
        }
    }

    @Test
    void replicasCountTheirOwnRequestsAndTellThemselvesApart() throws Exception {
        List<EmbeddedNim> replicas = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                replicas.add(EmbeddedNim.start(0, of(true)));
            }
            for (int i = 0; i < 3; i++) {
                for (int request = 0; request <= i; request++) {
                    post(replicas.get(i), Routes.EMBEDDINGS, "{E5,'input':'a'}");
                }
            }
            for (int i = 0; i < 3; i++) {
                URI url = replicas.get(i).url();
                assertThat(get(url, Routes.METRICS).body())
                        .contains("nv_inference_request_success{model=\"nvidia/nv-embedqa-e5-v5\"} " + (i + 1) + "\n")
                        .contains("process_start_time_seconds{instance=\"127.0.0.1:" + url.getPort() + "\"} ");
            }
        } finally {
            replicas.forEach(EmbeddedNim::close);
        }
    }
}
