package nimload.run;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.SettingValues;
import nimload.plan.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnterpriseRulesTest {
    private static SettingValues given(String name, Path value) {
        return SettingValues.of(Map.of(name, value.toString()), Map.of());
    }

    private static void check(SettingValues given, int loadGenerators) {
        EnterpriseRules.check(Program.grid(Workload.QUERY), given, loadGenerators);
    }

    @Test
    void severalLoadGeneratorsNeedAnInstantToBegin() {
        SettingValues nothing = SettingValues.of(Map.of(), Map.of());
        assertThatNoException().isThrownBy(() -> check(nothing, 1));
        assertThatNoException()
                .isThrownBy(() -> check(SettingValues.of(Map.of("nim.startAt", "2026-11-26T17:00:00Z"), Map.of()), 3));
        assertThatThrownBy(() -> check(nothing, 3))
                .isInstanceOf(UserError.class)
                .hasMessage("this run has 3 load generators, which cannot agree on an instant to begin; give it in"
                        + " package.conf's systemProperties, later than they start and prepare, e.g. \"nim.startAt\" ="
                        + " \"2026-11-26T17:00:00Z\", or give the run one: size 1 at a single location");
    }

    /** With what else several load generators would need. */
    private static SettingValues begins(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of("nim.startAt", "2026-11-26T17:00:00Z"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return SettingValues.of(properties, Map.of());
    }

    @Test
    void searchPipelineAndSoakRunOnOneLoadGenerator() {
        for (Program program : List.of(Program.capacity(), Program.pipeline(), Program.soak())) {
            assertThatNoException().isThrownBy(() -> EnterpriseRules.check(program, begins(), 1));
            assertThatThrownBy(() -> EnterpriseRules.check(program, SettingValues.of(Map.of(), Map.of()), 2))
                    .isInstanceOf(UserError.class)
                    .hasMessage("this run has 2 load generators, and its simulation with these settings runs on one;"
                            + " give it one: size 1 at a single location");
        }
        assertThatNoException()
                .isThrownBy(() -> EnterpriseRules.check(Program.capacity(), begins("nim.capacity.rates", "5"), 2));
        assertThatThrownBy(() -> EnterpriseRules.check(Program.soak(), begins("nim.repeat", "2"), 2))
                .as("what is wrong with one generator too")
                .hasMessage("nim.repeat=2 is not for SoakSimulation: a soak runs once; leave it out");
    }

    @Test
    void theirNumberIsGatlingsToGive() {
        assertThatThrownBy(() -> check(SettingValues.of(Map.of("nim.generator", "1/2"), Map.of()), 2))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.generator=1/2: Gatling Enterprise numbers the load generators of a run itself; leave it"
                                + " out");
    }

    @Test
    void usersThatCannotBeSharedEvenlyAreRefused() {
        List<LoadPoint> levels =
                List.of(new LoadPoint(Workload.QUERY, 20, 0, 1, 6), new LoadPoint(Workload.PASSAGE, 300, 0, 64, 9));
        assertThatNoException().isThrownBy(() -> EnterpriseRules.checkUsers(levels, 1));
        assertThatNoException().isThrownBy(() -> EnterpriseRules.checkUsers(levels, 3));
        assertThatThrownBy(() -> EnterpriseRules.checkUsers(levels, 2))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "passage, 300 tokens, 64 texts, concurrency 9: 2 load generators cannot share its users evenly;"
                                + " give concurrencies that 2 divides, e.g. -Dnim.passage.concurrency=2,4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nim.endpoints", "nim.tls.ca", "nim.slo", "nim.baseline"})
    void aFileThatIsNotOnTheLoadGeneratorIsRefusedAndAMountedOneIsNot(String name, @TempDir Path pod)
            throws IOException {
        Path file = pod.resolve("mounted");
        assertThatThrownBy(() -> check(given(name, file), 1))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        name + "=" + file + " is not a file on this load generator, which has no files of the project;"
                                + " leave it out, or mount it into the pods of a private location and give its path there");
        Files.createFile(file);
        assertThatNoException().isThrownBy(() -> check(given(name, file), 1));
    }

    @Test
    void aFolderForResultsIsRefused() {
        assertThatThrownBy(() -> check(given("nim.results", Path.of("target/x")), 1))
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
