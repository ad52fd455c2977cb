package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A soak in a JVM that is killed, and another JVM that goes on. */
@Execution(ExecutionMode.CONCURRENT)
class SoakRunTest {
    private static final int SLICES = 5;
    private static final int RATE = 20;

    @TempDir
    Path directory;

    private static List<JsonNode> slices(JsonNode run) {
        return StreamSupport.stream(run.at("/soak/slices").spliterator(), false).toList();
    }

    @Test
    void killedSoakLosesTheSliceUnderWayAloneAndGoesOnInTheSameDirectory() throws Exception {
        GatlingRun killed = GatlingRun.start(
                directory,
                Map.of(),
                "SoakSimulation",
                "nim.soak.duration=" + SLICES + "s",
                "nim.soak.slice=1s",
                "nim.soak.query=" + RATE,
                "nim.soak.reranking=1",
                "nim.warmup=0s");
        killed.awaitLine("  slice 2/" + SLICES);
        killed.kill();
        killed.exitCode();
        JsonNode before = killed.json();
        assertThat(slices(before)).hasSizeBetween(2, SLICES - 1);

        GatlingRun again = GatlingRun.start(
                directory,
                Map.of(),
                "SoakSimulation",
                "nim.soak.continue=" + directory.resolve("results").resolve("latest"),
                "nim.warmup=0s");

        assertThat(again.exitCode()).as(again.output()).isZero();
        JsonNode after = again.json();
        again.keepForTheSchemasTest("soak");
        List<JsonNode> all = slices(after);
        assertThat(all)
                .extracting(slice -> slice.path("number").asInt())
                .isEqualTo(IntStream.rangeClosed(1, SLICES).boxed().toList());
        int first = slices(before).size();
        assertThat(all.subList(0, first)).isEqualTo(slices(before));
        assertThat(all.subList(first, SLICES))
                .allSatisfy(slice -> assertThat(slice.path("part").asInt()).isEqualTo(2));
        assertThat(all.subList(first, SLICES).stream()
                        .mapToInt(slice -> slice.at("/workloads/0/arrivals").asInt())
                        .sum())
                .isBetween(RATE * (SLICES - first) - 1, RATE * (SLICES - first) + 1);
        assertThat(all).allSatisfy(slice -> {
            assertThat(slice.path("workloads")).hasSize(2);
            assertThat(slice.path("client").path("openFiles").asLong()).isPositive();
            assertThat(slice.path("client").path("diskBytes").asLong()).isPositive();
        });
        assertThat(after.path("started")).isEqualTo(before.path("started"));
        assertThat(after.path("durationSeconds").asDouble()).isEqualTo(SLICES);
        assertThat(after.path("complete").asBoolean()).isTrue();
        assertThat(after.at("/soak/verdict").asText()).startsWith("held: ").contains("; without load ");
        Path run = directory.resolve("results").resolve("latest");
        assertThat(run.resolve("requests.csv.gz")).doesNotExist();
        assertThat(Files.readString(run.resolve("report.html"))).contains("\"labels\":[\"no load\"]");
        assertThat(again.output()).contains("nimload: held: ");
    }
}
