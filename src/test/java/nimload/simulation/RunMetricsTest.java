package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import nimload.emulator.EmbeddedNim;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Routes;
import nimload.nim.Truncate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, each in a separate JVM, against servers whose metrics tell something about the run. */
class RunMetricsTest {
    @TempDir
    Path directory;

    @Test
    void energyPowerAndMemoryOfAGpuAreReadBesideEachLevel() throws Exception {
        try (NimWithGpu nim = new NimWithGpu()) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of(),
                    "PassageEmbeddingSimulation",
                    "nim.embedding.url=" + nim.url(),
                    "nim.passage.tokens=30",
                    "nim.passage.batch=8",
                    "nim.passage.concurrency=1,2",
                    "nim.repeat=2",
                    "nim.duration=1500ms",
                    "nim.warmup=100ms");

            assertThat(run.exitCode()).as(run.output()).isZero();
            for (JsonNode level : run.json().required("levels")) {
                JsonNode server = level.required("server");
                long requests = server.required("requestsSent").longValue();
                assertThat(requests)
                        .as("with warm-up and cool-down")
                        .isGreaterThan(level.required("requests").longValue());
                assertThat(server.required("requestsCounted").longValue()).isEqualTo(requests);
                assertThat(server.required("samples").intValue())
                        .as("2 repeats, each before, after 1 s and at its end")
                        .isGreaterThanOrEqualTo(6);
                assertThat(server.required("energyJoules").doubleValue())
                        .isCloseTo(requests * NimWithGpu.JOULES_PER_REQUEST, within(0.1));
                assertThat(server.required("joulesPer1000Items").doubleValue())
                        .isCloseTo(NimWithGpu.JOULES_PER_REQUEST * 1000 / 8, within(0.01));
                assertThat(server.required("gpuPowerWatts").doubleValue()).isPositive();
                assertThat(server.required("gpuMemoryUsedBytes").doubleValue()).isEqualTo(3_221_225_472.0);
                assertThat(server.required("requestMs").doubleValue())
                        .as("in the server, of what the client waited")
                        .isPositive()
                        .isLessThan(level.required("latencyMs").required("avg").doubleValue());
                assertThat(server.required("series").required("gpuPowerWatts"))
                        .as("of the first repeat")
                        .hasSizeBetween(2, server.required("samples").intValue() - 4);
            }
        }
    }

    @Test
    void aLevelDuringWhichSomebodyElseUsesTheNimIsNotValid() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of(),
                    "QueryEmbeddingSimulation",
                    "nim.embedding.url=" + nim.url(),
                    "nim.query.concurrency=1",
                    "nim.duration=1s",
                    "nim.warmup=0s");
            run.awaitLine("▶ Running: ");
            AtomicBoolean over = new AtomicBoolean();
            Thread somebodyElse = new Thread(() -> use(nim, over));
            somebodyElse.start();
            int exitCode = run.exitCode();
            over.set(true);
            somebodyElse.join();

            assertThat(exitCode)
                    .as("a level that is not valid does not fail the run: " + run.output())
                    .isZero();
            JsonNode level = run.json().required("levels").required(0);
            assertThat(level.required("valid").booleanValue()).isFalse();
            String reason = "someone else used the NIM: server counted "
                    + level.required("server").required("requestsCounted") + " requests, this client sent "
                    + level.required("server").required("requestsSent");
            assertThat(level.required("reasons"))
                    .extracting(JsonNode::textValue)
                    .contains(reason);
            assertThat(run.output()).contains(reason);
        }
    }

    private static void use(EmbeddedNim nim, AtomicBoolean over) {
        HttpClient client = HttpClient.newHttpClient();
        byte[] body = new EmbeddingRequest(
                        EmbeddedNim.EMBEDDING_MODEL, List.of("a"), InputType.QUERY, EncodingFormat.BASE64, Truncate.END)
                .toJson();
        HttpRequest request = HttpRequest.newBuilder(URI.create(nim.url() + Routes.EMBEDDINGS))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        while (!over.get()) {
            client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).join();
        }
    }
}
