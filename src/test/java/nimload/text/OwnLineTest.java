package nimload.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnLineTest {
    private static OwnLine texts(String... texts) {
        return new OwnLine(Optional.empty(), List.of(texts));
    }

    private static OwnLine ranking(String query, String... passages) {
        return new OwnLine(Optional.of(query), List.of(passages));
    }

    @Test
    void theLinesThatAiperfDocumentsForEmbeddingsAreTexts() throws Exception {
        assertThat(OwnLine.ofJson("{\"text\": \"What is deep learning?\"}")).isEqualTo(texts("What is deep learning?"));
        assertThat(OwnLine.ofJson("{\"texts\": [\"Who are you?\", \"Hello world\"]}"))
                .isEqualTo(texts("Who are you?", "Hello world"));
        assertThat(OwnLine.ofJson("{\"texts\": [{\"name\": \"text_field_A\", \"contents\": [\"Hello\", \"World\"]},"
                        + " {\"name\": \"text_field_B\", \"contents\": [\"Hi there\"]}]}"))
                .isEqualTo(texts("Hello", "World", "Hi there"));
        assertThat(OwnLine.ofJson("{\"timestamp\": 1000, \"delay\": 12, \"text\": \"Who are you?\"}"))
                .isEqualTo(texts("Who are you?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"texts\":[{\"name\":\"query\",\"contents\":[\"q\"]},{\"name\":\"passages\",\"contents\":[\"a\",\"b\"]}]}",
                "{\"texts\":[{\"name\":\"queries\",\"contents\":[\"q\"]},{\"name\":\"passages\",\"contents\":[\"a\",\"b\"]}]}",
                "{\"query\": \"q\", \"passages\": [\"a\", \"b\"], \"id\": 7}",
                "{\"query\": {\"text\": \"q\"}, \"passages\": [{\"text\": \"a\"}, {\"text\": \"b\"}]}"
            })
    void aQueryWithPassagesIsToBeRanked(String line) throws Exception {
        assertThat(OwnLine.ofJson(line)).isEqualTo(ranking("q", "a", "b"));
    }

    @Test
    void unicodeLineEndsAndSurrogatePairsArePartOfATextWrittenOutOrEscaped() throws Exception {
        assertThat(OwnLine.ofJson("{\"text\": \"a\u2028b 😀 \\ud83d\\ude00 \\u2028\"}"))
                .isEqualTo(texts("a\u2028b 😀 😀 \u2028"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"text\": \"secret\" | is not JSON, wrong at character 18",
                "{\"text\": \"secret\"} x | is not JSON, wrong at character 20",
                "{\"text\": \"secret\", \"text\": \"secret\"} | is not JSON, wrong at character 28",
                "secret | is not JSON, wrong at character 1",
                "\"secret\" | is a text and not a JSON object",
                "[\"secret\"] | is a list and not a JSON object",
                "{\"txt\": \"secret\"} | has no text",
                "{\"text\": \"\"} | text has an empty text",
                "{\"text\": \" \\n\"} | text has an empty text",
                "{\"text\": 5} | text has a number where a text should be",
                "{\"text\": null} | text has null where a text should be",
                "{\"text\": [\"secret\"]} | text has a list where a text should be",
                "{\"texts\": []} | texts is an empty list and not a list of texts",
                "{\"texts\": \"secret\"} | texts is a text and not a list of texts",
                "{\"texts\": [\"secret\", 5]} | texts has a number where a text should be",
                "{\"texts\": [\"secret\", \"\"]} | texts has an empty text",
                "{\"texts\": [{\"name\": \"query\", \"contents\": []}]} | contents is an empty list and not a list of texts",
                "{\"texts\": [{\"name\": \"query\"}]} | contents is nothing and not a list of texts",
                "{\"texts\": [{\"name\": \"query\", \"contents\": [\"secret\", \"secret\"]},"
                        + " {\"name\": \"passages\", \"contents\": [\"a\"]}]} | has 2 queries and 1 passages",
                "{\"texts\": [{\"name\": \"passages\", \"contents\": [\"secret\"]}]} | has 0 queries and 1 passages",
                "{\"query\": \"secret\"} | passages is nothing and not a list of texts",
                "{\"passages\": [\"secret\"]} | query has nothing where a text should be",
                "{\"text\": \"secret\", \"texts\": [\"secret\"]} | has more than one of text, texts and query with passages",
                "{\"text\": \"secret\", \"image\": \"secret.png\"} | has image, and nimload sends only texts",
                "{\"text\": \"secret \\ud83d\"} | has half of a surrogate pair (\\ud800 to \\udfff alone)",
            })
    void aBadLineIsRefusedWithoutAnyTextOfIt(String line, String what) {
        assertThatThrownBy(() -> OwnLine.ofJson(line))
                .isInstanceOf(OwnLine.Bad.class)
                .hasMessage(what)
                .hasMessageNotContaining("secret")
                .hasNoCause()
                .satisfies(bad ->
                        assertThat(((OwnLine.Bad) bad).right()).isNotEmpty().doesNotContain("secret"));
    }
}
