package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.compare.MadeRun;
import nimload.nim.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole runs that are compared with a baseline, each in a separate JVM. */
@Execution(ExecutionMode.CONCURRENT)
class BaselineRunTest {
    @TempDir
    private Path directory;

    /** The embedded NIM answers a query in some ms. */
    private GatlingRun run(double baselineP50) throws IOException {
        Path baseline = Files.writeString(
                directory.resolve("baseline.json"),
                new MadeRun("20261101-120000")
                        .emulated()
                        .query(1)
                        .closed(baselineP50)
                        .json());
        return GatlingRun.start(
                directory,
                Map.of(),
                "QueryEmbeddingSimulation",
                "nim.query.concurrency=1",
                "nim.duration=1s",
                "nim.warmup=0s",
                "nim.calibrate=false",
                "nim.baseline=" + baseline,
                "nim.maxRegression=5%");
    }

    @Test
    void aRunThatIsNotWorseSaysHowItCompares() throws Exception {
        GatlingRun run = run(10_000);

        assertThat(run.exitCode()).as(run.output()).isZero();
        // On a busy machine the level may not be quoted, and is not compared.
        boolean quotable = run.json().at("/levels/0/valid").booleanValue();
        assertThat(run.output())
                .contains(" against 20261101-120000 (baseline): "
                        + (quotable
                                ? "1 faster"
                                : "no level could be compared; not compared: 1 that may not be quoted"));
        Path latest = directory.resolve("results").resolve("latest");
        assertThat(Json.MAPPER
                        .readTree(latest.resolve("comparison.json").toFile())
                        .at("/runs/0/levels/0/verdict")
                        .textValue())
                .isEqualTo("faster");
        assertThat(latest.resolve("compare.html")).content().contains("20261101-120000 (baseline)");
    }

    @Test
    void aLevelThatIsWorseThanAllowedFailsTheRunAndIsNamed() throws Exception {
        GatlingRun run = run(0.1);

        assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
        // A busy machine answers so few requests that p50 has no interval.
        assertThat(run.output())
                .containsPattern("✗ query, 20 tokens, 1 text, concurrency 1: "
                        + "(p50 0\\.100 → [\\d.]+ ms, [\\d.]+ % higher|requests/s 10000\\.000 → [\\d.]+, [\\d.]+ % lower)"
                        + " than the baseline \\(95 %: at least [\\d.]+ %; allowed 5 %\\)");
    }
}
