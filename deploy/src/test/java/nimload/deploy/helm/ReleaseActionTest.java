package nimload.deploy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.chart.Chart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseActionTest {

    private static final Chart CHART = new Chart(Path.of("."), "text-embedding-nim", "1.5.0", Map.of());

    private static ReleaseRecord release(String status, int revision, Map<String, Object> values) {
        return new ReleaseRecord(
                "embedder", status, Instant.EPOCH, revision, "text-embedding-nim", "1.5.0", "", values, "");
    }

    private static ReleaseAction of(String status, Map<String, Object> installed, Map<String, Object> wanted) {
        return ReleaseAction.of(Optional.of(release(status, 2, installed)), CHART, wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "deployed, NOTHING",
        "failed, UPGRADE",
        "superseded, UPGRADE",
        "pending-install, REINSTALL",
        "pending-upgrade, REINSTALL",
        "pending-rollback, REINSTALL",
        "uninstalling, REINSTALL",
        "uninstalled, INSTALL"
    })
    void eachStatusOfTheSameReleaseHasItsAction(String status, ReleaseAction action) {
        assertThat(of(status, Map.of("a", 1), Map.of("a", 1))).isEqualTo(action);
    }

    @Test
    void absentIsInstalledAndUnknownWordsAreNotGuessed() {
        assertThat(ReleaseAction.of(Optional.empty(), CHART, Map.of())).isEqualTo(ReleaseAction.INSTALL);
        assertThatThrownBy(() -> of("unknown", Map.of(), Map.of()))
                .hasMessage("Helm's release status \"unknown\" is unknown");
    }

    @Test
    void otherValuesOrChartAreAnUpgradeAndTheOrderOfKeysIsNot() {
        assertThat(of("deployed", Map.of("a", 1), Map.of("a", 2))).isEqualTo(ReleaseAction.UPGRADE);
        assertThat(of(
                        "deployed",
                        Map.of("a", 1, "b", Map.of("c", 2, "d", 3)),
                        Map.of("b", Map.of("d", 3, "c", 2), "a", 1)))
                .isEqualTo(ReleaseAction.NOTHING);
        assertThat(ReleaseAction.of(
                        Optional.of(release("deployed", 1, Map.of())),
                        new Chart(Path.of("."), "text-embedding-nim", "1.6.0", Map.of()),
                        Map.of()))
                .isEqualTo(ReleaseAction.UPGRADE);
    }

    @Test
    void changedClaimsAreRefusedUnlessTheFirstInstallFailed() {
        Map<String, Object> before = Map.of("persistence", Map.of("enabled", true, "size", "50Gi"));
        Map<String, Object> after = Map.of("persistence", Map.of("enabled", true, "size", "80Gi"));

        assertThat(of("deployed", before, after)).isEqualTo(ReleaseAction.REFUSE);
        assertThat(of("failed", before, after)).isEqualTo(ReleaseAction.REFUSE);
        assertThat(ReleaseAction.of(Optional.of(release("failed", 1, before)), CHART, after))
                .isEqualTo(ReleaseAction.REINSTALL);
    }

    @Test
    void storageThatIsLeftOutIsTheSameAsNone() {
        assertThat(of(
                        "deployed",
                        Map.of("persistence", Map.of("enabled", true)),
                        Map.of("persistence", Map.of("enabled", true, "storageClass", "", "existingClaim", ""))))
                .isEqualTo(ReleaseAction.UPGRADE);
        assertThat(of("deployed", Map.of(), Map.of("persistence", Map.of("enabled", false))))
                .isEqualTo(ReleaseAction.UPGRADE);
    }
}
