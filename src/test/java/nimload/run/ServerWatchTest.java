package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import nimload.emulator.EmbeddedNim;
import nimload.measure.Observations;
import nimload.nim.Routes;
import nimload.plan.ApiKey;
import nimload.plan.Settings;
import nimload.preflight.NimClient;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.results.ServerShare;
import nimload.run.MetricsServer.Answer;
import nimload.servermetrics.ClientCount;
import nimload.servermetrics.ServerSeen;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerWatchTest {
    private static final Duration FAST = Duration.ofMillis(5);
    private static final Duration NEVER = Duration.ofDays(1);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    /** The first page that a JVM reads takes longer than a watch waits where the cores are busy. */
    @BeforeAll
    static void readAPage() {
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            client().get(nim.url(), Routes.METRICS, Duration.ofSeconds(20));
        }
    }

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    private ServerWatch watch(MetricsPage page, Duration interval) {
        return new ServerWatch(page, "m", interval, thread);
    }

    private static MetricsPage page(MetricsServer server) {
        return new MetricsPage(client(), server.url());
    }

    private static NimClient client() {
        return new NimClient(
                Trust.context(new Settings.Tls(Optional.empty(), false)),
                Optional.of(new ApiKey("nvapi-secret-0123456789")));
    }

    /** A GPU whose counters move with each page: 10 requests, 50 J. */
    private static Answer gpu(int number) {
        return Answer.page(
                "nv_inference_request_success{model=\"m\"} " + number * 10,
                "nv_energy_consumption{gpu_uuid=\"a\"} " + number * 50,
                "nv_gpu_utilization{gpu_uuid=\"a\"} 0.5",
                "nv_gpu_power_usage{gpu_uuid=\"a\"} " + (300 + number));
    }

    private static Observations ended(LevelWatch watch) {
        watch.windowCloses();
        return watch.levelClosed();
    }

    private static ServerShare share(Observations seen) {
        ServerSeen server = seen.server().orElseThrow();
        return server.share(new ClientCount(10, 10, 1, 1));
    }

    @Test
    void pagesAreReadBeforeDuringAndAfterALevelAndNoMore() throws Exception {
        try (MetricsServer server = new MetricsServer(ServerWatchTest::gpu)) {
            ServerWatch watch = watch(page(server), FAST);
            watch.levelOpens();
            watch.windowOpens();
            assertThat(server.requests()).isEqualTo(1);
            server.awaitRequests(5);
            ServerShare share = share(ended(watch));
            // A sample may be under way when the level ends; it is not taken, and may come just before the last page.
            long last = share.requestsCounted().orElseThrow() / 10;
            assertThat(last).isBetween(server.requests() - 2L, server.requests() - 1L);
            assertThat(share.samples()).isBetween(5, server.requests());
            assertThat(share.gpu().gpuUtilization()).hasValue(0.5);
            assertThat(share.gpu().gpuPowerWattsMax()).hasValue(300 + last);
            assertThat(share.gpu().energyJoules()).hasValue(last * 50.0);
            assertThat(share.series().get("gpuPowerWatts"))
                    .hasSize(share.samples() - 1)
                    .isSortedAccordingTo((one, other) -> Double.compare(one[0], other[0]));
            int asked = server.requests();
            thread.schedule(() -> {}, 20 * FAST.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            assertThat(server.requests())
                    .as("asked after the level's end, but for a sample under way")
                    .isLessThanOrEqualTo(asked + 1);
        }
    }

    @Test
    void aServerWithoutMetricsIsANoteOnceAndIsNotAskedAgain() throws Exception {
        try (MetricsServer server = new MetricsServer(number -> Answer.status(404))) {
            MetricsPage page = page(server);
            ServerWatch first = watch(page, FAST);
            first.levelOpens();
            first.windowOpens();
            ServerShare share = share(ended(first));
            assertThat(share.samples()).isZero();
            assertThat(share.notes())
                    .containsExactly("The server has no /v1/metrics (HTTP 404): its GPU and its queue are unknown.");
            ServerWatch second = watch(page, FAST);
            second.levelOpens();
            second.windowOpens();
            assertThat(ended(second)).isEqualTo(Observations.NONE);
            assertThat(server.requests()).isEqualTo(1);
        }
    }

    private Observations level(IntFunction<Answer> answers) throws IOException {
        try (MetricsServer server = new MetricsServer(answers)) {
            ServerWatch watch = watch(page(server), NEVER);
            long start = System.nanoTime();
            watch.levelOpens();
            watch.windowOpens();
            Duration begun = Duration.ofNanos(System.nanoTime() - start);
            Observations seen = ended(watch);
            assertThat(begun).as("time that the users wait").isLessThan(Duration.ofMillis(1500));
            return seen;
        }
    }

    @Test
    void aPageThatNeverComesOrNeverEndsIsANoteWithinASecond() throws Exception {
        assertThat(share(level(number -> Answer.hang())).notes())
                .singleElement()
                .asString()
                .startsWith("The server's /v1/metrics was not read (http://127.0.0.1:")
                .endsWith("did not answer within 0.9 s).");
        assertThat(share(level(number -> Answer.endless("a 1\n".repeat(50_000))))
                        .notes())
                .singleElement()
                .asString()
                .startsWith("The server's /v1/metrics was not read (http://127.0.0.1:");
    }

    @Test
    void otherFailuresAndOtherPagesAreNotes() throws Exception {
        assertThat(share(level(number -> Answer.status(503))).notes())
                .containsExactly("The server's /v1/metrics was not read (HTTP 503).");
        assertThat(share(level(number -> Answer.page("<html>hello</html>"))).notes())
                .containsExactly("The server's /v1/metrics has no metric that nimload knows.");
        assertThat(share(level(number -> Answer.page("{\"detail\":\"Not Found\"}", "nv_gpu_power_usage 300")))
                        .notes())
                .containsExactly("1 line of the server's /v1/metrics could not be read.");
        assertThat(share(level(number -> new Answer(200, "\u0000\u00ff\ufffd".repeat(9), false, false)))
                        .notes())
                .containsExactly("The server's /v1/metrics has no metric that nimload knows.");
    }

    @Test
    void aKeyThatTheServerEchoesIsInNoNote() throws Exception {
        MetricsPage page = new MetricsPage(client(), URI.create("http://127.0.0.1:1/nvapi-secret-0123456789"));
        ServerWatch watch = watch(page, NEVER);
        watch.levelOpens();
        watch.windowOpens();
        assertThat(share(ended(watch)).notes())
                .singleElement()
                .asString()
                .contains("cannot be reached")
                .doesNotContain("nvapi-secret");
    }

    @Test
    void aLevelWhoseLastPageFailsCountsNothing() throws Exception {
        ServerShare share = share(level(number -> number == 0 ? gpu(0) : Answer.status(500)));
        assertThat(share.samples()).isEqualTo(1);
        assertThat(share.requestsCounted()).isEmpty();
        assertThat(share.notes())
                .containsExactly("The server's /v1/metrics was not read (HTTP 500). Without it the server's counts"
                        + " for this level are unknown.");
    }

    @Test
    void samplesThatFailAreOneNote() throws Exception {
        try (MetricsServer server = new MetricsServer(number -> number % 2 == 0 ? gpu(number) : Answer.status(500))) {
            ServerWatch watch = watch(page(server), FAST);
            watch.levelOpens();
            watch.windowOpens();
            server.awaitRequests(6);
            assertThat(share(ended(watch)).notes())
                    .filteredOn(note -> note.contains("readings during the level failed. The last: "))
                    .hasSize(1);
        }
    }

    @Test
    void countersThatStartAnewAreUnknown() throws Exception {
        ServerShare share = share(level(number -> gpu(number == 0 ? 100 : 3)));
        assertThat(share.requestsCounted()).isEmpty();
        assertThat(share.gpu().energyJoules()).isEmpty();
        assertThat(share.gpu().gpuPowerWatts()).hasValue(303);
        assertThat(share.notes()).singleElement().asString().startsWith("The server's counters fell");
    }

    @Test
    void theEmbeddedNimsPageIsUnderstoodAndSaysNothingOfPowerAndEnergy() {
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            LevelWatch watch = new ServerWatches(client(), Duration.ofSeconds(5))
                    .of(new Target(nim.url(), EmbeddedNim.EMBEDDING_MODEL, true, Map.of()));
            watch.levelOpens();
            watch.windowOpens();
            ServerShare share = share(ended(watch));
            assertThat(share.samples()).isEqualTo(2);
            assertThat(share.requestsCounted()).hasValue(0);
            assertThat(share.gpu().gpuUtilization()).hasValue(0);
            assertThat(share.gpu().gpuPowerWatts()).isEmpty();
            assertThat(share.gpu().energyJoules()).isEmpty();
            assertThat(share.gpu().gpuMemoryUsedBytes()).isEmpty();
        }
    }

    @Test
    void aLevelIsReadOnceASecondAndALongOneNotMoreThan600Times() {
        assertThat(ServerWatches.interval(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(1));
        assertThat(ServerWatches.interval(Duration.ofMinutes(10))).isEqualTo(Duration.ofSeconds(1));
        assertThat(ServerWatches.interval(Duration.ofHours(1))).isEqualTo(Duration.ofSeconds(6));
    }
}
