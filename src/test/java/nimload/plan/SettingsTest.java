package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.nim.EncodingFormat;
import nimload.nim.NimKind;
import nimload.nim.Truncate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is given and what is not, as values. */
class SettingsTest {
    private static Settings of(Map<String, String> properties) {
        return Settings.parse(SettingValues.of(properties, Map.of()), PublishedGrid.load());
    }

    private static Settings of(String name, String value) {
        return of(Map.of(name, value));
    }

    private static WorkloadGrid grid(
            Workload workload, List<Integer> tokens, int queryTokens, List<Integer> items, List<Integer> users) {
        return new WorkloadGrid(
                workload,
                tokens.stream().map(TextLength::exactly).toList(),
                queryTokens,
                items,
                users,
                Optional.empty());
    }

    private static Settings.Nim embedding(Settings settings) {
        return settings.nims().get(NimKind.EMBEDDING);
    }

    private static Settings.Nim reranking(Settings settings) {
        return settings.nims().get(NimKind.RERANKING);
    }

    @Test
    void aPageOfMetricsIsTakenAsItIsGiven() {
        assertThat(reranking(of("nim.reranking.metricsUrl", "HTTP://nim:8002/v1/metrics"))
                        .metricsUrl())
                .contains(URI.create("http://nim:8002/v1/metrics"));
        assertThat(embedding(of("nim.reranking.metricsUrl", "http://nim:8002/metrics"))
                        .metricsUrl())
                .isEmpty();
    }

