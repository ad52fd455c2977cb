package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import nimload.emulator.EmbeddedNim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Whole runs that look at themselves: what the client adds is measured, and a client that is slow is found out. */
@Isolated("a busy machine is what these tests must tell from a slow client")
class CalibrationTest {
    /** Large beside what a healthy client adds on a busy machine, small beside what the busy client does. */
    private static final Duration SERVER = Duration.ofMillis(30);

    @TempDir
    Path directory;

    private GatlingRun run(EmbeddedNim nim, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "nim.embedding.url=" + nim.url(),
                "nim.query.concurrency=2",
                "nim.duration=2s",
                "nim.warmup=0s",
                // All users on one loop: slowing it leaves the machine's other core alone.
                "io.netty.eventLoopThreads=1"));
        all.addAll(List.of(settings));
        GatlingRun run = GatlingRun.start(directory, Map.of(), "QueryEmbeddingSimulation", all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.output()).isZero();
        return run;
    }

    private static List<String> reasons(GatlingRun run) throws Exception {
        JsonNode reasons = run.json().required("levels").required(0).required("reasons");
        return StreamSupport.stream(reasons.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    /** Writes to a log so slow that each line takes 40 ms. Gatling logs each answer on its event loop, if asked to. */
    public static final class SlowLog extends AppenderBase<ILoggingEvent> {
        private static final long LINE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

        @Override
        protected void append(ILoggingEvent line) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < LINE_NANOS) {
                Thread.onSpinWait();
            }
        }
    }

    /** A Logback configuration that sends the log of every answer to {@link SlowLog}. */
    private Path logOfEveryAnswer() throws IOException {
        return Files.writeString(directory.resolve("slow-log.xml"), """
                <configuration>
                  <appender name="SLOW" class="%s"/>
                  <logger name="io.gatling.http.engine.response" level="TRACE"><appender-ref ref="SLOW"/></logger>
                </configuration>
                """.formatted(SlowLog.class.getName()));
    }

    @Test
    void aBusyEventLoopMarksTheLevelAsClientLimited() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.startWithFixedDelay(0, SERVER)) {
            GatlingRun run = run(nim, "nim.calibrate=false", "logback.configurationFile=" + logOfEveryAnswer());

            assertThat(reasons(run)).anyMatch(reason -> reason.startsWith("client-limited: its event loops are"));
            assertThat(run.json().required("notes").toString())
                    .contains("nim.calibrate=false: what this client adds was not measured.");
            assertThat(run.json().required("levels").required(0).has("clientAdds"))
                    .isFalse();
        }
    }

    @Test
    void aHealthyClientIsNotMarkedAndSaysWhatItAdds() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.startWithFixedDelay(0, SERVER)) {
            GatlingRun run = run(nim, "nim.calibrate=true");

            assertThat(reasons(run)).noneMatch(reason -> reason.startsWith("client-limited: its event loops are"));
            JsonNode level = run.json().required("levels").required(0);
            JsonNode adds = level.required("clientAdds");
            assertThat(adds.required("concurrency").intValue()).isEqualTo(2);
            assertThat(adds.required("p50Ms").doubleValue())
                    .isPositive()
                    .isLessThan(level.required("latencyMs").required("p50").doubleValue() / 2);
            assertThat(level.required("clientHealth").required("loopLagSamples").longValue())
                    .as("every 50 ms for 2 s, on one loop")
                    .isBetween(10L, 60L);
            assertThat(run.csv()).as("calibrations are no levels of the run").hasSize(2);
            assertThat(run.output()).contains("count of failed events is 0").contains("concurrency 2: p50 +");
        }
    }

    private GatlingRun startedAndCalibrating(EmbeddedNim nim) throws Exception {
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "QueryEmbeddingSimulation",
                "nim.embedding.url=" + nim.url(),
                "nim.query.concurrency=2",
                "nim.duration=500ms",
                "nim.warmup=0s",
                "nim.calibrate=true");
        run.awaitLine("Measuring what this client adds");
        return run;
    }

    @Test
    void theServerEndsWithARunThatWasKilled() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.startWithFixedDelay(0, SERVER)) {
            GatlingRun run = startedAndCalibrating(nim);
            List<ProcessHandle> servers = run.children();
            run.kill();

            assertThat(servers).hasSize(1);
            assertThat(servers.get(0).onExit().get(30, TimeUnit.SECONDS).isAlive())
                    .isFalse();
        }
    }

    @Test
    void aServerThatIsLostCostsTheCalibrationAndNotTheRun() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.startWithFixedDelay(0, SERVER)) {
            GatlingRun run = startedAndCalibrating(nim);
            run.children().forEach(ProcessHandle::destroyForcibly);

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output())
                    .contains("concurrency 2: once more, disturbed: ", "concurrency 2: unknown, disturbed: ");
            assertThat(run.json().required("complete").booleanValue()).isTrue();
            assertThat(run.json().required("levels").required(0).has("clientAdds"))
                    .isFalse();
        }
    }
}
