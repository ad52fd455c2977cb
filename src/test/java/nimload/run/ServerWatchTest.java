package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import nimload.emulator.EmbeddedNim;
import nimload.measure.Observations;
import nimload.nim.NimKind;
import nimload.plan.ApiKey;
import nimload.plan.Headers;
import nimload.plan.Settings;
import nimload.preflight.NimClient;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.results.Ledger;
import nimload.results.ServerShare;
import nimload.run.MetricsServer.Answer;
import nimload.servermetrics.ClientCount;
import nimload.servermetrics.ServerSeen;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerWatchTest {
    /** A loaded machine may take seconds to answer itself. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private final Ticks ticks = new Ticks();

    /** Runs the task of its time table when told to, and never by the clock. */
    private static final class Ticks extends ScheduledThreadPoolExecutor {
        private Runnable task = () -> {};
        private Optional<ScheduledFuture<?>> planned = Optional.empty();

        Ticks() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
            this.task = task;
            planned = Optional.of(super.schedule(() -> {}, 1, TimeUnit.DAYS));
            return planned.get();
        }

        boolean stopped() {
            return planned.orElseThrow().isCancelled();
        }

        void tick(int times) {
            for (int i = 0; i < times; i++) {
                task.run();
            }
        }
    }

    @AfterEach
    void stop() {
        ticks.shutdownNow();
    }

    private ServerWatch watch(MetricsPages pages) {
        ServerWatch watch = new ServerWatch(pages, "m", Duration.ofSeconds(1), ticks);
        watch.levelOpens();
        watch.windowOpens();
        return watch;
    }

    private static MetricsPages pages(MetricsServer server) {
        return pages(server.url(), PATIENT);
    }

    private static MetricsPages pages(URI nim, Duration patience) {
        return new MetricsPages(
                NimKind.EMBEDDING, "m", patience, MetricsPage.own(client(), nim), Optional.empty(), Optional.empty());
    }

    private static NimClient client() {
        return new NimClient(
                Trust.context(new Settings.Tls(Optional.empty(), false)),
                Headers.of(new ApiKey("nvapi-secret-0123456789")));
    }

    /** A GPU whose counters move with each page: 10 requests, 1 mJ. */
    private static Answer gpu(int number) {
        return Answer.page(
                "nv_inference_request_success{model=\"m\"} " + number * 10,
                "nv_energy_consumption{gpu_uuid=\"a\"} " + number / 1000.0,
                "nv_gpu_utilization{gpu_uuid=\"a\"} 0.5",
                "nv_gpu_power_usage{gpu_uuid=\"a\"} " + (300 + number));
    }

    private static Observations ended(LevelWatch watch) {
        watch.windowCloses();
        return watch.levelClosed();
    }

    private static ServerShare share(Observations seen) {
        ServerSeen server = seen.server().orElseThrow();
        return server.share(new ClientCount(new Ledger(10, 0, 10, 0, 0), 1, 1, 0, 0));
    }

    @Test
    void pagesAreReadBeforeDuringAndAfterALevelAndNoMore() throws Exception {
        try (MetricsServer server = new MetricsServer(ServerWatchTest::gpu)) {
            ServerWatch watch = watch(pages(server));
            assertThat(server.requests()).isEqualTo(1);
            ticks.tick(5);
            assertThat(server.requests()).isEqualTo(6);
            watch.windowCloses();
            assertThat(ticks.stopped()).isTrue();
            ticks.tick(1);
            ServerShare share = share(watch.levelClosed());
            assertThat(server.requests())
                    .as("one under way as the window closed")
                    .isEqualTo(8);
            assertThat(share.samples()).as("without the one under way").isEqualTo(7);
            assertThat(share.requestsCounted()).hasValue(70);
            assertThat(share.gpu().gpuUtilization()).hasValue(0.5);
            assertThat(share.gpu().gpuPowerWattsMax()).hasValue(307);
            assertThat(share.series().get("gpuPowerWatts"))
                    .hasSize(6)
                    .isSortedAccordingTo((one, other) -> Double.compare(one[0], other[0]));
        }
    }

    @Test
    void aServerWithoutMetricsIsANoteOnceAndIsNotAskedAgain() throws Exception {
        try (MetricsServer server = new MetricsServer(number -> Answer.status(404))) {
            MetricsPages pages = pages(server);
            ServerShare share = share(ended(watch(pages)));
            assertThat(share.samples()).isZero();
            assertThat(share.notes())
                    .containsExactly("The server has no /v1/metrics (HTTP 404): its GPU and its queue are unknown.");
            assertThat(ended(watch(pages))).isEqualTo(Observations.NONE);
            assertThat(server.requests()).isEqualTo(1);
        }
    }

    private Observations level(IntFunction<Answer> answers) throws IOException {
        return level(answers, PATIENT);
    }

    private Observations level(IntFunction<Answer> answers, Duration patience) throws IOException {
        try (MetricsServer server = new MetricsServer(answers)) {
            return ended(watch(pages(server.url(), patience)));
        }
    }

    @Test
    void aPageThatNeverComesOrNeverEndsIsANoteWithinTheSecondThatAWatchMayTake() throws Exception {
        assertThat(MetricsPages.PATIENCE).isLessThan(Duration.ofSeconds(1));
        assertThat(share(level(number -> Answer.hang(), MetricsPages.PATIENCE)).notes())
                .singleElement()
                .asString()
                .startsWith("The server's /v1/metrics was not read (http://127.0.0.1:")
                .contains("did not answer within 0.");
        assertThat(share(level(number -> Answer.endless("a 1\n".repeat(50_000)), MetricsPages.PATIENCE))
                        .notes())
                .singleElement()
                .asString()
                .startsWith("The server's /v1/metrics was not read (http://127.0.0.1:");
    }

    private static final String UNCOUNTED =
            "Requests, queue, computation and whether someone else used the NIM could not be seen: /v1/metrics has no"
                    + " request counters. NIM 1.x has Triton's at http://HOST:8002/metrics: name that page in"
                    + " nim.embedding.metricsUrl.";

    @Test
    void otherFailuresAndOtherPagesAreNotes() throws Exception {
        assertThat(share(level(number -> Answer.status(503))).notes())
                .containsExactly("The server's /v1/metrics was not read (HTTP 503).");
        assertThat(share(level(number -> Answer.page("<html>hello</html>"))).notes())
                .containsExactly(UNCOUNTED, "The server's /v1/metrics has no metric that nimload knows.");
        assertThat(share(level(number -> Answer.page("{\"detail\":\"Not Found\"}", "nv_gpu_power_usage 300")))
                        .notes())
                .containsExactly(UNCOUNTED, "1 line of the server's metrics could not be read.");
        assertThat(share(level(number -> new Answer(200, "\u0000\u00ff\ufffd".repeat(9), false, false)))
                        .notes())
                .containsExactly(UNCOUNTED, "The server's /v1/metrics has no metric that nimload knows.");
    }

    @Test
    void aKeyThatTheServerEchoesIsInNoNote() throws Exception {
        MetricsPages pages = pages(URI.create("http://127.0.0.1:1/nvapi-secret-0123456789"), PATIENT);
        assertThat(share(ended(watch(pages))).notes())
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
            ServerWatch watch = watch(pages(server));
            ticks.tick(4);
            assertThat(share(ended(watch)).notes())
                    .containsExactly(
                            "The server's /v1/metrics was not read (HTTP 500). Without it the server's counts for this"
                                    + " level are unknown.",
                            "2 of 4 readings during the level failed. The last: The server's /v1/metrics was not read"
                                    + " (HTTP 500).");
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
            Target target = new Target(nim.url(), EmbeddedNim.EMBEDDING_MODEL, true, Map.of());
            assertThat(MetricsPages.tritons(target)).isEmpty();
            ServerShare share = share(ended(watch(pages(nim.url(), PATIENT))));
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
