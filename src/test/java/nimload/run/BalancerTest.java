package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import nimload.emulator.EmbeddedNim;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Routes;
import nimload.nim.Truncate;
import nimload.plan.Headers;
import nimload.plan.Settings;
import nimload.preflight.NimClient;
import nimload.preflight.Trust;
import nimload.run.MetricsServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BalancerTest {
    private static final byte[] REQUEST = new EmbeddingRequest(
                    EmbeddedNim.EMBEDDING_MODEL, List.of("a text"), InputType.QUERY, EncodingFormat.FLOAT, Truncate.END)
            .toJson();

    private static final List<EmbeddedNim> NIMS = new ArrayList<>();

    @BeforeAll
    static void start() {
        for (int i = 0; i < 8; i++) {
            NIMS.add(EmbeddedNim.start(0));
        }
    }

    @AfterAll
    static void stop() {
        NIMS.forEach(EmbeddedNim::close);
    }

    private static Optional<Balancer> seen(URI address) {
        return Balancer.seen(
                address,
                () -> new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), Headers.NONE),
                client -> client.post(address, Routes.EMBEDDINGS, REQUEST, Duration.ofSeconds(10)));
    }

    @RepeatedTest(20)
    void eightReplicasBehindOneAddressAreNoticed(RepetitionInfo repetition) throws IOException {
        List<URI> urls = NIMS.stream().map(EmbeddedNim::url).toList();
        try (ConnectionBalancer balancer = new ConnectionBalancer(urls, repetition.getCurrentRepetition())) {
            assertThat(seen(balancer.url()).map(Balancer::perRequest)).contains(false);
        }
    }

    @Test
    void oneServerIsNoBalancer() throws IOException {
        assertThat(seen(NIMS.get(0).url())).isEmpty();
        try (ConnectionBalancer one = new ConnectionBalancer(List.of(NIMS.get(1).url()), 1)) {
            assertThat(seen(one.url())).isEmpty();
        }
    }

    private record Pages(String name, IntFunction<Answer> answers, Optional<Balancer> seen) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Requests do nothing here: only the pages tell. */
    static Stream<Pages> pages() {
        return Stream.of(
                new Pages("no page", number -> Answer.status(404), Optional.empty()),
                new Pages("a page that knows nothing", number -> Answer.page("up 1"), Optional.empty()),
                new Pages(
                        "someone else uses the server",
                        number -> Answer.page("nv_inference_request_success{model=\"m\"} " + number * 100),
                        Optional.empty()),
                new Pages(
                        "two processes by turns",
                        number -> Answer.page("process_start_time_seconds " + (1_700_000_000 + number % 2 * 3)),
                        Optional.of(new Balancer(true, "process_start_time_seconds 1700000000, then 1700000003"))),
                new Pages(
                        "one process whose start is worked out anew for each page",
                        number -> Answer.page("process_start_time_seconds " + (1_700_000_000 + number % 2 * 2)),
                        Optional.empty()),
                new Pages(
                        "two counters by turns",
                        number -> Answer.page("nv_inference_request_success{model=\"m\"} " + (5 - number % 2)),
                        Optional.of(new Balancer(true, "a falling nv_inference_request_success"))),
                new Pages(
                        "another GPU on the connections after the first",
                        number -> Answer.page(
                                "nv_gpu_utilization{gpu_uuid=\"GPU-" + (number < 16 ? "a" : "b") + "\"} 0.5"),
                        Optional.of(new Balancer(false, "GPU GPU-a, then GPU-b"))));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pagesTellOneServerFromSeveral(Pages pages) throws IOException {
        try (MetricsServer server = new MetricsServer(pages.answers())) {
            assertThat(Balancer.seen(
                            server.url(),
                            () -> new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), Headers.NONE),
                            client -> {}))
                    .isEqualTo(pages.seen());
        }
    }

    @Test
    void noteSaysWhatToDo() {
        assertThat(new Balancer(false, "GPU a, then b").note("embedding"))
                .isEqualTo("embedding: several servers share this address, and each connection keeps to one of them"
                        + " (/v1/metrics showed GPU a, then b). Give each its address,"
                        + " -Dnim.embedding.url=http://a:8000,http://b:8000, or for a headless Service"
                        + " -Dnim.embedding.replicas=dns.");
    }
}
