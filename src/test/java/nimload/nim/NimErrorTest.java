package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NimErrorTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'object':'error','message':'said','detail':{},'type':'invalid_request_error'}",
                "{'detail':[{'type':'missing','loc':['body','input'],'msg':'said','input':{}}]}",
                "{'detail':'said'}",
                "{'error':'said'}",
                "{'error':{'message':'said','code':400}}",
                "{'message':7,'detail':'said'}",
                "{'detail':{},'error':'said'}",
                "{'detail':[],'error':'said'}",
            },
            quoteCharacter = '`')
    void theMessageIsFoundInEveryKnownShape(String json) {
        assertThat(NimError.messageIn(bytes(json.replace('\'', '"')))).contains("said");
    }

    @Test
    void theMessageIsOneLineWithoutControlsAndOfAtMost300Characters() {
        assertThat(NimError.messageIn(bytes("{\"message\":\"CUDA\\n\\u001b[31mout  of memory\"}")))
                .contains("CUDA [31mout of memory");
        assertThat(NimError.messageIn(bytes("{\"message\":\"" + "x".repeat(301) + "\"}")))
                .contains("x".repeat(299) + "…");
        assertThat(NimError.messageIn(bytes("{\"message\":\"\\u0000\"}"))).isEmpty();
    }

    @Test
    void anErrorOfMoreThanAMebibyteIsNotRead() {
        String error = "{\"message\":\"said\"}";
        assertThat(NimError.messageIn(bytes(error + " ".repeat(1024 * 1024 - error.length()))))
                .contains("said");
        assertThat(NimError.messageIn(bytes(error + " ".repeat(1024 * 1024 - error.length() + 1))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "[]", "7", "null", "<html>502</html>", "{\"message\":", "{\"detail\":[{}]}"})
    void anyOtherBodyHasNoMessage(String body) {
        assertThat(NimError.messageIn(bytes(body))).isEmpty();
    }

    @Property
    void anyBytesAreTolerated(@ForAll byte[] body) {
        assertThat(NimError.messageIn(body)).isEmpty();
    }

    @Test
    void theMessageOfEveryErrorIsReadBack() {
        assertThat(NimError.messageIn(NimError.missingInputType().toJson()))
                .contains("The model expects an input_type from one of `passage` or `query` but none was provided.");
        assertThat(NimError.messageIn(NimError.unknownModel("x").toJson())).contains("Unknown model: x");
        assertThat(NimError.messageIn(
                        NimError.invalidField("input", "Field required").toJson()))
                .contains("Field required");
    }

    @Test
    void tooLongAnInputIsRefusedInNvidiasWords() {
        NimError error = NimError.inputTooLong(400, 704, 512);
        assertThat(error.status()).isEqualTo(400);
        assertThat(new String(error.toJson(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"object\":\"error\",\"message\":\"Input length 704 exceeds maximum allowed token size 512\","
                                + "\"detail\":{},\"type\":\"invalid_request_error\"}");
    }
}
