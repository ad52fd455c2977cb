package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole runs, each in a separate JVM, with limits. */
@Execution(ExecutionMode.CONCURRENT)
class SloRunTest {
    @TempDir
    Path directory;

    private GatlingRun run(String slo, String... settings) throws IOException {
        return GatlingRun.start(
                directory,
                Map.of(),
                "QueryEmbeddingSimulation",
                settings(slo, settings).toArray(String[]::new));
    }

    private List<String> settings(String slo, String... settings) throws IOException {
        Path file = Files.writeString(directory.resolve("limits.yaml"), slo);
        List<String> all = new ArrayList<>(
                List.of("nim.slo=" + file, "nim.query.concurrency=1,3", "nim.duration=500ms", "nim.warmup=0s"));
        all.addAll(List.of(settings));
        return all;
    }

    @Test
    void limitsThatAreKeptLeaveTheExitAt0AndAreGatlingsAssertionsToo() throws Exception {
        // Long enough for the 20 requests that p95 needs, also where a cold JVM stands still for half a second.
        GatlingRun run = run(
                "- {p50: 10s, p95: 10s, requestsPerSecond: 0.1}\n- {workload: passage, p95: 1ms}",
                "nim.repeat=2",
                "nim.duration=2s");

        assertThat(run.exitCode()).as(run.output()).isZero();
        // On a busy machine an interval may be open above; the line then adds which limit is not surely met.
        assertThat(run.output()
                        .lines()
                        .filter(line -> line.startsWith("  SLO met"))
                        .count())
                .as("once per level, after its last repeat")
                .isEqualTo(2);
        assertThat(run.output())
                .contains("SLO of " + directory.resolve("limits.yaml") + ": met by 2 of 2 levels that have limits")
                .contains(
                        "highest concurrency that meets the SLO: query, 20 tokens, 1 text: 3, the highest that has limits")
                .contains("SLO: limits of " + directory.resolve("limits.yaml")
                        + " for workloads that were not run: line 2," + " column 3.")
                .contains("SLO query 20 c=1 (1 text): p95 ≤ 10000 ms: count of failed events is 0.0 : true")
                .contains("SLO query 20 c=3 (1 text): requestsPerSecond ≥ 0.1/s: count of failed events is 0.0 : true");
        assertThat(run.json().required("slo").required("met").booleanValue()).isTrue();
    }

    @Test
    void aBrokenLimitFailsTheRunWithALineAndIsOnDiskInTheLevel() throws Exception {
        Path stepSummary = Files.writeString(directory.resolve("step"), "# Before\n");
        GatlingRun run = GatlingRun.launch(
                directory,
                Map.of("GITHUB_STEP_SUMMARY", stepSummary.toString()),
                "QueryEmbeddingSimulation",
                settings("- {concurrency: 1, p50: 10s}\n- {concurrency: 3, p50: 0.001ms, requestsPerSecond: 900000}"));

        assertThat(run.exitCode()).as("broken: " + run.output()).isEqualTo(1);
        // On a busy machine an interval may be open; the line then adds that it is not sure.
        String p50 = "p50 [0-9.]+ ms > 0\\.001 ms( \\(not sure[^)]*\\))?";
        String rate = "requestsPerSecond [0-9.]+/s < 900000/s( \\(not sure[^)]*\\))?\n";
        assertThat(run.output())
                .containsPattern("\n  SLO not met: " + p50 + "; " + rate)
                .containsPattern("\n✗ query 20 c=3 \\(1 text\\) SLO not met: " + p50 + "\n")
                .containsPattern("\n✗ query 20 c=3 \\(1 text\\) SLO not met: " + rate)
                .contains("\nhighest concurrency that meets the SLO: query, 20 tokens, 1 text: 1");
        assertThat(run.output())
                .as("Gatling's end, which does not know of the limits but what nimload says")
                .contains(
                        "Global: count of failed events is 0.0 : true",
                        "\nnimload: count of failed events is 0.0 : true")
                .contains(
                        "SLO query 20 c=1 (1 text): p50 ≤ 10000 ms: count of failed events is 0.0 : true",
                        "SLO query 20 c=3 (1 text): p50 ≤ 0.001 ms: count of failed events is 0.0 : false",
                        "SLO query 20 c=3 (1 text): requestsPerSecond ≥ 900000/s: count of failed events is 0.0 : false",
                        "SLO query 20 c=3 (1 text): errorShare ≤ 0 %: count of failed events is 0.0 : true")
                .containsPattern("\n> nimload: query 20 c=3 \\(1 text\\) SLO not met: p50 [0-9.]+ ms > 0\\.001 ms")
                .doesNotContain("Dummy");
        assertThat(run.output().lines().reduce((first, last) -> last).orElseThrow())
                .matches("nimload: [0-2] of 2 levels may be quoted · FAILED: query 20 c=3 \\(1 text\\) SLO not met: "
                        + p50 + "; 1 more above · .*/results/[0-9-]+/report\\.html");
        Path latest = directory.resolve("results").resolve("latest");
        assertThat(latest.resolve("junit.xml"))
                .content()
                .containsPattern(
                        "<failure message=\"SLO not met: " + p50.replace(">", "&gt;") + "; SLO not met: requests")
                .contains("type=\"limit broken\"");
        assertThat(latest.resolve("results.prom")).content().contains("nimload_run_slo_met 0\n");
        assertThat(Files.readString(stepSummary))
                .isEqualTo("# Before\n" + Files.readString(latest.resolve("summary.md")) + "\n");
        JsonNode json = run.json();
        assertThat(json.required("slo").required("met").booleanValue()).isFalse();
        assertThat(json.required("slo")
                        .required("highestConcurrency")
                        .required("query, 20 tokens, 1 text")
                        .intValue())
                .isEqualTo(1);
        JsonNode check = json.required("levels").required(1).required("slo").required(0);
        assertThat(check.required("metric").textValue()).isEqualTo("p50");
        assertThat(check.required("met").booleanValue()).isFalse();
        assertThat(check.required("measured").doubleValue())
                .isEqualTo(json.required("levels")
                        .required(1)
                        .required("latencyMs")
                        .required("p50")
                        .doubleValue());
    }
}
