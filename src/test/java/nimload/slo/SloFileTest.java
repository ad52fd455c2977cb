package nimload.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Workload;
import nimload.results.Percentile;
import nimload.results.SloCheck;
import nimload.slo.LevelSelector.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SloFileTest {
    private static final LevelSelector ALL = new LevelSelector(Set.of(), List.of(), List.of(), List.of());

    @TempDir
    private Path directory;

    private static List<LoadPoint> publishedGrid() {
        return PublishedGrid.load().values().stream()
                .flatMap(grid -> grid.loadPoints().stream())
                .toList();
    }

    @Test
    void theFileThatComesWithNimloadHasNoLimits() {
        assertThat(SloFile.read(Optional.empty()).isEmpty()).isTrue();
    }

    @Test
    void itsExampleIsAnSloForThePublishedGrid() throws IOException {
        String file = Files.readString(Path.of("simulations-data", "slo.yaml"));
        String example = file.substring(file.indexOf("# Example:") + "# Example:".length())
                .lines()
                .map(line -> line.replaceFirst("^# ?", ""))
                .collect(Collectors.joining("\n"));
        Slo slo = SloFile.parse("example", example).forRun(publishedGrid());
        assertThat(slo.rules()).hasSize(3);
        assertThat(slo.limits(new LoadPoint(Workload.QUERY, 20, 0, 1, 7)))
                .containsExactly(
                        new Limit.LatencyPercentile(Percentile.P95, 30),
                        new Limit.LatencyPercentile(Percentile.P99, 50),
                        new Limit.ErrorShare(0));
        assertThat(slo.limits(new LoadPoint(Workload.QUERY, 20, 0, 1, 9))).isEmpty();
        assertThat(slo.limits(new LoadPoint(Workload.RERANKING, 512, 512, 20, 1)))
                .containsExactly(new Limit.ErrorShare(0.001), new Limit.Goodput(300, 0.99, SloCheck.SHARE));
        assertThat(slo.limits(new LoadPoint(Workload.RERANKING, 512, 512, 40, 1)))
                .isEmpty();
    }

    @Test
    void everySelectorAndLimitIsRead() {
        Slo slo = SloFile.parse("slo.yaml", """
                - workload: [query, passage]
                  inputTokens: 20-300
                  itemsPerRequest: [1, 32-64]
                  concurrency: 5
                  p50: 0.25ms
                  p90: 1 s
                  p95: 1.5s
                  p99: 250ms
                  p99.9: 1000ms
                  errorShare: 0.1%
                  requestsPerSecond: 100
                  itemsPerSecond: ">= 2000.5"
                  goodput: {latency: 300ms, atLeast: [99%, 50/s]}
                """);
        assertThat(slo.rules())
                .containsExactly(new Slo.Rule(
                        new LevelSelector(
                                Set.of(Workload.QUERY, Workload.PASSAGE),
                                List.of(new Range(20, 300)),
                                List.of(new Range(1, 1), new Range(32, 64)),
                                List.of(new Range(5, 5))),
                        List.of(
                                new Limit.LatencyPercentile(Percentile.P50, 0.25),
                                new Limit.LatencyPercentile(Percentile.P90, 1000),
                                new Limit.LatencyPercentile(Percentile.P95, 1500),
                                new Limit.LatencyPercentile(Percentile.P99, 250),
                                new Limit.LatencyPercentile(Percentile.P999, 1000),
                                new Limit.ErrorShare(0.001),
                                new Limit.RequestsPerSecond(100),
                                new Limit.ItemsPerSecond(2000.5),
                                new Limit.Goodput(300, 0.99, SloCheck.SHARE),
                                new Limit.Goodput(300, 50, SloCheck.PER_SECOND)),
                        "line 1, column 3"));
    }

    @Test
    void limitsWithoutSelectorsAreForAllLevelsAndGroupsAddUp() {
        Slo slo = SloFile.parse("slo.yaml", "- p95: 1s\n- {p95: 2s, concurrency: 1}\n- p95: 1s\n  errorShare: 0%\n");
        assertThat(slo.rules().get(0).levels()).isEqualTo(ALL);
        assertThat(slo.limits(new LoadPoint(Workload.QUERY, 20, 0, 1, 1)))
                .containsExactly(
                        new Limit.LatencyPercentile(Percentile.P95, 1000),
                        new Limit.LatencyPercentile(Percentile.P95, 2000),
                        new Limit.ErrorShare(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "[]", "\n\n"})
    void aFileWithoutLimitsIsAnEmptySlo(String yaml) {
        assertThat(SloFile.parse("slo.yaml", yaml).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            - p95: 250               | line 1, column 8: 250 is not a latency above 0; give a number and its unit, ms or s, no finer than 1 µs, e.g. 250ms
            - p95: 250us             | line 1, column 8: 250us is not a latency above 0
            - p95: -1ms              | line 1, column 8: -1ms is not a latency above 0
            - p95: 0ms               | line 1, column 8: 0ms is not a latency above 0
            - p95: 0.0001ms          | line 1, column 8: 0.0001ms is not a latency above 0
            - p95: [1ms]             | line 1, column 8: a list is not a latency above 0
            - p95:                   | line 1, column 7:  is not a latency above 0
            - p96: 250ms             | line 1, column 3: p96 is not known; the known ones are workload, inputTokens, itemsPerRequest, concurrency, p50, p90, p95, p99, p99.9, errorShare, requestsPerSecond, itemsPerSecond, goodput
            - {p95: 1s, p95: 2s}     | line 1, column 13: p95 appears twice; give it once
            - errorShare: 0.1        | line 1, column 15: 0.1 is not a percentage up to 100%; give e.g. errorShare: 0.1%
            - errorShare: 101%       | line 1, column 15: 101% is not a percentage up to 100%
            - errorShare: -1%        | line 1, column 15: -1% is not a percentage
            - requestsPerSecond: 0   | line 1, column 22: 0 is not a rate per second above 0; give the minimum, e.g. requestsPerSecond: 100
            - requestsPerSecond: '< 9' | line 1, column 22: < 9 is not a rate per second above 0
            - itemsPerSecond: many   | line 1, column 19: many is not a rate per second above 0
            - goodput: 99%           | line 1, column 12: 99% is not a goodput limit; give e.g. goodput: {latency: 300ms, atLeast: 99%}
            - goodput: {latency: 1s} | line 1, column 12: a mapping lacks latency or atLeast, and goodput needs both; give e.g. goodput
            - goodput: {latency: 1s, atLeast: 50} | line 1, column 35: 50 is neither a percentage up to 100% nor a rate per second, above 0
            - goodput: {latency: 1s, atLeast: 0%} | line 1, column 35: 0% is neither a percentage up to 100% nor a rate per second, above 0
            - goodput: {latency: 1s, share: 5%}   | line 1, column 26: share is not known in goodput
            - {p95: 1s, concurrency: 0}     | line 1, column 26: 0 is neither a whole number from 1 nor a range; give e.g. 5, 1-5 or [1, 3, 5-9]
            - {p95: 1s, concurrency: 5-1}   | line 1, column 26: 5-1 is neither
            - {p95: 1s, concurrency: [1, x]} | line 1, column 30: x is neither
            - {p95: 1s, concurrency: []}    | line 1, column 26: a list is empty; give at least one value, or leave the key out
            - {p95: 1s, workload: search}   | line 1, column 23: search is not a workload; give one or more of query, passage, reranking
            - workload: query               | line 1, column 3: a mapping selects levels but has no limit; add one, e.g. p95: 250ms
            - p95                           | line 1, column 3: p95 is not a limit; give its name and value, e.g. p95: 250ms
            p95: 1s                         | line 1, column 1: a mapping is not a list; start each group of limits with a dash, e.g. - p95: 250ms
            - p95: [                        | line 1, column 9: not YAML (
            - requestsPerSecond: >= 100     | line 1, column 23: not YAML (
            """)
    void mistakesAreRefusedInOneLineWithTheirPlace(String yaml, String message) {
        assertThatThrownBy(() -> SloFile.parse("slo.yaml", yaml))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("slo.yaml " + message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void theLineCountsCommentsAndBlankLines() {
        assertThatThrownBy(() -> SloFile.parse("slo.yaml", "# comment\n- p95: 1s\n\n- workload: query\n  p99: 5\n"))
                .hasMessageStartingWith("slo.yaml line 5, column 8: 5 is not a latency");
    }

    @Test
    void aUsersFileThatIsMissingOrNotTextOrWithoutLimitsIsRefused() throws IOException {
        Path missing = directory.resolve("missing.yaml");
        assertThatThrownBy(() -> SloFile.read(Optional.of(missing)))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.slo=" + missing + " cannot be read (java.nio.file.NoSuchFileException");
        Path binary = Files.write(directory.resolve("binary"), "- p95: é".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> SloFile.read(Optional.of(binary)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("give a YAML file in UTF-8");
        Path empty = Files.writeString(directory.resolve("empty.yaml"), "# - p95: 1s\n");
        assertThatThrownBy(() -> SloFile.read(Optional.of(empty)))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.slo=" + empty + " has no limits; add some as simulations-data/slo.yaml explains, or"
                        + " leave nim.slo out");
    }

    @Test
    void aGroupThatMatchesNoLevelIsRefusedWithTheLevelsOfTheRun() {
        Slo slo = SloFile.parse("slo.yaml", "- p95: 1s\n- {workload: passage, concurrency: 2, p95: 1s}\n");
        assertThatThrownBy(() -> slo.forRun(publishedGrid()))
                .isInstanceOf(UserError.class)
                .hasMessage("slo.yaml line 2, column 3: these limits match no level of this run; its levels are passage"
                        + " with inputTokens 300, itemsPerRequest 64 and concurrency 1, 3, 5; passage with inputTokens"
                        + " 512, itemsPerRequest 64 and concurrency 1, 3, 5; correct inputTokens,"
                        + " itemsPerRequest or concurrency, or run such a level");
    }

    @Test
    void aGroupForAWorkloadThatIsNotRunIsIgnored() {
        Slo slo = SloFile.parse("slo.yaml", "- p95: 1s\n- {workload: passage, concurrency: 2, p95: 1s}\n");
        List<LoadPoint> queries = List.of(new LoadPoint(Workload.QUERY, 20, 0, 1, 1));
        assertThat(slo.forRun(queries).rules()).containsExactly(slo.rules().get(0));
    }
}
