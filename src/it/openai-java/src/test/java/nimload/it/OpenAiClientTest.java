package nimload.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import com.openai.models.models.Model;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.util.FloatComparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** OpenAI's own client, as published, finds in the emulator what it expects of a server. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class OpenAiClientTest {
    private static final String EMBEDDING_MODEL = "nvidia/nv-embedqa-e5-v5";
    private static final String RERANKING_MODEL = "nvidia/llama-3.2-nv-rerankqa-1b-v2";
    private static final String TEXT = "Wie hoch ist die Zugspitze? 2962 m, 山 🏔";
    private static final int MAX_TOKENS = 512;

    /** The distance of neighbouring floats around 0.1; the values of these vectors are smaller. */
    private static final float FLOAT_PRECISION = 1e-8f;

    private static EmulatorProcess emulator;
    private static OpenAIClient client;

    @BeforeAll
    static void startEmulatorAndClient() throws Exception {
        emulator = EmulatorProcess.start();
        client = OpenAIOkHttpClient.builder()
                .baseUrl(emulator.awaitUrl() + "/v1")
                .apiKey("any")
                // The first answer counts.
                .maxRetries(0)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @AfterAll
    static void endClientAndEmulator() throws Exception {
        try {
            if (client != null) {
                client.close();
            }
        } finally {
            if (emulator != null) {
                emulator.end();
            }
        }
    }

    @Test
    void modelsAreTheEmbeddingAndTheRerankingModel() {
        assertThat(client.models().list().autoPager().stream().map(Model::id))
                .containsExactlyInAnyOrder(EMBEDDING_MODEL, RERANKING_MODEL);
    }

    @Test
    void withoutAnEncodingFormatTheClientAsksForBase64AndGetsIt() {
        Embedding byDefault = only(client.embeddings().create(asQuery(TEXT).build()));

        assertThat(byDefault.embeddingValue().isBase64()).isTrue();
        assertThat(byDefault.embeddingValue())
                .isEqualTo(only(client.embeddings()
                                .create(asQuery(TEXT)
                                        .encodingFormat(EncodingFormat.BASE64)
                                        .build()))
                        .embeddingValue());
    }

    @Test
    void floatAndBase64CarryTheSameValues() {
        Embedding asFloats = only(client.embeddings()
                .create(asQuery(TEXT).encodingFormat(EncodingFormat.FLOAT).build()));
        Embedding asBase64 = only(client.embeddings()
                .create(asQuery(TEXT).encodingFormat(EncodingFormat.BASE64).build()));

        assertThat(asFloats.embeddingValue().isFloats()).isTrue();
        assertThat(asBase64.embeddingValue().isBase64()).isTrue();
        assertThat(asBase64.embedding())
                .usingElementComparator(new FloatComparator(FLOAT_PRECISION))
                .isEqualTo(asFloats.embedding());
    }

    @Test
    void vectorsHave1024DimensionsAndLength1InBothFormats() {
        for (EncodingFormat format : List.of(EncodingFormat.FLOAT, EncodingFormat.BASE64)) {
            List<Float> vector = only(client.embeddings()
                            .create(asQuery(TEXT).encodingFormat(format).build()))
                    .embedding();

            assertThat(vector).as("%s", format).hasSize(1024);
            double squares = vector.stream().mapToDouble(value -> value * value).sum();
            assertThat(Math.sqrt(squares)).as("%s", format).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void suffixOfTheModelStandsForTheInputTypeThatAnAdditionalPropertyNames() {
        List<Float> queryBySuffix =
                vector(request(TEXT).model(EMBEDDING_MODEL + "-query").build());
        List<Float> queryByProperty = vector(request(TEXT)
                .model(EMBEDDING_MODEL)
                .additionalBodyProperties(inputType("query"))
                .build());
        List<Float> passageBySuffix =
                vector(request(TEXT).model(EMBEDDING_MODEL + "-passage").build());
        List<Float> passageByProperty = vector(request(TEXT)
                .model(EMBEDDING_MODEL)
                .additionalBodyProperties(inputType("passage"))
                .build());

        assertThat(queryByProperty).isEqualTo(queryBySuffix);
        assertThat(passageByProperty).isEqualTo(passageBySuffix);
        assertThat(passageBySuffix).isNotEqualTo(queryBySuffix);
    }

    @Test
    void answerHasEveryFieldThatTheClientKnowsInItsType() {
        CreateEmbeddingResponse answer =
                client.embeddings().create(asQuery(TEXT).build());

        assertThat(answer.validate().model()).startsWith(EMBEDDING_MODEL);
        assertThat(answer._object_()).isEqualTo(JsonValue.from("list"));
        assertThat(only(answer)._object_()).isEqualTo(JsonValue.from("embedding"));
        assertThat(client.models().list().data())
                .allSatisfy(model -> assertThat(model.isValid()).as("%s", model).isTrue());
    }

    @Test
    void severalInputsAreAnsweredInTheirOrder() {
        List<String> texts =
                IntStream.range(0, 40).mapToObj(i -> "text number " + i).toList();

        List<Embedding> together = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(EMBEDDING_MODEL + "-passage")
                        .inputOfArrayOfStrings(texts)
                        .build())
                .data();

        assertThat(together.stream().map(Embedding::index))
                .containsExactlyElementsOf(
                        LongStream.range(0, texts.size()).boxed().toList());
        List<List<Float>> oneByOne = texts.stream()
                .map(text ->
                        vector(request(text).model(EMBEDDING_MODEL + "-passage").build()))
                .toList();
        assertThat(together.stream().map(Embedding::embedding)).containsExactlyElementsOf(oneByOne);
        assertThat(oneByOne).doesNotHaveDuplicates();
    }

    @Test
    void usageIsTheSumOfTheInputsTokens() {
        long one = promptTokens(asQuery("one").build());
        long another = promptTokens(asQuery("and another, longer text").build());

        assertThat(one).isPositive().isLessThan(another);
        CreateEmbeddingResponse.Usage both = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(EMBEDDING_MODEL + "-query")
                        .inputOfArrayOfStrings(List.of("one", "and another, longer text"))
                        .build())
                .usage();
        assertThat(both.promptTokens()).isEqualTo(one + another);
        assertThat(both.totalTokens()).isEqualTo(both.promptTokens());
    }

    @Test
    void tooLongAnInputIsCutToTheModelsLimitIfTruncateAllowsIt() {
        assertThat(promptTokens(asQuery(tooLong())
                        .putAdditionalBodyProperty("truncate", JsonValue.from("END"))
                        .build()))
                .isEqualTo(MAX_TOKENS);
    }

    @Test
    void tooLongAnInputWithTruncateNoneIsABadRequestThatTellsTheLimit() {
        assertThatThrownBy(() -> client.embeddings()
                        .create(asQuery(tooLong())
                                .putAdditionalBodyProperty("truncate", JsonValue.from("NONE"))
                                .build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("exceeds maximum allowed token size " + MAX_TOKENS)
                .extracting(e -> ((OpenAIServiceException) e).statusCode())
                .isEqualTo(400);
    }

    @Test
    void withoutAnInputTypeNvidiasSentenceReachesTheClientsException() {
        assertThatThrownBy(() -> client.embeddings()
                        .create(request(TEXT).model(EMBEDDING_MODEL).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining(
                        "The model expects an input_type from one of `passage` or `query` but none was provided.")
                .extracting(e -> ((OpenAIServiceException) e).statusCode())
                .isEqualTo(400);
    }

    @Test
    void unknownModelIsNotFoundAndNamedInTheClientsException() {
        assertThatThrownBy(() -> client.embeddings()
                        .create(request(TEXT)
                                .model("nvidia/no-such-model-query")
                                .build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nvidia/no-such-model")
                .extracting(e -> ((OpenAIServiceException) e).statusCode())
                .isEqualTo(404);
    }

    /** Lacks the model. */
    private static EmbeddingCreateParams.Builder request(String text) {
        return EmbeddingCreateParams.builder().input(text);
    }

    private static EmbeddingCreateParams.Builder asQuery(String text) {
        return request(text).model(EMBEDDING_MODEL + "-query");
    }

    private static Map<String, JsonValue> inputType(String type) {
        return Map.of("input_type", JsonValue.from(type));
    }

    private static String tooLong() {
        return "word ".repeat(MAX_TOKENS + 1);
    }

    private static List<Float> vector(EmbeddingCreateParams request) {
        return only(client.embeddings().create(request)).embedding();
    }

    private static long promptTokens(EmbeddingCreateParams request) {
        return client.embeddings().create(request).usage().promptTokens();
    }

    private static Embedding only(CreateEmbeddingResponse answer) {
        assertThat(answer.data()).hasSize(1);
        return answer.data().get(0);
    }
}
