package nimload.deploy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

    private static void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> SettingsFile.parse(yaml))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @Test
    void shippedFileAndAnEmptyOneBothMeanTheDefaults() {
        assertThat(SettingsFile.read(Path.of("nims.yaml")))
                .isEqualTo(SettingsFile.parse(""))
                .isEqualTo(SettingsFile.parse("# nothing\n"));
    }

    @Test
    void defaultsAreNvidiasTwoNims() {
        Settings settings = SettingsFile.parse("");

        assertThat(settings.embedding().chart())
                .isEqualTo("https://helm.ngc.nvidia.com/nim/nvidia/charts/text-embedding-nim");
        assertThat(settings.embedding().chartVersion()).contains("1.5.0");
        assertThat(settings.embedding().model()).isEqualTo("nvidia/nv-embedqa-e5-v5");
        assertThat(settings.reranking().chart())
                .isEqualTo("https://helm.ngc.nvidia.com/nim/nvidia/charts/text-reranking-nim");
        assertThat(settings.reranking().chartVersion()).contains("1.3.0");
        assertThat(settings.reranking().model()).isEqualTo("nvidia/llama-3.2-nv-rerankqa-1b-v2");
    }

    @Test
    void unknownKeysAreRefusedWithTheKnownOnes() {
        assertRefused(
                "embeding: {}",
                "embeding: no such setting; known here: benchmark, embedding, images, proxy, reranking. Correct or remove it");
        assertRefused(
                "embedding: {persistence: {sise: 20Gi}}",
                "embedding.persistence.sise: no such setting; known here: enabled, existingClaim, size, storageClass. Correct or remove it");
    }

    @Test
    void invalidValuesAreShownWithWhatWouldBeValid() {
        assertRefused(
                "embedding: {gpus: two}", "embedding.gpus: \"two\" is not a whole number of at least 0; e.g. gpus: 1");
        assertRefused(
                "embedding: {gpus: -1}", "embedding.gpus: \"-1\" is not a whole number of at least 0; e.g. gpus: 1");
        assertRefused(
                "reranking: {persistence: {enabled: maybe}}",
                "reranking.persistence.enabled: \"maybe\" is neither true nor false; e.g. enabled: true");
        assertRefused(
                "embedding: {namespace: Embedding_NIM}",
                "embedding.namespace: \"Embedding_NIM\" is not valid; give a namespace's name, e.g. namespace: embedding-nim");
        assertRefused(
                "embedding: {persistence: {size: 50 GB}}",
                "embedding.persistence.size: \"50 GB\" is not valid; give a quantity, e.g. size: 50Gi");
        assertRefused(
                "images: {registry: 'https://nvcr.io/'}",
                "images.registry: \"https://nvcr.io/\" is not valid; give a host with an optional port, e.g. registry: harbor.example.com:5000");
        assertRefused("embedding: x", "embedding: \"x\" is not a mapping; put its entries below it, indented");
        assertRefused("embedding: {tag: [a]}", "embedding.tag: a mapping or list is not text; give a single value");
    }

    @Test
    void tagThatYamlReadsAsANumberIsRefusedRatherThanShortened() {
        assertRefused("embedding: {tag: 1.10}", "embedding.tag: \"1.1\" is a number in YAML; put it in quotes");
        assertThat(SettingsFile.parse("embedding: {tag: '1.10'}").embedding().tag())
                .isEqualTo("1.10");
    }

    @Test
    void duplicateKeysAndBrokenYamlAreRefusedWithTheirLine() {
        assertThatThrownBy(() -> SettingsFile.parse("embedding:\n  gpus: 1\n  gpus: 2\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("gpus")
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> SettingsFile.parse("embedding: [1, 2\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("not YAML (");
        assertThatThrownBy(() -> SettingsFile.parse("just a text"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("not a mapping but a text or list");
    }

    @Test
    void sameReleaseInTheSameNamespaceIsRefused() {
        assertRefused(
                "embedding: {namespace: nims, release: app}\nreranking: {namespace: nims, release: app}",
                "embedding.release and reranking.release: both are \"app\" in namespace \"nims\"; rename one of them");
    }

    @Test
    void messageStartsWithTheFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "x: 1");

        assertThatThrownBy(() -> SettingsFile.read(file)).hasMessageStartingWith(file + ": x: no such setting");
        assertThatThrownBy(() -> SettingsFile.read(folder.resolve("none.yaml")))
                .hasMessageContaining("no readable settings file; use --settings");
    }

    @Test
    void ownChartAddressNeedsNoVersionIfItEndsInTgz() {
        assertThat(SettingsFile.parse("embedding: {chart: 'https://charts.example.com/x-2.0.0.tgz'}")
                        .embedding()
                        .chartVersion())
                .isEmpty();
    }
}
