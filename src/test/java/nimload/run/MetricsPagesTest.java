package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.nim.NimKind;
import nimload.plan.Headers;
import nimload.plan.Settings;
import nimload.preflight.NimClient;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.run.MetricsPages.Opened;
import nimload.run.MetricsServer.Answer;
import nimload.servermetrics.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MetricsPagesTest {
    private static final String E5 = "nvidia/nv-embedqa-e5-v5";
    private static final Answer NIM_1 =
            Answer.page("process_cpu_seconds_total 3.5", "python_info{version=\"3.12\"} 1", "gpu_utilization 0.4");

    private final NimClient client =
            new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), Headers.NONE);

    private static Answer triton(String model, int requests) {
        return Answer.page("nv_inference_request_success{model=\"" + model + "\",version=\"1\"} " + requests);
    }

    private MetricsPages pages(MetricsServer nim, Optional<URI> named, Optional<URI> guess) {
        return new MetricsPages(
                NimKind.EMBEDDING,
                E5,
                Duration.ofSeconds(30),
                MetricsPage.own(client, nim.url()),
                named.map(url -> MetricsPage.at(client, url)),
                guess.map(url -> MetricsPage.at(client, url)));
    }

    private static Optional<URI> metrics(MetricsServer server) {
        return Optional.of(URI.create(server.url() + "/metrics"));
    }

    /** A page where Triton's may be: not there, of this model, of another model, without counters. */
    private static MetricsServer with(Answer answer) throws IOException {
        return new MetricsServer(number -> answer);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void tritonsPageIsReadNextToTheNimsWhetherNamedOrFound(boolean named) throws Exception {
        try (MetricsServer nim = with(NIM_1);
                MetricsServer triton = new MetricsServer(number -> triton("nvidia_nv_embedqa_e5_v5", number))) {
            MetricsPages pages = named
                    ? pages(nim, metrics(triton), Optional.empty())
                    : pages(nim, Optional.empty(), metrics(triton));
            for (int level = 1; level <= 2; level++) {
                Opened opened = pages.open();
                assertThat(opened.first().orElseThrow().countsRequestsOf(E5)).isTrue();
                assertThat(opened.first().orElseThrow().fullUtilization()).hasValue(1);
                assertThat(opened.notes())
                        .isEqualTo(
                                named
                                        ? List.of()
                                        : List.of("Requests, queue and computation are from "
                                                + metrics(triton).orElseThrow() + "."));
                Reading later = pages.read(opened, 7);
                assertThat(later.seconds()).isEqualTo(7);
                assertThat(later.countsRequestsOf(E5)).isTrue();
            }
            assertThat(nim.requests()).isEqualTo(4);
            assertThat(triton.requests()).isEqualTo(4);
        }
    }

    @Test
    void whereTritonsPageDoesNotAnswerItIsAskedForOnceAndANoteNamesTheSetting() throws Exception {
        try (MetricsServer nim = with(NIM_1);
                MetricsServer other = with(Answer.status(404))) {
            MetricsPages pages = pages(nim, Optional.empty(), metrics(other));
            for (int level = 1; level <= 2; level++) {
                assertThat(pages.open().notes())
                        .containsExactly(
                                "Requests, queue, computation and whether someone else used the NIM could not be seen:"
                                        + " /v1/metrics has no request counters. NIM 1.x has Triton's at"
                                        + " http://HOST:8002/metrics: name that page in nim.embedding.metricsUrl.");
            }
            assertThat(other.requests()).isEqualTo(1);
        }
    }

    @Test
    void aPageOfAnotherModelIsLeftOutUnlessTheUserNamesIt() throws Exception {
        try (MetricsServer nim = with(NIM_1);
                MetricsServer triton = with(triton("nvidia_llama_3_2_nv_rerankqa_1b_v2", 5))) {
            Opened opened = pages(nim, Optional.empty(), metrics(triton)).open();
            assertThat(opened.pages()).hasSize(1);
            assertThat(opened.notes())
                    .hasSize(2)
                    .first()
                    .isEqualTo(triton.url() + "/metrics counts requests, but of no model like " + E5
                            + ", so it is left out; if it is this NIM's, give nim.embedding.metricsUrl=" + triton.url()
                            + "/metrics.");
            assertThat(pages(nim, metrics(triton), Optional.empty()).open().pages())
                    .hasSize(2);
        }
    }

    @Test
    void aNimThatCountsItselfIsNotAskedElsewhere() throws Exception {
        try (MetricsServer nim = with(triton(E5, 3));
                MetricsServer triton = with(triton(E5, 3))) {
            assertThat(pages(nim, Optional.empty(), metrics(triton)).open().notes())
                    .isEmpty();
            assertThat(triton.requests()).isZero();
        }
    }

    @Test
    void aNimWithoutAPageOfItsOwnMayHaveTritons() throws Exception {
        try (MetricsServer nim = with(Answer.status(404));
                MetricsServer triton = with(triton(E5, 3))) {
            MetricsPages pages = pages(nim, Optional.empty(), metrics(triton));
            for (int level = 1; level <= 2; level++) {
                assertThat(pages.open().notes())
                        .containsExactly("Requests, queue and computation are from " + triton.url() + "/metrics.");
            }
            assertThat(nim.requests()).isEqualTo(1);
        }
    }

    @Test
    void aNamedPageThatFailsIsANoteAndTheOtherIsRead() throws Exception {
        try (MetricsServer nim = with(triton(E5, 3));
                MetricsServer triton = with(Answer.status(503))) {
            Opened opened = pages(nim, metrics(triton), Optional.empty()).open();
            assertThat(opened.first()).isPresent();
            assertThat(opened.notes()).containsExactly(triton.url() + "/metrics was not read (HTTP 503).");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "http://10.0.0.5:8000, false, http://10.0.0.5:8002/metrics",
                "http://[::1]:30080/nim, false, http://[::1]:8002/metrics",
                "http://nim, false, -",
                "https://ai.api.nvidia.com, false, -",
                "https://nim:8000, false, -",
                "http://10.0.0.5:8000, true, -",
            })
    void tritonsUsualPlaceIsPort8002OfAPlainAddressWithAPort(URI url, boolean emulated, URI expected) {
        assertThat(MetricsPages.tritons(new Target(url, E5, emulated, Map.of())))
                .isEqualTo(Optional.ofNullable(expected));
    }
}
