package nimload.deploy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.chart.Chart;
import nimload.deploy.chart.ChartDownload;
import nimload.deploy.chart.ChartSource;
import nimload.deploy.chart.ChartValues;
import nimload.deploy.mock.MockCluster;
import nimload.deploy.mock.StandInCharts;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import nimload.deploy.settings.Settings;
import nimload.deploy.settings.SettingsException;
import nimload.deploy.settings.SettingsFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** The stand-in charts through the real Helm: they have the originals' faults, and our values avoid them. */
class RenderingTest {

    @TempDir
    Path folder;

    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Settings settings(String more) throws Exception {
        for (String name : List.of("text-embedding-nim", "text-reranking-nim")) {
            if (!Files.exists(folder.resolve(name))) {
                StandInCharts.folder(name, folder);
            }
        }
        return SettingsFile.parse(
                "embedding: {chart: text-embedding-nim" + more + "}\nreranking: {chart: text-reranking-nim}");
    }

    private Chart chart(NimSettings nim) {
        HttpClient unused = HttpClient.newHttpClient();
        return new ChartSource(
                        folder,
                        folder.resolve("work"),
                        new ChartDownload(unused, Optional.empty(), Duration.ofSeconds(1)))
                .fetch(nim);
    }

    private String render(NimSettings nim, Map<String, Object> values) {
        HelmReleases helm =
                new HelmReleases(cluster.config(), "1.32.0", folder.resolve("work"), code -> {}, text -> {});
        return helm.template(nim, chart(nim), values);
    }

    private String render(Settings settings, Nim nim) {
        NimSettings of = settings.of(nim);
        Map<String, Object> written = HelmValues.read(settings.source(), folder.resolve("work"), code -> {});
        return render(
                of, ChartValues.of(settings, of, written, chart(of).defaults()).values());
    }

