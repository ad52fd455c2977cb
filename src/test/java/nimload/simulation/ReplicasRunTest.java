package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import nimload.emulator.EmbeddedNim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ReplicasRunTest {
    @TempDir
    Path directory;

    @Test
    void usersAreDealtOutAndEachReplicaCountsWhatItsUsersSent() throws Exception {
        try (EmbeddedNim a = EmbeddedNim.start(0);
                EmbeddedNim b = EmbeddedNim.start(0)) {
            GatlingRun run = GatlingRun.startWithoutReport(
                    directory,
                    "QueryEmbeddingSimulation",
                    List.of(
                            "nim.embedding.url=" + a.url() + "," + b.url(),
                            "nim.query.concurrency=3,4",
                            "nim.duration=500ms",
                            "nim.warmup=100ms"));

            assertThat(run.exitCode()).as(run.output()).isZero();
            run.keepForTheSchemasTest("replicas");
            assertThat(run.output()).contains(" at " + a.url() + ", " + b.url());
            JsonNode levels = run.json().required("levels");
            for (JsonNode level : levels) {
                long sent = 0;
                long requests = 0;
                for (JsonNode replica : level.required("replicas")) {
                    JsonNode server = replica.required("server");
                    assertThat(server.required("requestsCounted"))
                            .as(replica.required("url").textValue())
                            .isEqualTo(server.required("requestsSent"));
                    sent += server.required("requestsSent").longValue();
                    requests += replica.required("requests").longValue();
                }
                assertThat(sent)
                        .isEqualTo(level.required("ledger").required("sent").longValue());
                assertThat(requests).isEqualTo(level.required("requests").longValue());
            }
            assertThat(levels.required(0).findValues("users"))
                    .extracting(JsonNode::intValue)
                    .containsExactly(2, 1);
            assertThat(levels.required(1).findValues("users"))
                    .extracting(JsonNode::intValue)
                    .containsExactly(2, 2);
            assertThat(StreamSupport.stream(
                                    levels.required(0).required("reasons").spliterator(), false)
                            .map(JsonNode::textValue))
                    .anyMatch(reason ->
                            reason.startsWith("uneven: ") && reason.endsWith("give a concurrency that 2 divides"));
        }
    }
}
