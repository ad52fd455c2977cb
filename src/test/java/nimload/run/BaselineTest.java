package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import nimload.UserError;
import nimload.compare.MadeRun;
import nimload.compare.Metric;
import nimload.emulator.EmbeddedNim;
import nimload.plan.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code nim.baseline} decides before the first level; whole runs are compared by the simulations' tests. */
class BaselineTest {
    /** Nothing listens there: what is refused before a NIM is asked is refused all the same. */
    private static final String NOBODY = "http://127.0.0.1:9";

    @TempDir
    private Path directory;

    private Benchmark prepare(String url, Path baseline, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("nim.embedding.url", url);
        settings.put("nim.query.concurrency", "1");
        settings.put("nim.baseline", baseline.toString());
        settings.put("nim.rehearsal", "false");
        settings.put("nim.calibrate", "false");
        settings.put("nim.results", directory.resolve("results").toString());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return Benchmark.prepare(
                Program.grid(Workload.QUERY),
                new Host(
                        settings,
                        Map.of(),
                        Clock.systemDefaultZone(),
                        true,
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));
    }

    private Path baseline(MadeRun run) throws IOException {
        return Files.writeString(directory.resolve("baseline.json"), run.json());
    }

    private void refused(String message, String url, Path baseline, String... more) {
        assertThatThrownBy(() -> prepare(url, baseline, more))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
        assertThat(directory.resolve("results")).doesNotExist();
    }

    @Test
    void oneThatIsNotThereIsRefusedBeforeAnyNimIsAsked() {
        refused("cannot be read", NOBODY, directory.resolve("none"));
    }

    @Test
    void otherWorkIsRefusedBeforeAnyNimIsAsked() throws IOException {
        MadeRun other =
                new MadeRun("a").effective("encodingFormat", "base64").query(3).closed(10);
        refused(
                "the baseline a is not comparable: encodingFormat was base64 and is float; no level in common",
                NOBODY,
                baseline(other));
    }

    @Test
    void aGateThatCouldNeverCloseIsRefused() throws IOException {
        MadeRun imported = new MadeRun("a").tool("genai-perf").query(1).without(Metric.P50, 10);
        refused(
                "has no intervals, so nothing can be worse with confidence",
                NOBODY,
                baseline(imported),
                "nim.maxRegression",
                "5%");
    }

    @Test
    void aRealBaselineIsNotComparedWithTheEmbeddedNimUnlessToldTo() throws IOException {
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            Path real = baseline(new MadeRun("a").query(1).closed(10));
            refused(
                    "made with a real NIM, the run with the embedded NIM; give another nim.baseline, or compare"
                            + " anyway with -Dnim.baseline.allowDifferent=true",
                    nim.url().toString(),
                    real);
            assertThat(prepare(nim.url().toString(), real, "nim.baseline.allowDifferent", "true")
                            .levels())
                    .hasSize(1);
        }
    }
}
