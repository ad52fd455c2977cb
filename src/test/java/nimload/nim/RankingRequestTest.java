package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankingRequestTest {
    private static RankingRequest parse(String json) throws NimError {
        return RankingRequest.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void whatIsWrittenIsReadBack(
            @ForAll @From("texts") String model,
            @ForAll @From("texts") String query,
            @ForAll @Size(min = 1, max = 20) List<@From("texts") String> passages,
            @ForAll("truncates") Truncate truncate)
            throws NimError {
        RankingRequest request = new RankingRequest(model, query, passages, truncate);
        assertThat(RankingRequest.parse(request.toJson())).isEqualTo(request);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> unicode = Arbitraries.strings().ofMaxLength(30).filter(EmbeddingRequestTest::isWellFormed);
        Arbitrary<String> awkward = Arbitraries.strings()
                .withChars("\"\\/\b\f\n\r\t {}[]:,'\u0000\u001f\u007f\u2028é漢")
                .ofMaxLength(12);
        return Arbitraries.oneOf(unicode, awkward, Arbitraries.of("😀 𝄞"));
    }

    @Provide
    Arbitrary<Truncate> truncates() {
        return Arbitraries.of(Truncate.NONE, Truncate.END);
    }

    @Test
    void theFieldsAreNamedAsInNvidiasApi() throws IOException {
        byte[] json = new RankingRequest("m", "q", List.of("a", "b"), Truncate.END).toJson();
        assertThat(Json.MAPPER.readTree(json)).isEqualTo(Json.MAPPER.readTree("""
                {"model":"m","query":{"text":"q"},"passages":[{"text":"a"},{"text":"b"}],"truncate":"END"}"""));
    }

    @Test
    void truncateDefaultsToNone() throws NimError {
        assertThat(parse("{\"model\":\"m\",\"query\":{\"text\":\"q\"},\"passages\":[{\"text\":\"a\"}]}"))
                .isEqualTo(new RankingRequest("m", "q", List.of("a"), Truncate.NONE));
    }

    @Test
    void aRequestHasUpTo512Passages() throws NimError {
        RankingRequest most = new RankingRequest("m", "q", Collections.nCopies(512, "a"), Truncate.END);
        assertThat(RankingRequest.parse(most.toJson()).passages()).hasSize(512);
        byte[] tooMany = new RankingRequest("m", "q", Collections.nCopies(513, "a"), Truncate.END).toJson();
        assertThatExceptionOfType(NimError.class)
                .isThrownBy(() -> RankingRequest.parse(tooMany))
                .withMessage("passages: Input should be an array of 1 to 512 passages")
                .satisfies(error -> assertThat(error.status()).isEqualTo(422));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'query':{'text':'q'},'passages':[{'text':'a'}]} | model: Field required",
                "{'model':'m','passages':[{'text':'a'}]} | query: Input should be an object with the field text",
                "{'model':'m','query':'q','passages':[{'text':'a'}]} | query: Input should be an object with the field text",
                "{'model':'m','query':{},'passages':[{'text':'a'}]} | text: Field required",
                "{'model':'m','query':{'text':7},'passages':[{'text':'a'}]} | text: Input should be a valid string",
                "{'model':'m','query':{'text':'q'}} | passages: Input should be an array of 1 to 512 passages",
                "{'model':'m','query':{'text':'q'},'passages':[]} | passages: Input should be an array of 1 to 512 passages",
                "{'model':'m','query':{'text':'q'},'passages':['a']} | text: Field required",
                "{'model':'m','query':{'text':'q'},'passages':[{'text':'a'}],'truncate':'START'} | truncate: Input should be 'NONE' or 'END'",
                "{'model':'m','query':{'text':'q'},'passages':[{'text':'a'}],'truncate':'MIDDLE'} | truncate: Input should be 'NONE' or 'START' or 'END'",
                "7 | body: Input should be a valid JSON object",
                "{ | body: JSON decode error",
            },
            quoteCharacter = '`')
    void wrongTypesAndUnknownValuesAre422AndNameTheField(String json, String message) {
        assertThatExceptionOfType(NimError.class)
                .isThrownBy(() -> parse(json.replace('\'', '"')))
                .withMessage(message)
                .satisfies(error -> assertThat(error.status()).isEqualTo(422));
    }
}
