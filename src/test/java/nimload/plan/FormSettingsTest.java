package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import nimload.UserError;
import nimload.nim.EmbeddingProtocol;
import nimload.nim.EmbeddingType;
import nimload.nim.NimKind;
import nimload.nim.RankingProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests look like and which headers they have. */
class FormSettingsTest {
    private static final String SECRET = "hunted-0123456789";

    private static SettingValues values(Map<String, String> properties, Map<String, String> environment) {
        return SettingValues.of(properties, environment);
    }

    private static Settings of(Map<String, String> properties) {
        return Settings.parse(values(properties, Map.of("MY_KEY", SECRET, "SHORT", "1234567")), PublishedGrid.load());
    }

    private static void refused(String name, String value, String message) {
        assertThatThrownBy(() -> of(Map.of(name, value)))
                .isInstanceOf(UserError.class)
                .hasMessage(message)
                .hasMessageNotContaining(SECRET)
                .hasMessageNotContaining("\n");
    }

    @Test
    void everyFormHasItsSettings() {
        Settings.Requests requests = of(Map.of(
                        "nim.embedding.protocol", "OpenAI",
                        "nim.embedding.path", "/openai/embeddings?api-version=2024-10-21",
                        "nim.embedding.dimensions", "65536",
                        "nim.embedding.extra", "{\"user\":\"u\",\"a\":[1]}",
                        "nim.reranking.protocol", "tei",
                        "nim.reranking.extra", "{\"raw_scores\":true}"))
                .requests();
        assertThat(requests.embedding().protocol()).isEqualTo(EmbeddingProtocol.OPENAI);
        assertThat(requests.form(NimKind.EMBEDDING).route()).isEqualTo("/openai/embeddings?api-version=2024-10-21");
        assertThat(requests.embedding().dimensions()).isEqualTo(OptionalInt.of(65_536));
        assertThat(requests.embedding().extra().keySet()).containsExactly("a", "user");
        assertThat(requests.ranking().protocol()).isEqualTo(RankingProtocol.TEI);
        assertThat(requests.form(NimKind.RERANKING).route()).isEqualTo("/rerank");
        assertThat(requests.ranking().extra()).containsOnlyKeys("raw_scores");
        assertThat(of(Map.of("nim.embedding.embeddingType", "uint8"))
                        .requests()
                        .embedding()
                        .type())
                .isEqualTo(EmbeddingType.UINT8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim.embedding.protocol | cohere | not known; give nim, openai",
                "nim.reranking.protocol | openai | not known; give nim, cohere, tei",
                "nim.embedding.embeddingType | binary | not known; give float, int8, uint8",
                "nim.embedding.dimensions | 0 | 0 is out of range; give whole numbers from 1 to 65536,"
                        + " e.g. -Dnim.embedding.dimensions=1",
                "nim.embedding.extra | {\"input_type\":\"query\"} | input_type is set by nimload itself; leave it out",
                "nim.embedding.extra | {\"dimensions\":5} | dimensions is set by nimload itself; leave it out, or give"
                        + " -Dnim.embedding.dimensions=…",
                "nim.reranking.extra | {\"passages\":[]} | passages is set by nimload itself; leave it out",
                "nim.reranking.extra | {\"top_n\":3} | top_n is not served: an answer must rank every passage; leave it"
                        + " out",
                "nim.embedding.extra | {\"modality\":\"image\"} | modality is not served: nimload sends text; leave it"
                        + " out",
                "nim.embedding.extra | {\"output_dtype\":\"ubinary\"} | output_dtype is not served: packed bits are not"
                        + " read; leave it out",
                "nim.embedding.extra | {\"return_sparse\":true} | return_sparse is not served: sparse vectors are not"
                        + " read; leave it out",
                "nim.embedding.extra | [1] | not a JSON object; give a JSON object, e.g."
                        + " -Dnim.embedding.extra='{\"user\":\"load-test\"}'",
            })
    void whatIsNotServedIsRefusedByName(String name, String value, String why) {
        refused(name, value, name + "=" + value + ": " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\":1}x", "{'a':1}", "{\"a\":NaN}", "a"})
    void extraThatIsNotJsonIsOneClearLine(String value) {
        assertThatThrownBy(() -> of(Map.of("nim.reranking.extra", value)))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.reranking.extra=" + value + ": not JSON (")
                .hasMessageEndingWith("); give a JSON object, e.g. -Dnim.reranking.extra='{\"user\":\"load-test\"}'")
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(1));
    }

    @Test
    void whatAProtocolDoesNotHaveIsRefusedInIt() {
        assertThatThrownBy(() -> of(Map.of("nim.embedding.protocol", "openai", "nim.embedding.embeddingType", "int8")))
                .hasMessage(
                        "nim.embedding.embeddingType=int8: protocol openai has no field for it; leave it out, or give"
                                + " -Dnim.embedding.protocol=nim");
        assertThatThrownBy(() -> of(Map.of("nim.encodingFormat", "base64", "nim.embedding.embeddingType", "int8")))
                .hasMessage(
                        "nim.embedding.embeddingType=int8 and nim.encodingFormat=base64 contradict each other: base64"
                                + " is read as floats; give one of them");
        assertThatThrownBy(() -> of(Map.of("nim.reranking.protocol", "tei", "nim.truncate", "START")))
                .hasMessage(
                        "nim.truncate=START: protocol tei has a field only for whether to truncate; give END or NONE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/embeddings", "/v1/embed dings", "/v1#a", "/%", "/v1/{model}"})
    void aPathThatIsNoneIsRefused(String path) {
        assertThatThrownBy(() -> of(Map.of("nim.embedding.path", path)))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.embedding.path=" + path + ": ")
                .hasMessageEndingWith("give a route below the base URL, e.g."
                        + " -Dnim.embedding.path=/v1/retrieval/nvidia/reranking");
    }

