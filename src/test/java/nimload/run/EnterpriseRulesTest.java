package nimload.run;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.UserError;
import nimload.plan.SettingValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnterpriseRulesTest {
    private static SettingValues given(String name, Path value) {
        return SettingValues.of(Map.of(name, value.toString()), Map.of());
    }

    @Test
    void moreThanOneLoadGeneratorIsRefusedWithTheReason() {
        SettingValues nothing = SettingValues.of(Map.of(), Map.of());
        assertThatNoException().isThrownBy(() -> EnterpriseRules.check(nothing, 1));
        assertThatThrownBy(() -> EnterpriseRules.check(nothing, 3))
                .isInstanceOf(UserError.class)
                .hasMessage("this run has 3 load generators, which would split each level's users between them, so that"
                        + " no level has its concurrency; give it one: size 1 at a single location");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nim.endpoints", "nim.tls.ca", "nim.slo", "nim.baseline"})
    void aFileThatIsNotOnTheLoadGeneratorIsRefusedAndAMountedOneIsNot(String name, @TempDir Path pod)
            throws IOException {
        Path file = pod.resolve("mounted");
        assertThatThrownBy(() -> EnterpriseRules.check(given(name, file), 1))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        name + "=" + file + " is not a file on this load generator, which has no files of the project;"
                                + " leave it out, or mount it into the pods of a private location and give its path there");
        Files.createFile(file);
        assertThatNoException().isThrownBy(() -> EnterpriseRules.check(given(name, file), 1));
    }

    @Test
    void aFolderForResultsIsRefused() {
        assertThatThrownBy(() -> EnterpriseRules.check(given("nim.results", Path.of("target/x")), 1))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.results=target/x: Gatling Enterprise keeps no files of a load generator; leave it out:"
                        + " the results are the log lines nimload-run and nimload-level");
    }

    @Test
    void atMost100ScenariosAreSent() {
        assertThatNoException().isThrownBy(() -> EnterpriseRules.checkScenarios(100));
        assertThatThrownBy(() -> EnterpriseRules.checkScenarios(122))
                .isInstanceOf(UserError.class)
                .hasMessage("this run has 122 scenarios, one per level and repeat and a few to prepare, and Gatling"
                        + " Enterprise accepts 100; give a lower nim.repeat or fewer levels");
    }
}
