package nimload.deploy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.json.JsonMapper;

class SettingsFilePropertiesTest {

    @Property(tries = 500)
    void anyTextIsEitherReadOrRefused(@ForAll String text) {
        assertThatCode(() -> {
                    try {
                        SettingsFile.parse(text);
                    } catch (SettingsException e) {
                        assertThat(e.getMessage()).isNotBlank().hasLineCount(1);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Property(tries = 300)
    void anyValueOfAnyKeyIsReadOrRefused(@ForAll("keys") String key, @ForAll("values") Object value) {
        String yaml = JsonMapper.shared().writeValueAsString(Map.of("embedding", Map.of(key, value)));
        assertThatCode(() -> {
                    try {
                        SettingsFile.parse(yaml);
                    } catch (SettingsException e) {
                        assertThat(e.getMessage()).contains(": embedding." + key);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of(
                "namespace",
                "release",
                "chart",
                "chartVersion",
                "image",
                "tag",
                "model",
                "gpus",
                "resources",
                "persistence",
                "configTemplate",
                "values",
                "unknown");
    }

    @Provide
    Arbitrary<Object> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ascii().map(Object.class::cast),
                Arbitraries.integers().map(Object.class::cast),
                Arbitraries.doubles().map(Object.class::cast),
                Arbitraries.of(true, false).map(Object.class::cast),
                Arbitraries.integers().list().ofMaxSize(3).map(Object.class::cast),
                Arbitraries.maps(Arbitraries.strings().alpha().ofMinLength(1), Arbitraries.integers())
                        .ofMaxSize(3)
                        .map(Object.class::cast));
    }
}