    private StatefulSet statefulSet(String manifests) {
        try (KubernetesClient client = cluster.client()) {
            List<HasMetadata> objects = client.load(
                            new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                    .items();
            return objects.stream()
                    .filter(StatefulSet.class::isInstance)
                    .map(StatefulSet.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void bothChartsRenderWithTheDefaultsAsAStatefulSetWithItsClaim() throws Exception {
        Settings settings = settings("");
        StatefulSet embedder = statefulSet(render(settings, Nim.EMBEDDING));
        StatefulSet reranker = statefulSet(render(settings, Nim.RERANKING));

        assertThat(embedder.getMetadata().getName()).isEqualTo("embedder-text-embedding-nim");
        assertThat(embedder.getSpec().getServiceName()).isEqualTo("embedder-text-embedding-nim-sts");
        assertThat(reranker.getMetadata().getName()).isEqualTo("reranker-text-reranking-nim");
        for (StatefulSet set : List.of(embedder, reranker)) {
            assertThat(set.getSpec().getVolumeClaimTemplates())
                    .singleElement()
                    .satisfies(claim -> assertThat(
                                    claim.getSpec().getResources().getRequests().get("storage"))
                            .hasToString("50Gi"));
            assertThat(set.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .getResources()
                            .getLimits())
                    .containsKey("nvidia.com/gpu");
            assertThat(set.getSpec().getTemplate().getSpec().getImagePullSecrets())
                    .singleElement()
                    .hasFieldOrPropertyWithValue("name", "ngc-secret");
        }
    }

    @Test
    void envVarsFailInTheChartItselfWithTheGuidesMessage() throws Exception {
        Settings settings = settings("");

        assertThatThrownBy(() -> render(settings.of(Nim.EMBEDDING), Map.of("envVars", Map.of("A", "x"))))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining("_config.tpl")
                .hasMessageContaining("can't evaluate field Values in type interface {}");
    }

    @Test
    void envVarsOfTheSettingsReachTheContainer() throws Exception {
        StatefulSet set = statefulSet(
                render(settings(", values: {envVars: {NIM_NUM_TOKENIZERS: 2, LIST: 'a,b'}}"), Nim.EMBEDDING));

        assertThat(set.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv())
                .extracting(variable -> variable.getName() + "=" + variable.getValue())
                .contains("NIM_NUM_TOKENIZERS=2", "LIST=a,b");
    }

    @Test
    void persistenceAloneCreatesNoClaimInTheChartItself() throws Exception {
        Settings settings = settings("");
        String manifests = render(settings.of(Nim.EMBEDDING), Map.of("persistence", Map.of("enabled", true)));

        assertThat(manifests)
                .contains("kind: Deployment")
                .contains("claimName: embedder-text-embedding-nim")
                .doesNotContain("volumeClaimTemplates");
    }

    @Test
    void replacedTemplateIsTheOneThatIsRendered() throws Exception {
        String fixed =
                "{{- define \"nim.env\" -}}\n{{- range $k, $v := .Values.envVars }}\n- name: {{ $k }}\n  value: {{ $v | quote }}\n{{- end }}\n{{- end }}\n";
        Settings settings = settings(", configTemplate: fixed.tpl, values: {envVars: {MINE: x}}");
        Files.writeString(folder.resolve("fixed.tpl"), fixed);

        StatefulSet set = statefulSet(render(settings, Nim.EMBEDDING));

        assertThat(set.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv())
                .extracting(variable -> variable.getName())
                .containsExactly("MINE");
    }

    @Test
    void missingReplacementIsNamed() throws Exception {
        Settings settings = settings(", configTemplate: nowhere.tpl");

        assertThatThrownBy(() -> render(settings, Nim.EMBEDDING))
                .hasMessageContaining("embedding.configTemplate: no file " + folder.resolve("nowhere.tpl"));
    }

    @Test
    void oldClusterIsRefusedByTheChartsOwnMinimum() throws Exception {
        Settings settings = settings("");
        NimSettings nim = settings.of(Nim.EMBEDDING);
        HelmReleases helm =
                new HelmReleases(cluster.config(), "1.20.0", folder.resolve("work"), code -> {}, text -> {});

        assertThatThrownBy(() -> helm.template(nim, chart(nim), Map.of()))
                .hasMessageContaining("chart requires kubeVersion: >=v1.23.0-0");
    }

    @Test
    void commaInThePathIsRefusedBeforeHelmMisreadsIt() throws Exception {
        NimSettings nim = settings("").of(Nim.EMBEDDING);
        HelmReleases helm = new HelmReleases(cluster.config(), "1.32.0", folder.resolve("a,b"), code -> {}, text -> {});

        assertThatThrownBy(() -> helm.template(nim, chart(nim), Map.of()))
                .hasMessageContaining("a comma, at which Helm splits the paths of values files");
    }

    @SuppressWarnings("unchecked")
    static List<String> values() throws Exception {
        String text = Files.readString(Path.of("src/test/resources/values-words.yaml"));
        // Words stay text: this schema has no other type.
        var rows = (Map<String, List<String>>)
                new Load(LoadSettings.builder().setSchema(new FailsafeSchema()).build()).loadFromString(text);
        return Stream.concat(
                        rows.get("words").stream().map(word -> "podAnnotations:\n  word: " + word),
                        rows.get("texts").stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("values")
    void valuesMeanWhatTheyMeanInAValuesFile(String values) throws Exception {
        settings("");
        String indented = values.replaceAll("(?m)^(?=.)", "    ");
        Settings settings = SettingsFile.parse("embedding:\n  chart: text-embedding-nim\n  values:\n" + indented
                + "\n\nbenchmark: {namespace: bench}\n");
        Settings without = SettingsFile.parse("embedding: {chart: text-embedding-nim}");
        render(without, Nim.EMBEDDING); // leaves the values of all other settings in work
        Path others;
        try (var files = Files.list(folder.resolve("work"))) {
            others = files.filter(file -> file.getFileName().toString().startsWith("embedding-values-"))
                    .findFirst()
                    .orElseThrow();
        }

        String witness = new Helm(chart(without.embedding()).folder())
                .template()
                .withName("embedder")
                .withNamespace("embedding-nim")
                .withKubeVersion("1.32.0")
                .withValuesFile(others)
                .withValuesFile(Files.writeString(folder.resolve("plain.yaml"), values))
                .call();

        assertThat(render(settings, Nim.EMBEDDING)).isEqualTo(witness);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "embedding: {values: &v {podAnnotations: {a: no, b: 0400}}}\nreranking: {CHART, values: *v}",
                "embedding: {values: {podAnnotations: &p {a: no, b: 0400}}}\nreranking: {CHART, values: {podAnnotations: *p}}",
                "embedding: {values: {podAnnotations: &p {a: no}}}\nreranking:\n  CHART\n  values:\n    podAnnotations:\n      <<: *p\n      b: 0400",
                "embedding: &e {values: {podAnnotations: {a: no, b: 0400}}}\nreranking: {<<: *e, CHART, release: reranker}",
            })
    void anchorsFromElsewhereInTheFileAreResolved(String text) throws Exception {
        settings("");
        Settings settings = SettingsFile.parse(text.replace("CHART", "chart: text-reranking-nim"));

        assertThat(render(settings, Nim.RERANKING)).contains("        a: false\n        b: 256\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpus: 0, values: {resources: {limits: {nvidia.com/mig-1g.10gb: 1}}} | [nvidia.com/mig-1g.10gb]",
                "gpus: 0, resources: {limits: {nvidia.com/mig-1g.10gb: 1}} | [nvidia.com/mig-1g.10gb]",
                "gpus: 0 | []",
                "gpus: 0, values: {resources: {limits: {nvidia.com/gpu: 2}}} | [nvidia.com/gpu]",
                "values: {resources: {limits: null}} | []",
            })
    void zeroGpusTakeTheChartsOwnLimitAway(String lines, String limits) throws Exception {
        var found = statefulSet(render(settings(", " + lines), Nim.EMBEDDING))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getResources()
                .getLimits();

        assertThat(found == null ? Set.of() : found.keySet()).hasToString(limits);
    }

    @Test
    void whatHelmCannotReadIsRefusedWithHelmsReasonAndLeavesNothingBehind() throws Exception {
        Settings settings = settings(", values: {a: .inf}");

        assertThatThrownBy(() -> render(settings, Nim.EMBEDDING))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "nims.yaml: Helm cannot read it as values (error converting YAML to JSON: json: unsupported value: +Inf); compare it with deploy/nims.yaml");
        assertThat(folder.resolve("work")).isEmptyDirectory();
    }

    @Test
    void chartWithoutValuesHasNoDefaults() throws Exception {
        NimSettings nim = settings("").of(Nim.EMBEDDING);
        Files.writeString(folder.resolve("text-embedding-nim/values.yaml"), "# none\n");

        assertThat(chart(nim).defaults()).isEmpty();
    }
}
