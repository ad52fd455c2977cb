package nimload.deploy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {

    @Test
    void shippedFileAndAnEmptyOneBothMeanTheDefaults() {
        for (Settings same : List.of(SettingsFile.parse(""), SettingsFile.parse("# nothing\n"))) {
            assertThat(same)
                    .usingRecursiveComparison()
                    .ignoringFields("source")
                    .isEqualTo(SettingsFile.read(Path.of("nims.yaml")));
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/settings-refused.csv", delimiter = '|')
    void whatCannotBeRightIsRefusedWithItsPlaceAndWhatWouldBeRight(String yaml, String message) {
        assertThatThrownBy(() -> SettingsFile.parse(yaml.replace("\\n", "\n")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("nims.yaml:" + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embedding: {tag: 1.10} | tag | 1.10",
                "embedding: {tag: } | tag | 1.5.0",
                "embedding: {tag:\t0400} | tag | 0400",
                "embedding: {namespace: no, gpus: ~} | namespace | no",
                "embedding: {gpus: '2'} | gpus | 2",
                "embedding: {gpus: null} | gpus | 1",
                "embedding: {persistence: } | persistence.enabled | true",
                "embedding: {persistence: {storageClass: ''}} | persistence.storageClass | Optional.empty",
                "embedding: {chart: 'https://a/b'} | chartVersion | 1.5.0",
                "embedding: {chart: 'https://a/b.tgz', chartVersion: ''} | chartVersion | ''",
                "{reranking: &r {tag: a}, embedding: {<<: *r, model: m}} | tag | a",
            })
    void textIsWhatTheFileSaysAndNullIsAsIfLeftOut(String yaml, String setting, String value) {
        assertThat(SettingsFile.parse(yaml).embedding()).extracting(setting).hasToString(value);
    }

    @Test
    void sameReleaseInTheSameNamespaceIsRefused() {
        assertThatThrownBy(() -> SettingsFile.parse(
                        "embedding: {namespace: nims, release: app}\nreranking: {namespace: nims, release: app}"))
                .hasMessage(
                        "nims.yaml:1:39: embedding.release and nims.yaml:2:39: reranking.release: both are \"app\" in namespace \"nims\"; rename one of them");
    }

    @Test
    void messageStartsWithTheFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "x: 1");

        assertThatThrownBy(() -> SettingsFile.read(file)).hasMessageStartingWith(file + ":1:1: x: no such setting");
        assertThatThrownBy(() -> SettingsFile.read(folder.resolve("none.yaml")))
                .hasMessageContaining("no readable settings file; use --settings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void byteOrderMarksOfWindowsEditorsAreNoText(String charset, @TempDir Path folder) throws Exception {
        Path file = Files.write(
                folder.resolve("nims.yaml"), "\ufeffembedding:\r\n  model: x\r\n".getBytes(Charset.forName(charset)));

        assertThat(SettingsFile.read(file).embedding().model()).isEqualTo("x");
    }
}