    @Test
    void aKeyInThePathIsRefusedWithoutShowingIt() {
        refused(
                "nim.embedding.path",
                "/v1/embeddings?api-key=" + SECRET,
                "nim.embedding.path: api-key in the query would be shown in every report; give a key as NIM_API_KEY or in"
                        + " a header");
    }

    private static Headers headers(String value) {
        return of(Map.of("nim.embedding.headers", value)).headers(NimKind.EMBEDDING);
    }

    @Test
    void headersAreSentWithWhatTheEnvironmentHasAndShownWithout() {
        Settings settings = of(Map.of("nim.embedding.headers", "x-team: search; X-Api-Key: pre-${MY_KEY} ;a:b:c"));
        Headers headers = settings.headers(NimKind.EMBEDDING);
        assertThat(headers.values()).isEqualTo(Map.of("x-team", "search", "x-api-key", "pre-" + SECRET, "a", "b:c"));
        assertThat(settings.headers(NimKind.RERANKING)).isEqualTo(Headers.NONE);
        assertThat(settings.given())
                .containsEntry("nim.embedding.headers", "x-team: search; X-Api-Key: pre-*** ;a:b:c");
        assertThat(settings.toString() + headers).doesNotContain(SECRET);
        assertThat(headers.hiddenIn("a " + SECRET + " b")).isEqualTo("a *** b");
    }

    @Test
    void headersFromTheEnvironmentAreAllSecret() {
        SettingValues values =
                values(Map.of(), Map.of("NIM_EMBEDDING_HEADERS", "x-api-key: " + SECRET + "; x-team: search"));
        assertThat(values.shown()).containsEntry("nim.embedding.headers", "x-api-key: ***; x-team: ***");
        Headers headers = Settings.parse(values, PublishedGrid.load()).headers(NimKind.EMBEDDING);
        assertThat(headers.values()).containsEntry("x-api-key", SECRET).containsEntry("x-team", "search");
        assertThat(headers.hiddenIn(SECRET + " search")).isEqualTo("*** search");
    }

    @Test
    void anAuthorizationHeaderReplacesTheBearerTokenAndBothAreHidden() {
        Map<String, String> environment = new HashMap<>(Map.of("MY_KEY", SECRET, "NIM_API_KEY", "nvapi-hunted"));
        Settings settings = Settings.parse(
                values(Map.of("nim.embedding.headers", "Authorization: Basic ${MY_KEY}"), environment),
                PublishedGrid.load());
        Headers embedding = settings.headers(NimKind.EMBEDDING);
        assertThat(embedding.values()).isEqualTo(Map.of("authorization", "Basic " + SECRET));
        assertThat(embedding.hiddenIn("nvapi-hunted " + SECRET)).isEqualTo("*** ***");
        assertThat(settings.headers(NimKind.RERANKING).values())
                .isEqualTo(Map.of("authorization", "Bearer nvapi-hunted"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-team search | one of them is not a name, a colon and a value; give them with a semicolon between them,"
                        + " e.g. -Dnim.embedding.headers='x-team: search; x-api-key: ${MY_KEY}'",
                "x team: a | one of them is not a name, a colon and a value; give them with a semicolon between them,"
                        + " e.g. -Dnim.embedding.headers='x-team: search; x-api-key: ${MY_KEY}'",
                "Content-Length: 5 | content-length is set by nimload or by HTTP itself; leave it out",
                "host: a | host is set by nimload or by HTTP itself; leave it out",
                "connection: close | connection is set by nimload or by HTTP itself; leave it out",
                "a: b; A: c | a is given twice; give each header once",
                "a: | the value of a is empty, or has a character that is not printable ASCII; give a: and its value",
                "a: é | the value of a is empty, or has a character that is not printable ASCII; give a: and its value",
                "a: ${NOT_SET} | a takes its value from NOT_SET, which the environment has not; set it: NOT_SET=… mvn"
                        + " gatling:test",
                "a: ${SHORT} | the value of SHORT is shorter than 8 characters, too short to be hidden in what a server"
                        + " answers; write it into the setting, if it is no secret",
                "a: ${1x} | a names no environment variable after ${; give a: ${MY_KEY}",
                "x-api-key: hunted-0123456789 | x-api-key has its value where every user of this machine can read it in"
                        + " the process list; put it into an environment variable and name that: x-api-key: ${MY_KEY}",
                "Cookie: a=hunted-0123456789 | cookie has its value where every user of this machine can read it in the"
                        + " process list; put it into an environment variable and name that: cookie: ${MY_KEY}",
            })
    void headersThatAreNotRightAreRefusedWithoutTheirValues(String value, String message) {
        refused("nim.embedding.headers", value, "nim.embedding.headers: " + message);
    }

    @Test
    void headersOfTheOtherKindAreItsOwn() {
        assertThat(headers("a: b").values()).isEqualTo(Map.of("a", "b"));
        assertThat(of(Map.of("nim.reranking.headers", "c: d"))
                        .headers(NimKind.RERANKING)
                        .values())
                .isEqualTo(Map.of("c", "d"));
    }
}
