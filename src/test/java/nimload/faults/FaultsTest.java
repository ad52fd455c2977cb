package nimload.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import nimload.emulator.EmbeddedNim;
import nimload.plan.Workload;
import nimload.simulation.GatlingRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Some of the faults of {@code src/docs/faults.md}, whole runs each in a separate JVM; {@code exec:java@faults} runs all. */
@Execution(ExecutionMode.CONCURRENT)
class FaultsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"dead for good, QUERY", "end in the body, PASSAGE", "other model from the middle on, RERANKING"})
    void nimloadSaysOfAFaultWhatTheServersLogSays(String name, Workload workload) throws Exception {
        Trial.Outcome outcome = Trial.of(Faults.named(name), workload, directory);

        assertThat(outcome.problems()).as(outcome.output()).isEmpty();
    }

    @Test
    void everyFaultStandsInTheDocumentAsItWasExpected() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("src", "docs", "faults.md"));

        assertThat(Faults.all().stream().map(Tried::name)).containsExactlyElementsOf(Tried.names());
        assertThat(Faults.all())
                .allSatisfy(fault -> assertThat(rows)
                        .filteredOn(row -> row.startsWith("| " + fault.name() + " |"))
                        .singleElement()
                        .asString()
                        .contains(fault.expectation())
                        .doesNotContain("✗"));
    }

    @Test
    void strictFailsTheRunForALevelThatIsNotValid() throws Exception {
        try (EmbeddedNim emulator = EmbeddedNim.startWithFixedDelayReadingAll(0, Duration.ofMillis(2));
                FaultServer nim = FaultServer.start(
                        0, emulator.url(), Faults.named("stalls once").script(), 1)) {
            GatlingRun run = GatlingRun.launch(
                    directory,
                    Map.of(),
                    "QueryEmbeddingSimulation",
                    List.of(
                            "nim.embedding.url=" + nim.url(),
                            "nim.strict=true",
                            "nim.query.concurrency=3",
                            "nim.duration=6s",
                            "nim.warmup=0s"),
                    "--no-reports");

            assertThat(run.exitCode())
                    .as("not quotable, and nothing is broken: " + run.output())
                    .isEqualTo(3);
            assertThat(run.output()).contains("silent: nothing was answered for ");
            assertThat(run.json()
                            .required("levels")
                            .required(0)
                            .required("errors")
                            .longValue())
                    .isZero();
        }
    }

    @Test
    void afterALargeWrongAnswerItsUserWaitsAsAfterASmallOne() throws Exception {
        Script cut = ScriptFile.parse("cut", "{spares: Java-http-client, faults: [{name: cut, do: {cut: 50%}}]}");
        try (EmbeddedNim emulator = EmbeddedNim.startWithFixedDelayReadingAll(0, Duration.ofMillis(2));
                FaultServer nim = FaultServer.start(0, emulator.url(), cut, 1)) {
            GatlingRun run = GatlingRun.startWithoutReport(
                    directory,
                    "PassageEmbeddingSimulation",
                    List.of(
                            "nim.embedding.url=" + nim.url(),
                            "nim.passage.tokens=20",
                            "nim.passage.batch=16",
                            "nim.passage.concurrency=1",
                            "nim.duration=2s",
                            "nim.maxDuration=2s",
                            "nim.warmup=0s"));

            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
            JsonNode level = run.json().required("levels").required(0);
            assertThat(level.required("errorsByKind").required("malformed").longValue())
                    .as("with 0.1 s after each, or two where the check came late")
                    .isEqualTo(level.required("requests").longValue())
                    .isBetween(2L, 41L);
        }
    }
}
