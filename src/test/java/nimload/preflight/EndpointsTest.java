package nimload.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.UserError;
import nimload.plan.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
    @TempDir
    private Path directory;

    private Path file(String json) throws IOException {
        return Files.writeString(directory.resolve("endpoints.json"), json.replace('\'', '"'));
    }

    @Test
    void addressesAndModelsAreSettingsAndOtherTextsAreForTheReport() throws IOException {
        Endpoints endpoints = Endpoints.read(file("""
                {'embedding':{'url':'http://10.0.0.5:30080','model':'a/b','gpu':'H200','replicas':1,'x':{'y':'z'}},
                 'reranking':{'url':'http://10.0.0.6:30081','model':'c/d','chart':'text-reranking-nim 1.3.0'},
                 'written':'2026-11-22'}"""));
        assertThat(endpoints.settings())
                .isEqualTo(Map.of(
                        Setting.EMBEDDING_URL, "http://10.0.0.5:30080",
                        Setting.EMBEDDING_MODEL, "a/b",
                        Setting.RERANKING_URL, "http://10.0.0.6:30081",
                        Setting.RERANKING_MODEL, "c/d"));
        assertThat(endpoints.about())
                .isEqualTo(Map.of("embedding.gpu", "H200", "reranking.chart", "text-reranking-nim 1.3.0"));
    }

    @Test
    void oneNimIsEnough() throws IOException {
        assertThat(Endpoints.read(file("{'reranking':{'url':'http://nim'}}")).settings())
                .isEqualTo(Map.of(Setting.RERANKING_URL, "http://nim"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "null",
                "",
                "{'embedding':'http://nim'}",
                "{'embedding':{'url':7}}",
                "{'embedding':{'model':'m'}}"
            })
    void aFileThatNamesNoNimIsRefused(String json) throws IOException {
        Path file = file(json);
        assertThatThrownBy(() -> Endpoints.read(file))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.endpoints=" + file + " names no NIM; it needs embedding.url or reranking.url, like"
                        + " deploy/target/endpoints.json");
    }

    @Test
    void aMissingOrInvalidFileIsRefusedWithTheExpectedOne() throws IOException {
        String meant = "); give the file that `mvn -f deploy compile exec:java -Dexec.args=up` writes:"
                + " deploy/target/endpoints.json";
        Path absent = directory.resolve("absent.json");
        assertThatThrownBy(() -> Endpoints.read(absent))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.endpoints=" + absent + " cannot be read as JSON (NoSuchFileException" + meant);
        Path cut = file("{'embedding':");
        assertThatThrownBy(() -> Endpoints.read(cut))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.endpoints=" + cut + " cannot be read as JSON (JsonEOFException" + meant);
        Path yaml = file("embedding:\n  url: http://nim\n");
        assertThatThrownBy(() -> Endpoints.read(yaml))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.endpoints=" + yaml + " cannot be read as JSON (JsonParseException" + meant);
    }
}
