package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A whole search in a separate JVM, with a limit that no machine's speed decides. */
@Execution(ExecutionMode.CONCURRENT)
class CapacityRunTest {
    @TempDir
    Path directory;

    @Test
    void aSearchWritesItsAnswerAndItsStepsIntoEveryFile() throws Exception {
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "CapacitySimulation",
                "nim.workloads=query",
                "nim.capacity.limit=errors<=50%",
                "nim.capacity.start=40",
                "nim.capacity.max=80",
                "nim.rehearsal=false",
                "nim.calibrate=false");

        assertThat(run.exitCode()).as(run.output()).isZero();
        run.keepForTheSchemasTest("capacity");
        assertThat(run.json().required("complete").booleanValue()).isTrue();
        JsonNode search = run.json().required("capacity").required(0);
        assertThat(search.required("sentence").textValue())
                .isEqualTo(
                        "at least 80 queries/s at errors <= 50 % (95 %); nothing broke up to the highest value allowed");
        assertThat(search.required("atLeast").doubleValue()).isEqualTo(80);
        assertThat(search.required("steps")).hasSize(2).allSatisfy(step -> {
            assertThat(step.required("verdict").textValue()).isEqualTo("holds");
            assertThat(step.required("requests").longValue()).isGreaterThanOrEqualTo(1);
            assertThat(step.required("goodputPerSecond").doubleValue()).isPositive();
        });
        List<String> csv = run.csv();
        assertThat(csv.get(0))
                .endsWith(",notes,load,offered_per_s,response_p50_ms,response_p95_ms,response_p99_ms,during");
        assertThat(csv).hasSize(3);
        assertThat(csv.get(1)).contains(",40/s poisson,");
        Path files = directory.resolve("results").resolve("latest");
        assertThat(Files.readString(files.resolve("report.html"))).contains("<table id=\"w0s0-steps\"", "at least 80");
        assertThat(Files.readString(files.resolve("results.prom")))
                .contains("nimload_capacity_at_least{", "rate=\"80\"");
        assertThat(Files.readString(files.resolve("summary.md"))).contains("at least 80 queries/s");
        assertThat(Files.readString(files.resolve("junit.xml"))).contains("nimload.capacity");
        assertThat(run.output()).contains("query: response times, from when a request was to be sent");
    }

    @Test
    void aSearchOverUsersRaisesTheirNumber() throws Exception {
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "CapacitySimulation",
                "nim.workloads=query",
                "nim.capacity.by=concurrency",
                "nim.capacity.limit=errors<=50%",
                "nim.capacity.max=2",
                "nim.rehearsal=false",
                "nim.calibrate=false");

        assertThat(run.exitCode()).as(run.output()).isZero();
        run.keepForTheSchemasTest("capacity-users");
        JsonNode search = run.json().required("capacity").required(0);
        assertThat(search.required("sentence").textValue())
                .isEqualTo("at least 2 users at errors <= 50 % (95 %); nothing broke up to the highest value allowed");
        assertThat(search.required("by").textValue()).isEqualTo("concurrency");
        assertThat(search.required("steps"))
                .extracting(step -> step.required("load").doubleValue())
                .containsExactly(1.0, 2.0);
        assertThat(run.json().required("levels"))
                .extracting(level -> level.required("concurrency").intValue())
                .containsExactly(1, 2);
    }
}
