package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import nimload.emulator.EmbeddedNim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole runs, each in a separate JVM, that cannot go as planned: how they end and what they leave behind. */
@Execution(ExecutionMode.CONCURRENT)
class RunFailuresTest {
    private static final int SIGTERM = 15;

    @TempDir
    Path directory;

    @Test
    void unreachableNimEndsTheRunBeforeAnyLoadWithOneLine() throws Exception {
        GatlingRun run = GatlingRun.start(
                directory, Map.of(), "QueryEmbeddingSimulation", "nim.embedding.url=http://127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output())
                .startsWith("✗ http://127.0.0.1:1 cannot be reached")
                .hasLineCount(1);
        assertThat(run.hasResults()).isFalse();
    }

    /** As the JDK keeps it: Gatling has heard of a newer version, a moment ago. */
    private Path newerVersionIn(Path home) throws IOException {
        Path node = Files.createDirectories(home.resolve(".java/.userPrefs/io/gatling/latestVersion"));
        return Files.writeString(node.resolve("prefs.xml"), """
                <?xml version="1.0" encoding="UTF-8" standalone="no"?>
                <!DOCTYPE map SYSTEM "http://java.sun.com/dtd/preferences.dtd">
                <map MAP_XML_VERSION="1.0">
                  <entry key="lastCheckTimestamp" value="%d"/>
                  <entry key="lastCheckSuccess" value="true"/>
                  <entry key="latestReleaseNumber" value="99.0.0"/>
                  <entry key="latestReleaseDate" value="2099-01-01T00:00:00Z"/>
                </map>
                """.formatted(System.currentTimeMillis()));
    }

    @Test
    void terminatedRunKeepsItsFinishedLevelsAndGatlingDoesNotCheckItsVersion() throws Exception {
        Path home = directory.resolve("home");
        Path preferences = newerVersionIn(home);
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "QueryEmbeddingSimulation",
                "user.home=" + home,
                "nim.query.concurrency=1,2,3",
                "nim.duration=1s",
                "nim.warmup=0s");
        run.awaitLine("▶ Running: input_type=query, tokens=20, batch=1, concurrency=2");
        run.terminate();

        assertThat(run.exitCode()).isEqualTo(128 + SIGTERM);
        Path results = directory.resolve("results");
        Path kept = results.resolve(results.resolve("latest").toRealPath().getFileName());
        assertThat(run.output().lines().reduce((first, last) -> last).orElseThrow())
                .isEqualTo("interrupted: 1 of 3 levels are kept in " + kept
                        + "; make their page with: mvn compile exec:java@report -Dexec.args=\"" + kept + "\"");
        assertThat(run.csv()).hasSize(2);
        assertThat(run.csv().get(1)).startsWith("query,20,1,1,");
        assertThat(run.json().required("complete").booleanValue()).isFalse();
        assertThat(run.output()).doesNotContain("99.0.0", "prefs");
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(preferences);
        }
    }

    @Test
    @Timeout(120)
    void aPageThatCannotBeWrittenFailsTheRunOnceAndLeavesTheResults() throws Exception {
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "QueryEmbeddingSimulation",
                "nim.query.concurrency=1,2",
                "nim.duration=1s",
                "nim.warmup=0s");
        run.awaitLine("▶ Running: input_type=query, tokens=20, batch=1, concurrency=2");
        Files.createDirectory(directory.resolve("results").resolve("latest").resolve("report.html.part"));

        assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
        assertThat(run.output())
                .containsOnlyOnce("✗ report.html cannot be written: ")
                .contains("nimload: count of failed events is 0.0 : false")
                .containsPattern(
                        "\nnimload: [0-2] of 2 levels may be quoted · FAILED: report\\.html cannot be written: .* · "
                                + directory + "/results/[0-9-]+\n$");
        assertThat(run.csv()).hasSize(3);
    }

    @Test
    void apiKeyIsSentAndAppearsInNoOutputAndNoFile() throws Exception {
        String key = "nvapi-hunted-0123456789";
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of("NIM_API_KEY", key),
                    "QueryEmbeddingSimulation",
                    "nim.embedding.url=" + nim.url(),
                    "nim.query.concurrency=1",
                    "nim.duration=300ms",
                    "nim.warmup=0s");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).doesNotContain(key);
            assertThat(run.json().required("settings").required("nim.apiKey").textValue())
                    .isEqualTo("***");
            assertThat(Files.walk(directory).filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain(key));
        }
    }
}