    @Test
    void defaultsAreThePublishedGridAndTheEmbeddedNim() {
        Settings settings = of(Map.of());
        assertThat(embedding(settings).urls()).isEmpty();
        assertThat(reranking(settings).urls()).isEmpty();
        assertThat(embedding(settings).model()).isEmpty();
        assertThat(reranking(settings).model()).isEmpty();
        assertThat(settings.apiKey()).isEmpty();
        assertThat(settings.tls().caFile()).isEmpty();
        assertThat(settings.tls().insecure()).isFalse();
        assertThat(settings.workloads()).containsExactlyInAnyOrder(Workload.values());
        assertThat(settings.grids()).isEqualTo(PublishedGrid.load());
        assertThat(settings.timing())
                .isEqualTo(new Settings.Timing(
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(60),
                        new Settings.Until(100, OptionalDouble.empty(), Optional.empty()),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(settings.requests())
                .isEqualTo(new Settings.Requests(
                        EncodingFormat.FLOAT, Truncate.END, settings.requests().seed()));
        assertThat(settings.phases()).isEqualTo(new Settings.Phases(true, true, 1));
        assertThat(settings.comparison()).isEmpty();
        assertThat(settings.strict()).isFalse();
        assertThat(settings.results()).isEqualTo(Path.of("nim-results"));
        assertThat(settings.given()).isEmpty();
    }

    @Test
    void nimsTrustAndWorkloadsCanBeGiven() {
        Settings settings = of(Map.of(
                "nim.embedding.url", "http://10.0.0.5:8000",
                "nim.reranking.url", "https://10.0.0.6:8443/v1",
                "nim.embedding.model", "a/b",
                "nim.reranking.model", "c/d",
                "nim.tls.ca", "ca.pem",
                "nim.workloads", "query, reranking"));
        assertThat(embedding(settings).urls()).containsExactly(URI.create("http://10.0.0.5:8000"));
        assertThat(reranking(settings).urls()).containsExactly(URI.create("https://10.0.0.6:8443"));
        assertThat(embedding(settings).model()).contains("a/b");
        assertThat(reranking(settings).model()).contains("c/d");
        assertThat(settings.tls().caFile()).contains(Path.of("ca.pem"));
        assertThat(settings.workloads()).containsExactlyInAnyOrder(Workload.QUERY, Workload.RERANKING);
    }

    @Test
    void everyListOfTheGridCanBeGivenUpToItsLimits() {
        Settings settings = of(Map.of(
                "nim.query.tokens", "8,8192",
                "nim.query.batch", "1,1024",
                "nim.query.concurrency", "1,4096",
                "nim.passage.tokens", "100",
                "nim.passage.batch", "2",
                "nim.passage.concurrency", "3",
                "nim.reranking.tokens", "200",
                "nim.reranking.queryTokens", "20",
                "nim.reranking.passages", "512",
                "nim.reranking.concurrency", "7"));
        assertThat(settings.grids().values())
                .containsExactlyInAnyOrder(
                        grid(Workload.QUERY, List.of(8, 8192), 0, List.of(1, 1024), List.of(1, 4096)),
                        grid(Workload.PASSAGE, List.of(100), 0, List.of(2), List.of(3)),
                        grid(Workload.RERANKING, List.of(200), 20, List.of(512), List.of(7)));
    }

    @Test
    void howLongToWaitForANimCanBeGiven() {
        assertThat(of(Map.of("nim.wait", "30m")).timing().patience()).hasValue(Duration.ofMinutes(30));
        assertThat(of(Map.of("nim.wait", "0s")).timing().patience()).hasValue(Duration.ZERO);
    }

    @Test
    void timingRequestsPhasesAndResultsCanBeGiven() {
        Settings settings = of(Map.ofEntries(
                Map.entry("nim.duration", "100ms"),
                Map.entry("nim.samples", "1000"),
                Map.entry("nim.precision", "2%"),
                Map.entry("nim.maxDuration", "5m"),
                Map.entry("nim.warmup", "0s"),
                Map.entry("nim.requestTimeout", "2m"),
                Map.entry("nim.encodingFormat", "BASE64"),
                Map.entry("nim.truncate", "none"),
                Map.entry("nim.seed", "-7"),
                Map.entry("nim.rehearsal", "false"),
                Map.entry("nim.repeat", "3"),
                Map.entry("nim.strict", "true"),
                Map.entry("nim.results", "elsewhere")));
        assertThat(settings.timing())
                .isEqualTo(new Settings.Timing(
                        Optional.of(Duration.ofMillis(100)),
                        Optional.of(Duration.ZERO),
                        Duration.ofMinutes(2),
                        new Settings.Until(1000, OptionalDouble.of(0.02), Optional.of(Duration.ofMinutes(5))),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(settings.requests()).isEqualTo(new Settings.Requests(EncodingFormat.BASE64, Truncate.NONE, -7));
        assertThat(settings.phases()).isEqualTo(new Settings.Phases(false, true, 3));
        assertThat(settings.strict()).isTrue();
        assertThat(settings.results()).isEqualTo(Path.of("elsewhere"));
    }

    @Test
    void aRunIsComparedWithABaselineIfOneIsGiven() {
        assertThat(of("nim.baseline.allowDifferent", "true").comparison()).isEmpty();
        assertThat(of(Map.of(
                                "nim.baseline", "before",
                                "nim.baseline.allowDifferent", "true",
                                "nim.maxRegression", "2.5%"))
                        .comparison())
                .contains(new Settings.Comparison(Path.of("before"), true, OptionalDouble.of(0.025)));
    }

    @Test
    void levelsAreThoseAskedForOfWhichThereIsANim() {
        Settings settings = of("nim.workloads", "reranking,query");
        assertThat(settings.loadPoints(EnumSet.of(Workload.QUERY, Workload.PASSAGE)))
                .hasSize(8)
                .allSatisfy(point -> assertThat(point.workload()).isEqualTo(Workload.QUERY));
        assertThat(settings.loadPoints(EnumSet.allOf(Workload.class)))
                .extracting(LoadPoint::workload)
                .containsSubsequence(Workload.QUERY, Workload.RERANKING)
                .hasSize(17);
    }

    @Test
    void warmUpMayBeZero() {
        assertThat(of("nim.warmup", "0ms").timing().warmUp()).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "30s, PT30S", "2m, PT2M", "24h, PT24H"})
    void durationsHaveFourUnits(String value, Duration expected) {
        assertThat(of("nim.duration", value).timing().duration()).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://nim:8000",
                "http://nim:8000/",
                "http://nim:8000//",
                "http://nim:8000/v1",
                "http://nim:8000/v1/",
            })
    void aUrlMayEndWithOrWithoutV1(String value) {
        assertThat(embedding(of("nim.embedding.url", value)).urls()).containsExactly(URI.create("http://nim:8000"));
    }

    @Test
    void aUrlKeepsItsPathAndItsIpv6Host() {
        assertThat(embedding(of("nim.embedding.url", "https://gw/team/embed/v1"))
                        .urls())
                .containsExactly(URI.create("https://gw/team/embed"));
        assertThat(embedding(of("nim.embedding.url", "http://[::1]:8000")).urls())
                .containsExactly(URI.create("http://[::1]:8000"));
    }

    @Test
    void theApiKeyIsSentAndNeverShown() {
        SettingValues values = SettingValues.of(Map.of(), Map.of("NIM_API_KEY", "nvapi-hunter2"));
        Settings settings = Settings.parse(values, PublishedGrid.load());
        assertThat(settings.apiKey().orElseThrow().bearer()).isEqualTo("Bearer nvapi-hunter2");
        assertThat(settings.apiKey()).hasToString("Optional[***]");
        assertThat(settings.toString()).doesNotContain("hunter2");
        assertThat(values.shown()).containsExactly(Map.entry("nim.apiKey", "***"));
        assertThat(settings.given()).containsExactly(Map.entry("nim.apiKey", "***"));
        assertThat(values.toString()).doesNotContain("hunter2");
    }
}
