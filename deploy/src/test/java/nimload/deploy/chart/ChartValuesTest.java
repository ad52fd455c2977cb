package nimload.deploy.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nimload.deploy.helm.HelmValues;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.Settings;
import nimload.deploy.settings.SettingsException;
import nimload.deploy.settings.SettingsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartValuesTest {

    private static final Map<String, Object> DEFAULTS =
            Chart.read(Path.of("src/test/resources/charts/text-embedding-nim")).defaults();

    @TempDir
    private static Path work;

    private static ChartValues values(String... lines) {
        Settings settings = SettingsFile.parse(String.join("\n", lines));
        Map<String, Object> written = HelmValues.read(settings.source(), work, code -> {});
        return ChartValues.of(settings, settings.of(Nim.EMBEDDING), written, DEFAULTS);
    }

    private static Map<String, Object> at(ChartValues values, String key) {
        return ChartValues.map(values.values().get(key));
    }

    @Test
    void defaultsNeedNoNote() {
        ChartValues values = values("");

        assertThat(values.notes()).isEmpty();
        assertThat(at(values, "image"))
                .containsOnly(entry("repository", "nvcr.io/nim/nvidia/nv-embedqa-e5-v5"), entry("tag", "1.5.0"));
        assertThat(at(values, "resources")).containsOnly(entry("limits", Map.of("nvidia.com/gpu", 1)));
        assertThat(at(values, "persistence"))
                .containsOnly(
                        entry("enabled", true),
                        entry("size", "50Gi"),
                        entry("storageClass", ""),
                        entry("existingClaim", ""),
                        entry("accessMode", "ReadWriteOnce"));
        assertThat(at(values, "statefulSet")).containsOnly(entry("enabled", true));
    }

    @Test
    void envVarsBecomeEnvAndExplicitEnvWins() {
        ChartValues values = values(
                "proxy: {https: 'http://proxy:3128'}",
                "embedding: {values: {envVars: {A: 1, B: two}, env: [{name: B, value: kept}]}}");

        assertThat(values.values().get("env"))
                .isEqualTo(List.of(Map.of("name", "B", "value", "kept"), Map.of("name", "A", "value", "1")));
        assertThat(values.values()).doesNotContainKey("envVars");
        assertThat(values.notes())
                .containsExactly("envVars (A, B) was passed as env instead: the chart's _config.tpl fails on envVars");
    }

    @Test
    void proxyIsWrittenInBothSpellingsAndBypassesTheCluster() {
        assertThat(values("proxy: {https: 'http://proxy:3128'}").values().get("env"))
                .isEqualTo(List.of(
                        Map.of("name", "https_proxy", "value", "http://proxy:3128"),
                        Map.of("name", "HTTPS_PROXY", "value", "http://proxy:3128"),
                        Map.of("name", "no_proxy", "value", "localhost,127.0.0.1,.svc,.cluster.local"),
                        Map.of("name", "NO_PROXY", "value", "localhost,127.0.0.1,.svc,.cluster.local")));
    }

    @Test
    void envVarsStayIfTheTemplateIsReplaced() {
        ChartValues values = values("embedding: {configTemplate: fixed.tpl, values: {envVars: {A: x}}}");

        assertThat(at(values, "envVars")).containsOnly(entry("A", "x"));
        assertThat(values.notes()).isEmpty();
    }

    @Test
    void persistenceThatWouldCreateNoClaimIsTurnedIntoOneThatDoes() {
        ChartValues deployment = values("embedding: {values: {statefulSet: {enabled: false}}}");
        ChartValues shared = values("embedding: {values: {persistence: {accessMode: ReadWriteMany}}}");
        ChartValues own = values("embedding: {persistence: {enabled: false}, values: {persistence: {enabled: true}}}");

        assertThat(at(deployment, "statefulSet")).containsEntry("enabled", true);
        assertThat(deployment.notes()).singleElement().asString().contains("statefulSet.enabled was set to true");
        assertThat(at(shared, "persistence")).containsEntry("accessMode", "ReadWriteOnce");
        assertThat(shared.notes())
                .singleElement()
                .asString()
                .contains(
                        "persistence.accessMode was set to ReadWriteOnce: with ReadWriteMany the chart creates no claim");
        assertThat(at(own, "statefulSet")).containsEntry("enabled", true);
        assertThat(at(own, "persistence")).containsEntry("accessMode", "ReadWriteOnce");
    }

    @Test
    void replicasAreTheChartsReplicaCountAndOneIsItsDefault() {
        assertThat(values("embedding: {replicas: 3}").values()).containsEntry("replicaCount", 3);
        assertThat(values("embedding: {replicas: 1}").values()).doesNotContainKey("replicaCount");
        assertThat(values("embedding: {replicas: 3, values: {replicaCount: 2}}").values())
                .containsEntry("replicaCount", 2);
    }

    @Test
    void existingClaimAndNoPersistenceAreLeftUnchanged() {
        ChartValues existing = values("embedding: {persistence: {existingClaim: cache}}");
        ChartValues none = values("embedding: {persistence: {enabled: false}}");

        assertThat(at(existing, "persistence")).containsEntry("existingClaim", "cache");
        assertThat(existing.values()).doesNotContainKey("statefulSet");
        assertThat(at(none, "persistence")).containsOnly(entry("enabled", false));
        assertThat(none.values()).doesNotContainKey("statefulSet");
        assertThat(existing.notes()).isEmpty();
    }

    @Test
    void valuesThatTheChartIgnoresOrDoesNotKnowAreNamed() {
        ChartValues values = values(
                "embedding:",
                "  values:",
                "    replicaCuont: 2",
                "    service: {nodePort: 30080, type: NodePort}",
                "    metrics: {serviceMonitor: {enabled: true}}",
                "    image: {pullPolicyy: Always}",
                "    podAnnotations: {anything: goes}",
                "    resources: {requests: {cpu: 4}}",
                "    tolerations: [{key: dedicated}]",
                "    fullnameOverride: embedder");

        assertThat(values.notes())
                .containsExactly(
                        "image.pullPolicyy is unknown to the chart and has no effect; did you mean pullPolicy?",
                        "metrics.serviceMonitor has no effect: the chart does not read it",
                        "replicaCuont is unknown to the chart and has no effect; did you mean replicaCount?",
                        "service.nodePort has no effect: the chart does not read it; Kubernetes picks a free node port, which status shows");
    }

    @Test
    void ownValuesWinAndJoinWhatTheSettingsSay() {
        ChartValues values = values(
                "embedding: {gpus: 2, resources: {requests: {cpu: '4'}}, values: {image: {tag: other}, resources: {limits: {memory: 16Gi}}}}");

        assertThat(at(values, "image")).containsEntry("tag", "other").containsKey("repository");
        assertThat(at(values, "resources"))
                .containsEntry("limits", Map.of("nvidia.com/gpu", 2, "memory", "16Gi"))
                .containsEntry("requests", Map.of("cpu", "4"));
    }

    @Test
    void nullTakesAwayAndEmptyNoProxyBypassesNothing() {
        assertThat(values("proxy: {https: 'http://proxy:3128', noProxy: ''}", "embedding: {values: {envVars: {A: }}}")
                        .values()
                        .get("env"))
                .asInstanceOf(LIST)
                .extracting(variable -> ChartValues.map(variable).get("name"))
                .containsExactly("https_proxy", "HTTPS_PROXY");
        assertThat(at(values("embedding: {values: {resources: {limits: }}}"), "resources"))
                .containsEntry("limits", null);
        assertThat(at(values("embedding: {resources: {limits: }}"), "resources"))
                .containsEntry("limits", Map.of("nvidia.com/gpu", 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embedding: {values: {resources: {limits: {nvidia.com/mig-1g.10gb: 1}}}} | nims.yaml: embedding.gpus: 1 nvidia.com/gpu and the limit nvidia.com/mig-1g.10gb: 1 contradict each other: no pod uses both; write gpus: 0 (and no nvidia.com/gpu in values), or remove that limit",
                "embedding: {gpus: 2, resources: {limits: {nvidia.com/gpu.shared: 1}}} | nims.yaml:1:19: embedding.gpus: 2 nvidia.com/gpu and the limit nvidia.com/gpu.shared: 1 contradict each other: no pod uses both; write gpus: 0 (and no nvidia.com/gpu in values), or remove that limit"
            })
    void wholeGpusAndAPartOfOneAreRefusedWithBothNames(String settings, String message) {
        assertThatThrownBy(() -> values(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }
}
