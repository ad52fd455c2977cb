package nimload.deploy.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.NgcKey;
import nimload.deploy.mock.LoopbackTls;
import nimload.deploy.mock.LoopbackTls.Answer;
import nimload.deploy.mock.StandInCharts;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import nimload.deploy.settings.SettingsFile;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From an https server to a folder, over real TLS on loopback. */
class ChartDownloadTest {

    private static final String KEY = "nvapi-right-key";
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString(("$oauthtoken:" + KEY).getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private static ChartDownload download(String key) {
        return new ChartDownload(
                LoopbackTls.client(),
                NgcKey.from(name -> name.equals("NGC_API_KEY") ? key : null),
                Duration.ofSeconds(10));
    }

    private Chart fetch(LoopbackTls server, String key) {
        NimSettings nim = SettingsFile.parse("embedding: {chart: 'https://127.0.0.1:" + server.port()
                        + "/nim/nvidia/charts/text-embedding-nim'}") // and the version that is meant by a line left out
                .of(Nim.EMBEDDING);
        return new ChartSource(folder, folder.resolve("charts"), download(key)).fetch(nim);
    }

    /** As NGC responds: 401 without the right key. */
    private Answer ngc(com.sun.net.httpserver.HttpExchange exchange) {
        try {
            return BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    ? Answer.of(
                            200,
                            StandInCharts.archive("text-embedding-nim", Files.createTempDirectory(folder, "served")))
                    : Answer.of(401, new byte[0]);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void assertNothingWasKept() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains("served")))
                    .isEmpty();
        }
    }

    @Test
    void rightKeyDownloadsTheChartOnceAndThenReusesIt() throws Exception {
        try (LoopbackTls server = new LoopbackTls(this::ngc)) {
            Chart chart = fetch(server, KEY);
            Chart again = fetch(server, KEY);

            assertThat(chart.name()).isEqualTo("text-embedding-nim");
            assertThat(chart.version()).isEqualTo("1.5.0");
            assertThat(chart.folder().resolve("charts/nim-library/templates/_config.tpl"))
                    .exists();
            assertThat(again).isEqualTo(chart);
            assertThat(server.received())
                    .extracting(LoopbackTls.Received::path)
                    .containsExactly("/nim/nvidia/charts/text-embedding-nim-1.5.0.tgz");
        }
    }

    @Test
    void wrongKeyIsReportedWithoutShowingIt() throws Exception {
        try (LoopbackTls server = new LoopbackTls(this::ngc)) {
            assertThatThrownBy(() -> fetch(server, "nvapi-wrong-key"))
                    .isInstanceOf(DeployException.class)
                    .hasMessageContaining("answered 401: it does not accept the key in NGC_API_KEY; create a new one")
                    .hasMessageNotContaining("nvapi-wrong-key")
                    .hasMessageNotContaining("Basic");
            assertNothingWasKept();
        }
    }

    @Test
    void missingKeyIsReportedAsMissing() throws Exception {
        try (LoopbackTls server = new LoopbackTls(this::ngc)) {
            assertThatThrownBy(() -> fetch(server, null))
                    .hasMessageContaining("NGC_API_KEY is not set; export NGC_API_KEY=<your key>");
        }
    }

    @Test
    void forbiddenAndUnknownChartsHaveTheirOwnNextSteps() throws Exception {
        try (LoopbackTls server = new LoopbackTls(exchange -> Answer.of(403, new byte[0]))) {
            assertThatThrownBy(() -> fetch(server, KEY))
                    .hasMessageContaining("check that it includes the service \"NGC Catalog\"");
        }
        try (LoopbackTls server = new LoopbackTls(exchange -> Answer.of(404, new byte[0]))) {
            assertThatThrownBy(() -> fetch(server, KEY))
                    .hasMessageContaining("correct chart and chartVersion in the settings file");
        }
    }

    @Test
    void redirectToAnotherHostIsFollowedWithoutTheKey() throws Exception {
        try (LoopbackTls storage = new LoopbackTls(exchange -> archive());
                LoopbackTls ngc = new LoopbackTls(exchange ->
                        Answer.of(302, new byte[0], "Location: https://localhost:" + storage.port() + "/signed?x=1"))) {
            Chart chart = fetch(ngc, KEY);

            assertThat(chart.name()).isEqualTo("text-embedding-nim");
            assertThat(ngc.received())
                    .extracting(LoopbackTls.Received::authorization)
                    .containsExactly(BASIC);
            assertThat(storage.received())
                    .extracting(LoopbackTls.Received::path)
                    .containsExactly("/signed?x=1");
            assertThat(storage.received())
                    .extracting(LoopbackTls.Received::authorization)
                    .containsOnlyNulls();
        }
    }

    @Test
    void redirectToAnotherPortOfTheSameHostIsAnotherOrigin() throws Exception {
        try (LoopbackTls other = new LoopbackTls(exchange -> archive());
                LoopbackTls ngc = new LoopbackTls(exchange ->
                        Answer.of(307, new byte[0], "Location: https://127.0.0.1:" + other.port() + "/x"))) {
            fetch(ngc, KEY);

            assertThat(other.received())
                    .extracting(LoopbackTls.Received::authorization)
                    .containsOnlyNulls();
        }
    }

    @Test
    void redirectToPlainHttpElsewhereIsRefused() throws Exception {
        try (LoopbackTls ngc =
                new LoopbackTls(exchange -> Answer.of(302, new byte[0], "Location: http://192.0.2.1/chart.tgz"))) {
            assertThatThrownBy(() -> fetch(ngc, KEY)).hasMessageContaining("http://192.0.2.1/…: not https");
        }
    }

    @Test
    void endlessRedirectEndsAfter5() throws Exception {
        try (LoopbackTls ngc = new LoopbackTls(exchange -> Answer.of(302, new byte[0], "Location: /again"))) {
            assertThatThrownBy(() -> fetch(ngc, KEY)).hasMessageContaining("more than 5 redirects");
            assertThat(ngc.received()).hasSize(6);
        }
    }

    private Answer archive() {
        try {
            return Answer.of(
                    200, StandInCharts.archive("text-embedding-nim", Files.createTempDirectory(folder, "served")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void truncatedDownloadLeavesNothingBehind() throws Exception {
        try (LoopbackTls server =
                new LoopbackTls(exchange -> Answer.of(200, archive().body(), "X-Truncated: yes"))) {
            assertThatThrownBy(() -> fetch(server, KEY))
                    .isInstanceOf(DeployException.class)
                    .hasMessageContaining("the download was interrupted");
            assertNothingWasKept();
        }
    }

    @Test
    void commandsThatRunAtOnceInOneCheckoutDoNotDisturbOneAnother() throws Exception {
        CyclicBarrier bothDownload = new CyclicBarrier(2);
        try (LoopbackTls server = new LoopbackTls(exchange -> {
            await(bothDownload);
            return archive();
        })) {
            ExecutorService commands = Executors.newFixedThreadPool(2);
            try {
                List<Future<Chart>> charts =
                        commands.invokeAll(List.of(() -> fetch(server, KEY), () -> fetch(server, KEY)));

                assertThat(charts.get(0).get()).isEqualTo(charts.get(1).get());
                Path first = charts.get(0).get().folder();
                assertThat(fetch(server, KEY).folder()).isEqualTo(first);
                Chart other = new ChartSource(folder, folder.resolve("charts"), download(KEY))
                        .fetch(SettingsFile.parse("embedding: {chart: '"
                                        + StandInCharts.folder("text-reranking-nim", folder) + "'}")
                                .of(Nim.EMBEDDING));
                assertThat(other.folder()).isNotEqualTo(first);
                assertThat(first.resolve("Chart.yaml")).exists();
            } finally {
                commands.shutdownNow();
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void archiveThatEndsTooEarlyIsNotAChart() throws Exception {
        byte[] whole = archive().body();
        byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
        try (LoopbackTls server = new LoopbackTls(exchange -> Answer.of(200, half))) {
            assertThatThrownBy(() -> fetch(server, KEY)).hasMessageContaining("not a complete .tgz");
            assertNothingWasKept();
        }
    }

    @Test
    void loginPageIsNotAChart() throws Exception {
        try (LoopbackTls server =
                new LoopbackTls(exchange -> Answer.of(200, "<html>log in</html>".getBytes(StandardCharsets.UTF_8)))) {
            assertThatThrownBy(() -> fetch(server, KEY)).hasMessageContaining("not a complete .tgz");
        }
    }

    @Test
    void archiveThatPointsOutsideItsFolderIsRefusedWhateverTheName() throws Exception {
        for (String name : new String[] {
            "../evil.txt", "chart/../../evil.txt", "/tmp/evil.txt", "chart\\..\\..\\evil.txt", "C:\\evil.txt"
        }) {
            byte[] archive = StandInCharts.archiveOf(name, "evil");
            try (LoopbackTls server = new LoopbackTls(exchange -> Answer.of(200, archive))) {
                assertThatThrownBy(() -> fetch(server, KEY))
                        .as(name)
                        .hasMessageContaining("is a link or points outside the chart's folder")
                        .hasMessageContaining("nothing was installed");
                assertNothingWasKept();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            bytes = {
                TarConstants.LF_SYMLINK,
                TarConstants.LF_LINK,
                TarConstants.LF_FIFO,
                TarConstants.LF_CHR,
                TarConstants.LF_BLK
            })
    void archiveWithALinkOrADeviceIsRefused(byte type) throws Exception {
        byte[] archive = StandInCharts.archiveOfOther(type);
        try (LoopbackTls server = new LoopbackTls(exchange -> Answer.of(200, archive))) {
            assertThatThrownBy(() -> fetch(server, KEY))
                    .hasMessageContaining("is a link or points outside the chart's folder")
                    .hasMessageContaining("nothing was installed");
            assertNothingWasKept();
        }
    }

    @Test
    void localArchiveThatPointsOutsideItsFolderIsRefusedToo() throws Exception {
        Path archive = Files.write(folder.resolve("evil.tgz"), StandInCharts.archiveOf("a/../../../evil.txt", "evil"));
        NimSettings nim =
                SettingsFile.parse("embedding: {chart: " + archive + "}").of(Nim.EMBEDDING);

        assertThatThrownBy(() -> new ChartSource(folder, folder.resolve("work/charts"), download(KEY)).fetch(nim))
                .hasMessageContaining("points outside the chart's folder");
        assertThat(folder.resolve("evil.txt")).doesNotExist();
        assertThat(folder.resolve("work/evil.txt")).doesNotExist();
    }

    @Test
    void credentialsInTheAddressAreRefusedAndNotShown() {
        assertThatThrownBy(() -> download(KEY)
                        .fetch(URI.create("https://user:" + KEY + "@example.invalid/c.tgz"), folder.resolve("c.tgz")))
                .hasMessageContaining("contains credentials; remove them")
                .hasMessageNotContaining(KEY);
    }

    @Test
    void clientThatFollowsRedirectsByItselfIsRefused() {
        HttpClient follower = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();

        assertThatThrownBy(() -> new ChartDownload(follower, Optional.empty(), Duration.ofSeconds(1)))
                .hasMessageContaining("it would send the key along");
    }
}
