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
    @ValueSource(strings = {"0", "9", "1234567890", "-7", "1234567890123456789012"})
    void aWholeNumberIsReturnedAsWrittenAndMayEndTheText(String number) throws MalformedAnswer {
        JsonCursor cursor = cursor(number);
        assertThat(cursor.wholeNumber()).contains(number);
        cursor.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.5", "7.0", "1e3", "\"7\"", "true", "[7]"})
    void anythingElseIsNoWholeNumber(String value) throws MalformedAnswer {
        JsonCursor cursor = cursor(value);
        assertThat(cursor.wholeNumber()).isEmpty();
        cursor.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "null", "0", "1e5", "\"\"", "[]", "{}", "[[],{}]", "{\"a\":[1,{}]}"})
    void aValueMayEndTheText(String value) throws MalformedAnswer {
        JsonCursor cursor = cursor(value);
        cursor.skipValue();
        cursor.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trx", "nulL", "]", "x", "+1", ".5", "01", "1.x", "1ex", "-x"})
    void textThatIsNotAValueIsRefused(String text) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> cursor(text).skipValue())
                .withMessageStartingWith("not JSON: expected a value at byte 0 of ")
                .satisfies(thrown -> assertThat(thrown.brokenOff()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "tru", "n", "-", "1.", "1e", "1e+", "\"", "\"a", "\"\\", "\"\\u00", "[", "[1", "[1,", "{", "{\"a\"",
                "{\"a\":"
            })
    void aValueThatOnlyEndsTooEarlyBrokeOff(String text) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> cursor(text).skipValue())
                .withMessage("not JSON: it breaks off after " + text.length() + " bytes")
                .satisfies(thrown -> assertThat(thrown.brokenOff()).isTrue());
    }

    /** The cursor reads eight bytes of a string at a time: the place of a byte among them must not matter. */
    @Test
    void aControlCharacterIsRefusedAndEveryOtherTakenAtEachOfEightPlaces() throws MalformedAnswer {
        for (int place = 0; place < 8; place++) {
            for (char c = 0; c < 128; c++) {
                if (c == '"' || c == '\\') {
                    continue;
                }
                String text = "x".repeat(place) + c + "y".repeat(8);
                if (c < ' ') {
                    assertThatExceptionOfType(MalformedAnswer.class)
                            .isThrownBy(() -> cursor('"' + text + '"').text())
                            .withMessageStartingWith("not JSON: expected a string without control characters at byte "
                                    + (1 + text.length() - 9) + " of ");
                } else {
                    assertThat(cursor('"' + text + '"').text()).isEqualTo(text);
                }
            }
            String before = "x".repeat(place);
            assertThat(cursor('"' + before + "\\\"\\u00e9é😀yyyyyyyy\"").text()).isEqualTo(before + "\"éé😀yyyyyyyy");
            assertThat(cursor('"' + before + "\",").text()).isEqualTo(before);
        }
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
                .withMessageStartingWith("not JSON: expected at most 64 levels at byte ");
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "AAAA, 0", "AAA=, 1", "AA==, 2", "A===, 2", "=, 1", "\\/AA=, 1", "\\/A==, 2", "\\/AAA, 0"})
    void paddingIsAtMostTwoCharacters(String base64, int padding) throws MalformedAnswer {
        JsonCursor.Base64Text text = cursor('"' + base64 + '"').base64(4);
        assertThat(text.start()).isEqualTo(base64.replace("\\", ""));
        assertThat(text.length()).isEqualTo(text.start().length());
        assertThat(text.padding()).isEqualTo(padding);
    }
}
