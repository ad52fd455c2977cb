package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.util.Map;
import nimload.nim.NimKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that are given with too much in them. */
class BaseUrlTest {
    private static Settings of(String value) {
        return Settings.parse(SettingValues.of(Map.of("nim.embedding.url", value), Map.of()), PublishedGrid.load());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:hunter2@nim_1:8000",
                "http://user:hunter2@nim:port",
                "http://user:hun@ter2@nim:8000",
                "http://user:hunter2%@nim:8000",
                "ftp://user:hunter2@nim:8000",
                "user:hunter2@nim:8000",
            })
    void passwordInAnAddressIsRefusedAndNeverShown(String value) {
        assertThat(catchThrowable(() -> of(value)).getMessage())
                .startsWith("nim.embedding.url contains a user name or password; ")
                .doesNotContain("ter2");
    }

    @Test
    void commasSeparateReplicas() {
        assertThat(of("http://a:8000, http://b/v1")
                        .nims()
                        .get(NimKind.EMBEDDING)
                        .urls())
                .containsExactly(URI.create("http://a:8000"), URI.create("http://b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://a,http://a/v1 | nim.embedding.url=http://a,http://a/v1: http://a is given twice; give each replica once",
                "http://a,b | nim.embedding.url=b: does not begin with http:// or https://; give e.g."
                        + " -Dnim.embedding.url=http://10.0.0.5:8000",
                "http://a,http://user:hunt,er2@b | nim.embedding.url contains a user name or password; leave it out of the"
                        + " URL and give a key in the environment: NIM_API_KEY=… mvn gatling:test"
            })
    void replicasAreCheckedOneByOne(String value, String message) {
        assertThat(catchThrowable(() -> of(value))).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://a,http://b | and there are 2",
                "https://a | and there is https://a",
            })
    void dnsNeedsOneName(String value, String part) {
        assertThat(catchThrowable(() -> Settings.parse(
                        SettingValues.of(Map.of("nim.embedding.url", value, "nim.embedding.replicas", "dns"), Map.of()),
                        PublishedGrid.load())))
                .hasMessageStartingWith("nim.embedding.replicas=dns needs one nim.embedding.url of http://")
                .hasMessageContaining(part);
    }

    @Test
    void metricsPageOfOneReplicaIsRefused() {
        assertThat(catchThrowable(() -> Settings.parse(
                        SettingValues.of(
                                Map.of(
                                        "nim.embedding.url",
                                        "http://a,http://b",
                                        "nim.embedding.metricsUrl",
                                        "http://a:8002/metrics"),
                                Map.of()),
                        PublishedGrid.load())))
                .hasMessage(
                        "nim.embedding.metricsUrl=http://a:8002/metrics is one page, and nim.embedding.url has several"
                                + " replicas; leave it out: each replica's own pages are read");
    }

    @Test
    void v1TwiceIsRefused() {
        assertThat(catchThrowable(() -> of("http://nim/v1/v1")).getMessage())
                .startsWith("nim.embedding.url=http://nim/v1/v1: contains a route; ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://nim_1:8000", "https://nim_1/v1"})
    void underscoreInAHostNameIsRefusedWithTheReason(String value) {
        assertThat(catchThrowable(() -> of(value)))
                .hasMessage("nim.embedding.url=" + value + ": nim_1 has an underscore, and Java's URI takes none in a"
                        + " host name; use another name or the address, e.g. -Dnim.embedding.url=http://10.0.0.5:8000");
    }

    @Test
    void schemeMayBeInCapitals() {
        assertThat(of("HTTP://nim:8000/v1").nims().get(NimKind.EMBEDDING).urls())
                .containsExactly(URI.create("http://nim:8000"));
    }

    @Test
    void levelHasTheSameNumberInEveryJvmSoThatASeedSendsTheSameTexts() {
        assertThat(new LoadPoint(Workload.QUERY, 20, 0, 1, 3).number()).isEqualTo(29225005);
    }
}
