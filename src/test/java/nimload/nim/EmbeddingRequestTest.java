package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingRequestTest {
    private static EmbeddingRequest parse(String json) throws NimError {
        return EmbeddingRequest.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static NimError refused(String json) {
        return assertThatExceptionOfType(NimError.class)
                .isThrownBy(() -> parse(json))
                .actual();
    }

    private static JsonNode body(NimError error) throws IOException {
        return Json.MAPPER.readTree(error.toJson());
    }

    @Property
    void whatIsWrittenIsReadBack(
            @ForAll("texts") String model,
            @ForAll @Size(min = 1, max = 20) List<@net.jqwik.api.From("texts") String> input,
            @ForAll InputType type,
            @ForAll EncodingFormat format,
            @ForAll Truncate truncate)
            throws NimError {
        EmbeddingRequest request = new EmbeddingRequest(model, input, type, format, truncate);
        assertThat(EmbeddingRequest.parse(request.toJson())).isEqualTo(request);
    }

    @Property
    void anyBytesAreRefusedWith422(@ForAll byte[] bytes) {
        assertThatExceptionOfType(NimError.class)
                .isThrownBy(() -> EmbeddingRequest.parse(bytes))
                .satisfies(error -> assertThat(error.status()).isEqualTo(422));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> unicode = Arbitraries.strings().ofMaxLength(30).filter(EmbeddingRequestTest::isWellFormed);
        Arbitrary<String> awkward = Arbitraries.strings()
                .withChars("\"\\/\b\f\n\r\t {}[]:,'\u0000\u001f\u007f\u2028é漢")
                .ofMaxLength(12);
        return Arbitraries.oneOf(unicode, awkward, Arbitraries.of("😀 𝄞", "-query", ""));
    }

    /** A Java string may hold half of a surrogate pair, which UTF-8 cannot encode. */
    static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    @Test
    void theFieldsAreNamedAsInNvidiasApi() throws IOException {
        EmbeddingRequest request = new EmbeddingRequest(
                "nvidia/nv-embedqa-e5-v5", List.of("a", "b"), InputType.PASSAGE, EncodingFormat.BASE64, Truncate.END);
        assertThat(Json.MAPPER.readTree(request.toJson())).isEqualTo(Json.MAPPER.readTree("""
                {"input":["a","b"],"model":"nvidia/nv-embedqa-e5-v5","input_type":"passage",
                 "encoding_format":"base64","truncate":"END"}"""));
    }

    @Test
    void absentFieldsHaveTheNimsDefaults() throws NimError {
        assertThat(parse("{\"input\":\"one\",\"model\":\"m\",\"input_type\":\"query\",\"user\":\"x\"}"))
                .isEqualTo(new EmbeddingRequest(
                        "m", List.of("one"), InputType.QUERY, EncodingFormat.FLOAT, Truncate.NONE));
    }

    @ParameterizedTest
    @CsvSource({"m-query, QUERY", "m-passage, PASSAGE", "nvidia/m-Query, QUERY"})
    void aSuffixOfTheModelStandsForTheInputType(String model, InputType type) throws NimError {
        assertThat(parse("{\"input\":\"x\",\"model\":\"" + model + "\"}").inputType())
                .isEqualTo(type);
    }

    @Test
    void theInputTypeThatIsGivenWinsOverTheSuffix() throws NimError {
        assertThat(parse("{\"input\":\"x\",\"model\":\"m-query\",\"input_type\":\"passage\"}")
                        .inputType())
                .isEqualTo(InputType.PASSAGE);
    }

    @ParameterizedTest
    @CsvSource({"m-query, m", "m-passage, m", "m, m", "m-query-passage, m-query", "query, query"})
    void theBaseModelHasNoSuffix(String model, String base) {
        assertThat(EmbeddingRequest.baseModel(model)).isEqualTo(base);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"input\":\"x\",\"model\":\"m\"}", "{\"input\":\"x\",\"model\":\"m\",\"input_type\":null}"})
    void aMissingInputTypeIs400InNvidiasWords(String json) throws IOException {
        NimError error = refused(json);
        assertThat(error.status()).isEqualTo(400);
        assertThat(new String(error.toJson(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"object\":\"error\",\"message\":\"The model expects an input_type from one of `passage` or"
                                + " `query` but none was provided.\",\"detail\":{},\"type\":\"invalid_request_error\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model':'m','input_type':'query'} | input | Input should be a string or a non-empty array of strings",
                "{'input':[],'model':'m','input_type':'query'} | input | Input should be a string or a non-empty array of strings",
                "{'input':7,'model':'m','input_type':'query'} | input | Input should be a string or a non-empty array of strings",
                "{'input':['a',7],'model':'m','input_type':'query'} | input | Input should be a valid string",
                "{'input':['a',null],'model':'m','input_type':'query'} | input | Input should be a valid string",
                "{'input':'a','input_type':'query'} | model | Field required",
                "{'input':'a','model':7,'input_type':'query'} | model | Input should be a valid string",
                "{'input':'a','model':'m','input_type':'document'} | input_type | Input should be 'query' or 'passage'",
                "{'input':'a','model':'m','input_type':'QUERY'} | input_type | Input should be 'query' or 'passage'",
                "{'input':'a','model':'m','input_type':'query','encoding_format':'int8'} | encoding_format | Input should be 'float' or 'base64'",
                "{'input':'a','model':'m','input_type':'query','truncate':'end'} | truncate | Input should be 'NONE' or 'START' or 'END'",
                "{'input':'a','model':'m','input_type':'query','truncate':true} | truncate | Input should be 'NONE' or 'START' or 'END'",
                "['a'] | body | Input should be a valid JSON object",
                "{'input': | body | JSON decode error",
                "{'input':'a','model':'m','input_type':'query'}} | body | JSON decode error",
            },
            quoteCharacter = '`')
    void wrongTypesAndUnknownValuesAre422AndNameTheField(String json, String field, String message) throws IOException {
        NimError error = refused(json.replace('\'', '"'));
        assertThat(error.status()).isEqualTo(422);
        assertThat(error).hasMessage(field + ": " + message);
        JsonNode detail = body(error).path("detail").path(0);
        assertThat(detail.path("loc")).isEqualTo(Json.MAPPER.readTree("[\"body\",\"" + field + "\"]"));
        assertThat(detail.path("msg").textValue()).isEqualTo(message);
        assertThat(detail.path("type").isTextual()).isTrue();
    }
}
