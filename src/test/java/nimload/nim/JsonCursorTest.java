package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges of what the cheap check walks over. */
class JsonCursorTest {
    private static JsonCursor cursor(String json) {
        return new JsonCursor(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "9", "1234567890", "-7", "123456789012345678"})
    void aWholeNumberHasUpTo18DigitsAndMayEndTheText(String number) throws MalformedAnswer {
        JsonCursor cursor = cursor(number);
        assertThat(cursor.integer()).isEqualTo(Long.parseLong(number));
        assertThat(cursor.atEnd()).isTrue();
    }

    @Test
    void aWholeNumberOf19DigitsIsRefused() {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> cursor("1234567890123456789").integer())
                .withMessage("expected a whole number at byte 18 of 19, found '9'");
    }

    @Test
    void aCountOf18DigitsIsReadAndOneOf19Refused() throws MalformedAnswer {
        assertThat(cursor("123456789012345678").integerIfAny()).hasValue(123456789012345678L);
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> cursor("1234567890123456789").integerIfAny())
                .withMessage("a number of 19 digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.5", "\"7\"", "true", "[7]"})
    void aCountThatIsNotAWholeNumberIsUnknown(String value) throws MalformedAnswer {
        JsonCursor cursor = cursor(value);
        assertThat(cursor.integerIfAny()).isEmpty();
        assertThat(cursor.atEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "null", "0", "1e5", "\"\"", "[]", "{}", "[[],{}]", "{\"a\":[1,{}]}"})
    void aValueMayEndTheText(String value) throws MalformedAnswer {
        JsonCursor cursor = cursor(value);
        cursor.skipValue();
        assertThat(cursor.atEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tru", "nul", "", "]", "x"})
    void textThatIsNotAValueIsRefused(String text) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> cursor(text).skipValue())
                .withMessageStartingWith("expected a value at byte 0 of ");
    }

    /** The stack must not depend on the server. */
    @ParameterizedTest
    @CsvSource({"[, 1, ]", "'{\"a\":', 1, }"})
    void valuesMayBeNested64Deep(String open, String innermost, String close) {
        assertThatCode(() ->
                        cursor(open.repeat(64) + innermost + close.repeat(64)).skipValue())
                .doesNotThrowAnyException();
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() ->
                        cursor(open.repeat(65) + innermost + close.repeat(65)).skipValue())
                .withMessageStartingWith("expected fewer than 64 levels at byte ");
    }

    @ParameterizedTest
    @CsvSource({"AAAA, 0", "AAA=, 1", "AA==, 2", "A===, 2"})
    void paddingIsAtMostTwoCharacters(String base64, int padding) throws MalformedAnswer {
        JsonCursor cursor = cursor('"' + base64 + '"');
        assertThat(cursor.skipString()).isEqualTo(4);
        assertThat(cursor.paddingBefore()).isEqualTo(padding);
    }
}
