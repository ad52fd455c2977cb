package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankingAnswerTest {
    private static RankingAnswer parse(String json, int passages) throws MalformedAnswer {
        return RankingAnswer.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), passages);
    }

    @Property
    void whatIsWrittenIsReadBack(
            @ForAll @Size(min = 1, max = 40) @DoubleRange(min = -1e6, max = 1e6) double[] logits,
            @ForAll @LongRange(min = 0, max = Usage.MAX_TOKENS) long tokens)
            throws MalformedAnswer {
        RankingAnswer answer =
                RankingAnswer.parse(RankingAnswer.toJson(logits, Optional.of(new Usage(tokens))), logits.length);
        assertThat(answer.logits()).isEqualTo(logits);
        assertThat(answer.usage()).contains(new Usage(tokens));
    }

    @Property
    void theBestPassageIsWrittenFirst(@ForAll @Size(min = 1, max = 40) @DoubleRange(min = -9, max = 9) double[] logits)
            throws IOException {
        double[] written =
                Json.MAPPER.readTree(RankingAnswer.toJson(logits, Optional.empty())).findValues("logit").stream()
                        .mapToDouble(node -> node.doubleValue())
                        .toArray();
        double[] ascending = logits.clone();
        Arrays.sort(ascending);
        for (int i = 0; i < logits.length; i++) {
            assertThat(written[i]).isEqualTo(ascending[logits.length - 1 - i]);
        }
    }

    @Property(tries = 50)
    void everyProperPrefixBrokeOff(@ForAll @Size(min = 1, max = 5) @DoubleRange(min = -9, max = 9) double[] logits) {
        byte[] json = RankingAnswer.toJson(logits, Optional.of(new Usage(7)));
        for (int length = 0; length < json.length; length++) {
            byte[] prefix = Arrays.copyOf(json, length);
            assertThatExceptionOfType(MalformedAnswer.class)
                    .as(new String(prefix, StandardCharsets.US_ASCII))
                    .isThrownBy(() -> RankingAnswer.parse(prefix, logits.length))
                    .satisfies(thrown -> assertThat(thrown.brokenOff()).isTrue());
        }
    }

    @Test
    void usageMayBeAbsentNullOrEmptyOrATotal() throws MalformedAnswer {
        String rankings = "{'rankings':[{'index':0,'logit':1}]";
        assertThat(parse(rankings + "}", 1).usage()).isEmpty();
        assertThat(parse(rankings + ",'usage':null}", 1).usage()).isEmpty();
        assertThat(parse(rankings + ",'usage':{}}", 1).usage()).isEmpty();
        assertThat(parse(rankings + ",'usage':{'total_tokens':7}}", 1).usage()).contains(new Usage(7));
        assertThat(parse(rankings + ",'usage':{'prompt_tokens':7}}", 1).usage()).contains(new Usage(7));
    }

    @Test
    void logitsComeBackInTheOrderOfTheRequestAndMayBeEqual() throws MalformedAnswer {
        RankingAnswer answer = parse(
                "{'extra':[{}],'rankings':[{'logit':2.5,'index':2,'x':{}},{'index':0,'logit':-1e-3},{'index':1,'logit':-1e-3}]}",
                3);
        assertThat(answer.logits()).containsExactly(-0.001, -0.001, 2.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'rankings':[{'index':0,'logit':1},{'index':1,'logit':1.5}]} | logits not descending: 1.5 after 1.0",
                "{'rankings':[{'index':0,'logit':2},{'index':0,'logit':1}]} | index 0 twice",
                "{'rankings':[{'index':0,'logit':2}]} | 1 rankings for 2 passages",
                "{'rankings':[]} | 0 rankings for 2 passages",
                "{'rankings':[{'index':2,'logit':1}]} | index 2 for 2 passages",
                "{'rankings':[{'index':-1,'logit':1}]} | index -1 for 2 passages",
                "{'rankings':[{'logit':1}]} | the answer has no index",
                "{'rankings':[{'index':1,'logit':1},{'logit':1}]} | ranking 1 has no index",
                "{'rankings':[{'index':'0','logit':1}]} | the index of ranking 0 is not a whole number",
                "{'rankings':[{'index':0}]} | no logit for index 0",
                "{'rankings':[{'index':0,'score':1}]} | no logit for index 0",
                "{'rankings':[{'index':0,'logit':null}]} | the logit of ranking 0 is null",
                "{'rankings':[{'index':1,'logit':1},{'index':0,'logit':NaN}]} | the logit of ranking 1 is NaN",
                "{'rankings':[{'index':0,'logit':-Infinity}]} | the logit of ranking 0 is -Infinity",
                "{'rankings':[{'index':0,'logit':'1'}]} | the logit of ranking 0 is a string",
                "{'rankings':[{'index':0,'logit':1e999}]} | the logit of ranking 0 is 1e999, beyond a double",
                "{'rankings':[7]} | not JSON: expected '{' at byte 13 of 16, found '7]}'",
                "{'rankings':[null]} | not JSON: expected '{' at byte 13 of 19, found 'null]}'",
                "{'rankings':{}} | not JSON: expected rankings as an array at byte 12 of 15, found '{}}'",
                "{'rankings':null} | no field rankings",
                "{} | no field rankings",
                "{'data':[]} | no field rankings",
                "[] | not a JSON object: []",
                "`` | an empty body",
                "{'rankings':[{'index':1,'logit':2},{'index':0,'logit':1}]}{} | not JSON: expected the end at byte 58 of 60, found '{}'",
                "{'rankings':[{'index':1,'logit':2,'logit':1}]} | field logit twice",
                "{'rankings':[{'index':1,'logit':2},{'index':0,'logit':1}],'usage':{'prompt_tokens':-1}} | prompt_tokens is -1",
                "{'rankings':[{'index':1,'logit':2},,{'index':0,'logit':1}]} | not JSON: expected '{' at byte 35 of 59, found ',{\"index'",
                "{'rankings':[{'index':1,'logit':2},{'index':0,'logit':1}],} | not JSON: expected '\"' at byte 58 of 59, found '}'",
                "<html> | an HTML page without words",
            })
    void aBreachOfTheContractIsNamed(String json, String message) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> parse(json, 2))
                .withMessage(message);
    }

    @Test
    void theModelIsReadIfThereIsOne() throws MalformedAnswer {
        String rankings = "{'rankings':[{'index':0,'logit':1}]";
        assertThat(parse(rankings + "}", 1).model()).isEmpty();
        assertThat(parse(rankings + ",'model':'a/b'}", 1).model()).contains("a/b");
    }
}
