package nimload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({
        "--prt, --port",
        "--prot, --port",
        "--potr, --port",
        "--PORT, --port",
        "port, --port",
        "--ports, --port",
        "--slowdow, --slowdown",
        "--different, --allow-different",
        "--hepl, --help"
    })
    void theNearestNameIsTheOneWithTheFewestEdits(String unknown, String nearest) {
        assertThat(Spelling.nearest(unknown, List.of("--help", "--slowdown", "--allow-different", "--port")))
                .isEqualTo(nearest);
    }
}
