package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingValuesTest {
    private static SettingValues of(Map<String, String> properties, Map<String, String> environment) {
        return SettingValues.of(properties, environment);
    }

    private static SettingValues.Given given(SettingValues values, Setting setting) {
        return values.find(setting).orElseThrow();
    }

    @Test
    void aPropertyWinsOverTheEnvironmentAndThatOverTheEndpointsFile() {
        Map<Setting, String> file = Map.of(Setting.DURATION, "3s", Setting.RESULTS, "file", Setting.SEED, "3");
        SettingValues values = of(
                        Map.of("nim.duration", "1s"), Map.of("NIM_DURATION", "2s", "NIM_RESULTS", "environment"))
                .orElse(file, "endpoints file");
        assertThat(given(values, Setting.DURATION))
                .isEqualTo(new SettingValues.Given(Setting.DURATION, "1s", "nim.duration"));
        assertThat(given(values, Setting.RESULTS))
                .isEqualTo(new SettingValues.Given(Setting.RESULTS, "environment", "NIM_RESULTS"));
        assertThat(given(values, Setting.SEED))
                .isEqualTo(new SettingValues.Given(Setting.SEED, "3", "nim.seed (endpoints file)"));
        assertThat(values.find(Setting.STRICT)).isEmpty();
    }

    @Test
    void aMessageNamesWhereTheValueCameFrom() {
        assertThatThrownBy(() ->
                        Settings.parse(of(Map.of(), Map.of("NIM_QUERY_CONCURRENCY", "1,O")), PublishedGrid.load()))
                .isInstanceOf(UserError.class)
                .hasMessage("NIM_QUERY_CONCURRENCY=1,O: \"O\" is not a whole number; give whole numbers from 1 to 4096,"
                        + " e.g. -Dnim.query.concurrency=1");
        SettingValues file = of(Map.of(), Map.of()).orElse(Map.of(Setting.EMBEDDING_URL, "nim:8000"), "endpoints file");
        assertThatThrownBy(() -> Settings.parse(file, PublishedGrid.load()))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.embedding.url (endpoints file)=nim:8000: does not begin with http:// or https://;"
                        + " give e.g. -Dnim.embedding.url=http://10.0.0.5:8000");
    }

    @Test
    void whiteSpaceAroundAValueIsNoPartOfIt() {
        SettingValues values = of(Map.of("nim.duration", " 1s "), Map.of("NIM_SEED", "7\n"));
        assertThat(given(values, Setting.DURATION).value()).isEqualTo("1s");
        assertThat(given(values, Setting.SEED).value()).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource({
        "nim.query.concurency, nim.query.concurrency",
        "nim.apikey, nim.apiKey",
        "nim.requesttimeout, nim.requestTimeout",
        "nim.embeding.url, nim.embedding.url",
        "nim.warmUp, nim.warmup",
        "nim.passages.tokens, nim.passage.tokens",
    })
    void anUnknownNameIsRefusedWithTheNearestKnownOne(String name, String nearest) {
        assertThatThrownBy(() -> of(Map.of(name, "hunter2"), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessage("unknown setting " + name + "; did you mean " + nearest + "? Known: "
                        + String.join(", ", Setting.names()) + ", nim.note.<name>")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void theSettingsOfThePublicInterfaceAreKnown() {
        assertThat(Setting.names())
                .doesNotHaveDuplicates()
                .contains(
                        "nim.embedding.url",
                        "nim.reranking.url",
                        "nim.embedding.model",
                        "nim.reranking.model",
                        "nim.endpoints",
                        "nim.apiKey",
                        "nim.workloads",
                        "nim.query.tokens",
                        "nim.query.batch",
                        "nim.query.concurrency",
                        "nim.passage.tokens",
                        "nim.passage.batch",
                        "nim.passage.concurrency",
                        "nim.reranking.tokens",
                        "nim.reranking.queryTokens",
                        "nim.reranking.passages",
                        "nim.reranking.concurrency",
                        "nim.duration",
                        "nim.warmup",
                        "nim.encodingFormat",
                        "nim.truncate",
                        "nim.requestTimeout",
                        "nim.strict",
                        "nim.results");
    }

    @Test
    void otherPropertiesAreLeftAlone() {
        assertThat(of(Map.of("nimble.x", "1", "java.version", "17", "nim", "1"), Map.of())
                        .shown())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void aBlankValueIsRefused(String blank) {
        assertThatThrownBy(() -> of(Map.of("nim.duration", blank), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.duration is empty; give it a value or leave it out");
        assertThatThrownBy(() -> of(Map.of(), Map.of("NIM_API_KEY", blank)))
                .isInstanceOf(UserError.class)
                .hasMessage("NIM_API_KEY is empty; give it a value or leave it out");
    }

    @Test
    void anApiKeyGivenWithDIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> of(Map.of("nim.apiKey", "hunter2"), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.apiKey was given with -D, where every user of this machine can read it in the process"
                        + " list; give it in the environment: NIM_API_KEY=… mvn gatling:test")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "NIM_API_KEY, API_KEY",
        "NIM_APIKEY, API_KEY",
        "SENSITIVE_NIM_API_KEY, API_KEY",
        "NIM_EMBEDDING_URL, EMBEDDING_URL",
        "NIM_RERANKING_QUERY_TOKENS, RERANKING_QUERY_TOKENS",
        "NIM_RERANKING_QUERYTOKENS, RERANKING_QUERY_TOKENS",
        "NIM_ENCODING_FORMAT, ENCODING_FORMAT",
        "NIM_REQUEST_TIMEOUT, REQUEST_TIMEOUT",
        "NIM_WARMUP, WARM_UP",
        "NIM_TLS_CA, TLS_CA",
    })
    void environmentNamesAreUpperCaseWithUnderscores(String variable, Setting setting) {
        assertThat(given(of(Map.of(), Map.of(variable, "x")), setting))
                .isEqualTo(new SettingValues.Given(setting, "x", variable));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingButTheApiKeyCanBeGivenInBothWays(Setting setting) {
        setting.environmentVariables()
                .forEach(variable -> assertThat(given(of(Map.of(), Map.of(variable, "x")), setting)
                                .value())
                        .isEqualTo("x"));
        if (setting != Setting.API_KEY) {
            assertThat(given(of(Map.of(setting.property(), "x"), Map.of()), setting)
                            .value())
                    .isEqualTo("x");
        }
        assertThat(Setting.of(setting.property())).contains(setting);
    }

    @Test
    void noVariableStandsForTwoSettings() {
        assertThat(Arrays.stream(Setting.values()).flatMap(setting -> setting.environmentVariables().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void twoSpellingsOfAVariableMustAgreeAndTheirValuesAreNotShown() {
        assertThatThrownBy(() -> of(Map.of(), Map.of("NIM_API_KEY", "hunter2", "NIM_APIKEY", "hunter3")))
                .isInstanceOf(UserError.class)
                .hasMessage("NIM_APIKEY and NIM_API_KEY disagree; set only one of them");
        assertThat(given(of(Map.of(), Map.of("NIM_API_KEY", "same", "NIM_APIKEY", "same")), Setting.API_KEY)
                        .value())
                .isEqualTo("same");
    }

    @Test
    void nvidiasOwnVariablesAreIgnored() {
        SettingValues values = of(
                Map.of(),
                Map.of(
                        "NIM_TRITON_PERFORMANCE_MODE", "throughput",
                        "NIM_NUM_MODEL_INSTANCES", "2",
                        "NIM_NUM_TOKENIZERS", "4",
                        "NIM_TRITON_MAX_BATCH_SIZE", "64",
                        "NIM_MODEL_PROFILE", "onnx",
                        "NIM_CACHE_PATH", "/opt/nim/.cache",
                        "NIM_HTTP_API_PORT", "8000",
                        "NGC_API_KEY", "hunter2"));
        assertThat(values.shown()).isEmpty();
    }
}
