package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import nimload.nim.NimKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        assertThat(of("HTTP://nim:8000/v1").nims().get(NimKind.EMBEDDING).url().orElseThrow())
                .hasToString("http://nim:8000");
    }

    @Test
    void levelHasTheSameNumberInEveryJvmSoThatASeedSendsTheSameTexts() {
        assertThat(new LoadPoint(Workload.QUERY, 20, 0, 1, 3).number()).isEqualTo(29225005);
    }
}
