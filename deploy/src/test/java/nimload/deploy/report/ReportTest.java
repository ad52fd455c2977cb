package nimload.deploy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.settings.Nim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Endpoint endpoint(String url) {
        return new Endpoint(url, List.of(), "m", "c", "1", "i:1", Optional.empty(), "service", "ns", "r");
    }

    @Test
    void columnsAreAlignedAndLinesEndWithoutBlanks() {
        assertThat(new Table("A", "B", "C")
                        .row("long cell", "x", "")
                        .row("y", "", "z")
                        .toString()
                        .lines())
                .containsExactly("A           B   C", "long cell   x", "y               z");
        assertThatThrownBy(() -> new Table("A").row("x", "y")).hasMessage("2 cells in a table of 1 columns");
    }

    @Test
    void withoutATerminalOnlyANewPhaseIsPrinted() {
        Progress progress = new Progress(out, false);

        progress.phase(Nim.EMBEDDING, Duration.ofSeconds(1), "loading the model (1 min)");
        progress.phase(Nim.EMBEDDING, Duration.ofSeconds(61), "loading the model (2 min)");
        progress.phase(Nim.EMBEDDING, Duration.ofSeconds(125), "ready");

        assertThat(printed().lines())
                .containsExactly("embedding 00:01 loading the model (1 min)", "embedding 02:05 ready");
    }

    @ParameterizedTest
    @CsvSource({
        "pods app-7d4b9c6f5-x2x4z is forbidden, pods app-7d4b9c6f5-q9wzz is forbidden",
        "pod nimload-run-0-x2x4z waits, pod nimload-run-0-bcdfg waits",
        "sandbox 9c2f4e1ab7d05f6083a1 failed, sandbox fa2f4e1ab7d05f6083ab failed",
        "volume pvc-1f6e2c9a-77aa-4b1c-9d2e-0a1b2c3d4e5f, volume pvc-af6e2c9b-77ab-4b1c-9d2f-fa1b2c3d4e5f"
    })
    void phaseWithAnotherGeneratedNameIsTheSame(String phase, String again) {
        Progress lines = new Progress(out, false);
        lines.phase(Nim.EMBEDDING, Duration.ofSeconds(1), phase);
        lines.phase(Nim.EMBEDDING, Duration.ofSeconds(4), again);
        Progress terminal = new Progress(out, true);
        terminal.phase(Nim.EMBEDDING, Duration.ofSeconds(1), phase);
        terminal.phase(Nim.EMBEDDING, Duration.ofSeconds(4), again);

        assertThat(printed())
                .startsWith("embedding 00:01 " + phase + System.lineSeparator() + "\rembedding 00:01 " + phase)
                .endsWith("\rembedding 00:04 " + phase);
    }

    @Test
    void onATerminalOneLineIsOverwritten() {
        Progress progress = new Progress(out, true);

        progress.phase(Nim.EMBEDDING, Duration.ofSeconds(3), "pulling image");
        progress.phase(Nim.RERANKING, Duration.ofSeconds(3), "ready");
        progress.line("a note");
        progress.phase(Nim.EMBEDDING, Duration.ofSeconds(6), "ready");

        assertThat(printed())
                .startsWith("\rembedding 00:03 pulling image\rembedding 00:03 pulling image · reranking 00:03 ready")
                .contains("\ra note" + System.lineSeparator())
                .endsWith("\rembedding 00:06 ready · reranking 00:03 ready");
    }

    @Test
    void entryOfTheOtherNimIsKeptForTheSameContextOnly() throws Exception {
        Path file = folder.resolve("target/endpoints.json");
        EndpointsFile endpoints = new EndpointsFile(file);

        endpoints.write(NOW, "dev", Map.of(Nim.EMBEDDING, endpoint("http://e")));
        endpoints.write(NOW, "dev", Map.of(Nim.RERANKING, endpoint("http://r")));
        var both = JsonMapper.shared().readTree(Files.readString(file));
        endpoints.write(NOW, "prod", Map.of(Nim.RERANKING, endpoint("http://r2")));
        var other = JsonMapper.shared().readTree(Files.readString(file));

        assertThat(both.path("embedding").path("url").asString()).isEqualTo("http://e");
        assertThat(both.path("embedding").propertyNames())
                .containsExactly("url", "model", "chart", "chartVersion", "image", "reachedBy", "namespace", "release");
        assertThat(other.propertyNames()).containsExactly("created", "context", "reranking");
        assertThat(Files.list(file.getParent()))
                .containsExactlyInAnyOrder(file, file.resolveSibling("endpoints.json.lock"));
    }

    @Test
    void uninstalledNimIsRemovedAndTheLastOneDeletesTheFile() {
        Path file = folder.resolve("endpoints.json");
        EndpointsFile endpoints = new EndpointsFile(file);
        endpoints.write(NOW, "dev", Map.of(Nim.EMBEDDING, endpoint("http://e"), Nim.RERANKING, endpoint("http://r")));

        endpoints.remove(Nim.EMBEDDING);
        assertThat(file).content().doesNotContain("embedding").contains("reranking");
        endpoints.remove(Nim.RERANKING);
        assertThat(file).doesNotExist();
        endpoints.remove(Nim.RERANKING);
    }

    @Test
    void brokenFileIsReportedAndNotOverwritten() throws Exception {
        Path file = Files.writeString(folder.resolve("endpoints.json"), "{half");

        assertThatThrownBy(() -> new EndpointsFile(file).write(NOW, "dev", Map.of()))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining("not valid JSON; delete it and run up again");
        assertThat(file).hasContent("{half");
    }
}
