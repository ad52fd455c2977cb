package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and answers of every protocol, field for field. */
class WireFormTest {
    private static final EmbeddingForm FLOATS = EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END);
    private static final RankingForm RANKING = RankingForm.nim(Truncate.END);

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static void isJson(byte[] body, String expected) throws IOException {
        assertThat(Json.MAPPER.readTree(body)).isEqualTo(Json.MAPPER.readTree(bytes(expected)));
    }

    private static byte[] embed(EmbeddingForm form) {
        return form.body("m", List.of("a", "b"), InputType.PASSAGE);
    }

    private static byte[] rank(RankingForm form) {
        return form.body("m", "q", List.of("a", "b"));
    }

    @Test
    void aNimGetsItsFieldsAndOpenAiItsOwnAlone() throws IOException {
        isJson(
                embed(FLOATS),
                "{'model':'m','input':['a','b'],'input_type':'passage','encoding_format':'float','truncate':'END'}");
        isJson(embed(FLOATS.as(EmbeddingProtocol.OPENAI)), "{'model':'m','input':['a','b'],'encoding_format':'float'}");
    }

    @Test
    void dimensionsTypeAndExtraFieldsAreSentIfGiven() throws IOException {
        Map<String, JsonNode> extra = Map.of("user", TextNode.valueOf("u"));
        isJson(
                embed(FLOATS.with(OptionalInt.of(256)).with(EmbeddingType.INT8).with(extra)),
                "{'model':'m','input':['a','b'],'input_type':'passage','encoding_format':'float','truncate':'END',"
                        + "'dimensions':256,'embedding_type':'int8','user':'u'}");
        isJson(
                embed(FLOATS.with(OptionalInt.of(256)).with(extra).as(EmbeddingProtocol.OPENAI)),
                "{'model':'m','input':['a','b'],'encoding_format':'float','dimensions':256,'user':'u'}");
        isJson(
                rank(RANKING.with(extra)),
                "{'model':'m','query':{'text':'q'},'passages':[{'text':'a'},{'text':'b'}],'truncate':'END','user':'u'}");
    }

    @Test
    void cohereGetsDocumentsAndTeiTexts() throws IOException {
        RankingForm tei = RANKING.as(RankingProtocol.TEI);
        isJson(rank(RANKING.as(RankingProtocol.COHERE)), "{'model':'m','query':'q','documents':['a','b']}");
        isJson(rank(tei), "{'query':'q','texts':['a','b'],'truncate':true}");
        isJson(rank(tei.with(Truncate.NONE)), "{'query':'q','texts':['a','b'],'truncate':false}");
    }

    @Test
    void aFormHasItsProtocolsRouteUnlessTheUserNamesOne() {
        assertThat(RANKING.as(RankingProtocol.COHERE).route()).isEqualTo("/v1/rerank");
        assertThat(RANKING.as(RankingProtocol.TEI).route()).isEqualTo("/rerank");
        assertThat(new RankingForm(RankingProtocol.NIM, "/x", Truncate.END, Map.of())
                        .as(RankingProtocol.TEI)
                        .route())
                .isEqualTo("/x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "COHERE | {'results':[{'index':1,'relevance_score':0.9},{'index':0,'relevance_score':0.1}]} | -1",
                "COHERE | {'usage':{'total_tokens':7},'results':[{'index':1,'relevance_score':0.9},{'index':0,'relevance_score':0.1}],'meta':{'tokens':{'input_tokens':8}}} | 7",
                "COHERE | {'meta':{'tokens':{'input_tokens':8,'output_tokens':1}},'results':[{'index':1,'relevance_score':0.9,'document':{'text':'b'}},{'index':0,'relevance_score':0.1}]} | 8",
                "COHERE | {'meta':{'billed_units':{'search_units':1}},'results':[{'index':1,'relevance_score':0.9},{'index':0,'relevance_score':0.1}]} | -1",
                "COHERE | {'meta':{'tokens':null},'usage':null,'results':[{'index':1,'relevance_score':0.9},{'index':0,'relevance_score':0.1}]} | -1",
                "TEI | [{'index':1,'score':0.9,'text':'b'},{'index':0,'score':0.1}] | -1",
            })
    void aRankingIsReadWithItsTokensWhereTheyAreTokens(RankingProtocol protocol, String json, long tokens)
            throws MalformedAnswer {
        RankingAnswer answer = RANKING.as(protocol).read(bytes(json), 2);
        assertThat(answer.logits()).containsExactly(0.1, 0.9);
        assertThat(answer.usage()).isEqualTo(tokens < 0 ? Optional.empty() : Optional.of(new Usage(tokens)));
        assertThat(answer.model()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "COHERE | {'results':[{'index':0,'relevance_score':0.9}]} | 1 rankings for 2 passages",
                "COHERE | {'results':[{'index':0,'relevance_score':0.1},{'index':1,'relevance_score':0.9}]} | relevance_scores not descending: 0.9 after 0.1",
                "COHERE | {'results':[{'index':0,'score':0.1},{'index':1,'score':0.9}]} | no relevance_score for index 0",
                "COHERE | {'rankings':[]} | no field results",
                "COHERE | {'message':'invalid model'} | HTTP 200 with an error: invalid model",
                "COHERE | [] | not a JSON object: []",
                "TEI | {'error':'CUDA out of memory','error_type':'Backend'} | HTTP 200 with an error: CUDA out of memory",
                "TEI | {'rankings':[]} | no list of scores",
                "TEI | [{'index':0,'score':'high'}] | the score of ranking 0 is a string",
                "TEI | [{'index':0,'score':0.9},{'index':0,'score':0.1}] | index 0 twice",
                "TEI | [{'index':0,'score':0.9},{'index':1,'score':NaN}] | the score of ranking 1 is NaN",
                "TEI | [{'index':0,'score':0.9} | not JSON: it breaks off after 24 bytes",
                "TEI | `` | an empty body",
            })
    void aRankingThatBreaksItsProtocolIsNamed(RankingProtocol protocol, String json, String message) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> RANKING.as(protocol).read(bytes(json), 2))
                .withMessage(message);
    }

    private static byte[] vector(String numbers) {
        return bytes("{'data':[{'index':0,'embedding':[" + numbers + "]}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INT8 | -128,127,0,-1,1.0,1e2 | -128,127,0,-1,1,100",
                "INT8 | 5 | 5",
                "UINT8 | 0, 255 , 128 | 0,255,128"
            })
    void wholeNumbersOfATypeAreReadAndKept(EmbeddingType type, String numbers, String expected) throws MalformedAnswer {
        float[] values = new float[expected.split(",").length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(expected.split(",")[i]);
        }
        assertThat(FLOATS.with(type).read(vector(numbers), 1).vectors().get(0)).isEqualTo(values);
        assertThat(FLOATS.with(type).check(vector(numbers), 1).heads()[0]).isEqualTo(values);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INT8 | 128 | a value of vector 0 is 128, not a whole number from -128 to 127",
                "INT8 | -129 | a value of vector 0 is -129, not a whole number from -128 to 127",
                "INT8 | 12800000000000 | a value of vector 0 is 12800000000000, not a whole number from -128 to 127",
                "UINT8 | -1 | a value of vector 0 is -1, not a whole number from 0 to 255",
                "UINT8 | 256 | a value of vector 0 is 256, not a whole number from 0 to 255",
                "INT8 | 0.5 | a value of vector 0 is 0.5, not a whole number from -128 to 127",
                "INT8 | 01 | a value of vector 0 is 01",
                "INT8 | - | a value of vector 0 is -",
                "INT8 | null | a value of vector 0 is null",
            })
    void aNumberThatIsNotOfItsTypeIsNamedByBothReaders(EmbeddingType type, String number, String message) {
        // Beyond the values that are kept, too.
        for (String before : List.of("", "1,".repeat(EmbeddingStructure.WHOLE_HEAD + 10))) {
            assertThatExceptionOfType(MalformedAnswer.class)
                    .isThrownBy(() -> FLOATS.with(type).check(vector(before + number), 1))
                    .withMessage(message);
            assertThatExceptionOfType(MalformedAnswer.class)
                    .isThrownBy(() -> FLOATS.with(type).read(vector(before + number), 1))
                    .withMessage(message);
        }
    }

    @Test
    void aStringIsNoVectorOfWholeNumbers() {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() ->
                        FLOATS.with(EmbeddingType.INT8).check(bytes("{'data':[{'index':0,'embedding':'AAAA'}]}"), 1))
                .withMessage("the embedding of vector 0 is a string, not numbers of type int8");
    }
}
