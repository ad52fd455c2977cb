package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelListTest {
    private static ModelList parse(String json) throws MalformedAnswer {
        return ModelList.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aListMayHoldOnlyIds() throws MalformedAnswer {
        assertThat(parse("{\"data\":[{\"id\":\"a/b\"},{\"id\":\"c\"}]}").ids()).containsExactly("a/b", "c");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws MalformedAnswer {
        assertThat(parse("\uFEFF{\"data\":[{\"id\":\"a/b\"}]}").ids()).containsExactly("a/b");
    }

    @Test
    void whatIsWrittenIsReadBack() throws MalformedAnswer {
        ModelList list = new ModelList(List.of("nvidia/nv-embedqa-e5-v5", "x"));
        assertThat(ModelList.parse(list.toJson())).isEqualTo(list);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"data\":[]}", "{\"data\":[{\"id\":7}]}", "{\"data\":\"x\"}"})
    void aListWithoutAnIdIsRefused(String json) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> parse(json))
                .withMessage("no model id in data");
    }

    @Test
    void aPageOfHtmlIsNamed() {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> parse("<html>\n<body>hello"))
                .withMessage("an HTML page: hello");
    }

    @Test
    void anErrorInsteadOfModelsIsQuoted() {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> parse("{\"message\":\"no Route matched\"}"))
                .withMessage("HTTP 200 with an error: no Route matched");
    }

    @Property(tries = 300)
    void anyBytesAreRefused(@ForAll byte[] bytes) {
        assertThatExceptionOfType(MalformedAnswer.class)
                .isThrownBy(() -> ModelList.parse(bytes))
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(1));
    }
}
