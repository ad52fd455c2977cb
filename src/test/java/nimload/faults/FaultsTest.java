package nimload.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    @CsvSource({
        "dead for good, QUERY",
        "reset before any byte, QUERY",
        "end in the body, PASSAGE",
        "hangs, QUERY",
        "other dimension always, QUERY",
        "0 and 1 exchanged, PASSAGE",
        "exchanged in flight, QUERY",
        "other model from the middle on, RERANKING"
    })
    void nimloadSaysOfAFaultWhatTheServersLogSays(String name, Workload workload) throws Exception {
        Trial.Outcome outcome = Trial.of(Faults.named(name), workload, directory);

        assertThat(outcome.problems()).as(outcome.output()).isEmpty();
    }

    @Test
    void everyFaultStandsInTheDocumentAsItWasExpected() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("src", "docs", "faults.md"));

        assertThat(Faults.all())
                .hasSizeGreaterThanOrEqualTo(40)
                .allSatisfy(fault -> assertThat(rows)
                        .filteredOn(row -> row.startsWith("| " + fault.name() + " |"))
                        .singleElement()
                        .asString()
                        .contains(fault.expectation())
                        .doesNotContain("✗"));
    }

    @Test
    void strictFailsTheRunForALevelThatIsNotValid() throws Exception {
        try (FaultyNim nim = new FaultyNim(Faults.named("stalls once"), 20)) {
            GatlingRun run = GatlingRun.startWithoutReport(
                    directory,
                    "QueryEmbeddingSimulation",
                    List.of(
                            "nim.embedding.url=" + nim.url(),
                            "nim.strict=true",
                            "nim.query.concurrency=3",
                            "nim.duration=6s",
                            "nim.warmup=0s"));

            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
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
        Fault cut = Fault.of("", "", When.always(), Wires.cutWithRightLength(), Expected.counted("malformed"));
        try (FaultyNim nim = new FaultyNim(cut, 20)) {
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
