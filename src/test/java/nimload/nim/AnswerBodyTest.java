package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all readers say of a body that is no answer. */
class AnswerBodyTest {
    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static MalformedAnswer refused(byte[] body) {
        MalformedAnswer checked = catchThrowableOfType(MalformedAnswer.class, () -> EmbeddingStructure.check(body, 1));
        for (MalformedAnswer other : new MalformedAnswer[] {
            catchThrowableOfType(MalformedAnswer.class, () -> EmbeddingAnswer.parse(body, 1)),
            catchThrowableOfType(MalformedAnswer.class, () -> RankingAnswer.parse(body, 1))
        }) {
            assertThat(other).hasMessage(checked.getMessage());
            assertThat(other.brokenOff()).isEqualTo(checked.brokenOff());
        }
        return checked;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'object':'error','message':'CUDA out of memory','type':'internal'} | CUDA out of memory",
                "{'error':'CUDA\\nout of memory'} | CUDA out of memory",
                "{'error':{'message':'CUDA out of memory'},'data':null,'rankings':null} | CUDA out of memory",
                "{'detail':'Not authenticated'} | Not authenticated",
                "{'detail':[{'loc':['body'],'msg':'Field required'}]} | Field required",
                "{'message':'\\u001b[31mred'} | [31mred",
                "{'error':{'code':7}} | {'error':{'code':7}}",
                "{'object':'error'} | {'object':'error'}",
            })
    void anErrorInsteadOfAnAnswerIsQuoted(String body, String error) {
        assertThat(refused(bytes(body))).hasMessage("HTTP 200 with an error: " + error.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'message':''}", "{'error':null}", "{'object':'list'}", "{'error':null,'message':7}"})
    void anObjectWithoutAMessageIsNotAnError(String body) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> EmbeddingStructure.check(bytes(body), 1))
                .withMessage("no field data");
    }

    @Test
    void anErrorBesideAnAnswerIsNotOne() throws MalformedAnswer {
        assertThat(EmbeddingStructure.check(
                                bytes("{'data':[{'index':0,'embedding':[1]}],'message':'ok','error':null}"), 1)
                        .dimensions())
                .isEqualTo(1);
    }

    @Test
    void gzipIsNamedWithTheWayOut() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes("{'data':[]}"));
        }
        assertThat(refused(out.toByteArray()))
                .hasMessage("the answer is gzip; nimload asks for none and reads it uncompressed: "
                        + "switch compression off at the gateway");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \r\n", "\uFEFF"})
    void anEmptyBodyIsNamedAndMayHaveBrokenOff(String body) {
        assertThat(refused(bytes(body))).hasMessage("an empty body");
        assertThat(refused(bytes(body)).brokenOff()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<html><head><TITLE>\t502 Bad\tGateway</TITLE></head><body>nginx</body></html> | an HTML page: 502 Bad Gateway",
                "<!DOCTYPE html><title></title><style>p{}</style><body class=x>Please <b>sign in</b></body> | an HTML page: Please sign in",
                "<html><script>alert(1) | an HTML page without words",
                "upstream connect error | not a JSON object: upstream connect error",
                "<?xml version='1.0'?><Error/> | not a JSON object: <?xml version=\"1.0\"?><Error/>",
                "[{}] | not a JSON object: [{}]",
                "null | not a JSON object: null",
            })
    void whatIsNoObjectIsShown(String body, String message) {
        assertThat(refused(bytes(body))).hasMessage(message);
        assertThat(refused(bytes(body)).brokenOff()).isFalse();
    }

    @Test
    void aPageIsShownUpTo300Characters() {
        assertThat(refused(bytes("x".repeat(1_000_000)))).hasMessage("not a JSON object: " + "x".repeat(299) + "…");
    }

    @Test
    void anAnswerAboveItsLimitIsNotRead() {
        byte[] body = new byte[1024 * 1024 + 1];
        Arrays.fill(body, (byte) ' ');
        assertThat(refused(body)).hasMessage("answer of 1048577 bytes; at most 1048576 expected");
        assertThat(refused(Arrays.copyOf(body, 1024 * 1024))).hasMessage("an empty body");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1048576",
        "64, 13697024",
        "2000000, 425984065536",
    })
    void theLimitGrowsWithTheTexts(int texts, long limit) {
        assertThat(AnswerSize.ofVectors(texts, OptionalInt.empty())).isEqualTo(limit);
        assertThat(AnswerSize.ofVectors(texts, OptionalInt.of(8192))).isEqualTo(limit);
        assertThat(AnswerSize.ofVectors(texts, OptionalInt.of(65_536))).isGreaterThan(26L * 65_536 * texts);
    }

    @ParameterizedTest
    @CsvSource({"1, 1048576", "512, 134283264"})
    void theLimitGrowsWithThePassages(int passages, long limit) {
        assertThat(AnswerSize.ofRanking(passages)).isEqualTo(limit);
    }
}
