package nimload.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.compare.Likeness;
import nimload.page.ReportPage;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Repeat;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.results.TargetResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Imports files in the layouts that versions of genai-perf and AIPerf write: the names of fields are those of their sources,
 * the values are made up.
 */
class LayoutsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T15:00:00Z"), ZoneOffset.UTC);
    private static final String NAME = "profile_export_aiperf.json";

    @TempDir
    private Path directory;

    private static Path version(String name) {
        return Path.of("src", "test", "fixtures", "imports", "versions", name);
    }

    private RunResults imported(Path... paths) {
        Path results = directory.resolve("results");
        Import.run(
                new ImportOptions(
                        List.of(paths),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        false,
                        results),
                CLOCK,
                new PrintWriter(new StringWriter()));
        try (Stream<Path> runs = Files.list(results)) {
            return ResultsFile.read(runs.sorted().reduce((first, last) -> last).orElseThrow());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** AIPerf 0.13's file with replacements: a text, what replaces it, the next text … */
    private static String json(String... replaced) throws IOException {
        String json = Files.readString(version("aiperf-0.13.0").resolve(NAME));
        for (int i = 0; i < replaced.length; i += 2) {
            assertThat(json).as("what is replaced").contains(replaced[i]);
            json = json.replace(replaced[i], replaced[i + 1]);
        }
        return json;
    }

    private Path file(String path, String... replaced) throws IOException {
        Path file = directory.resolve(path).resolve(NAME);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, json(replaced));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "genai-perf-0.0.8|genai-perf|passage, 300 tokens, 64 texts, concurrency 3|http://10.0.0.5:8000|0",
                "genai-perf-0.0.11|genai-perf|reranking, 512+512 tokens, 10 passages, 5/s|http://10.0.0.6:8000|0",
                "genai-perf-0.0.16|genai-perf|query, 20~4 tokens, 1 text, concurrency 5|10.0.0.5:8000|0",
                "aiperf-0.1.0|aiperf|passage, 300 tokens, 64 texts, concurrency 1|localhost:8000|3",
                "aiperf-0.1.1|aiperf|passage, 300 tokens, 64 texts, 20/s constant, concurrency 1|http://localhost:8000/v1|0",
                "aiperf-0.2.0|aiperf|query, 20 tokens, 1 text, 40/s|http://10.0.0.5:8000|0",
                "aiperf-0.4.0|aiperf 0.4.0|reranking, 32+512 tokens, 20 passages, concurrency 3|http://10.0.0.6:8000|2",
                "aiperf-0.7.0|aiperf 0.7.0|passage, 300~60 tokens, 64 texts, 25.5/s gamma 0.5, concurrency 8|http://10.0.0.5:8000|0",
                "aiperf-0.9.0|aiperf 0.9.0|query, 20 tokens, 1 text, concurrency 5|http://10.0.0.5:8000,http://10.0.0.7:8000|0",
                "aiperf-0.10.0|aiperf 0.10.0|passage, 300 tokens, 64 texts, concurrency 3|http://10.0.0.5:8000|0",
                "aiperf-0.12.0|aiperf 0.12.0|reranking, 20+512~64 tokens, 40 passages, 12.5/s poisson|http://10.0.0.5:8000|0",
                "aiperf-0.13.0|aiperf 0.13.0|passage, 512 tokens, 64 texts, 10/s constant, concurrency 4|http://10.0.0.5:8000|0",
            })
    void everyVersionsFileIsALevelWithoutAnOption(
            String version, String tool, String description, String url, long errors) {
        RunResults run = imported(version(version));
        LevelResults level = run.levels().get(0);
        TargetResults target = run.info().targets().get(level.workload().nim().key());

        assertThat(run.levels()).hasSize(1);
        assertThat(run.complete()).isTrue();
        assertThat(run.info().tool()).isEqualTo(tool);
        assertThat(level.point().description()).isEqualTo(description);
        assertThat(target.url()).isEqualTo(url.split(",")[0]);
        assertThat(String.join(",", target.replicas())).isEqualTo(url.contains(",") ? url : "");
        assertThat(target.model())
                .startsWith(
                        level.workload() == Workload.RERANKING
                                ? "nvidia/llama-3.2-nv-rerankqa-1b-v2"
                                : "nvidia/nv-embedqa-e5-v5");
        assertThat(level.requests().successes()).isEqualTo(200);
        assertThat(level.requests().errors()).isEqualTo(errors);
        assertThat(level.throughput().requestsPerSecond()).hasValue(30.5);
        assertThat(level.latency().avg()).hasValue(32.1);
        assertThat(level.latency().std())
                .isEqualTo(version.endsWith("0.0.16") ? OptionalDouble.empty() : OptionalDouble.of(1.1));
        assertThat(level.latency().min()).hasValue(29.9);
        assertThat(level.latency().max()).hasValue(40);
        assertThat(level.percentile(Percentile.P50)).hasValue(31.9);
        assertThat(level.percentile(Percentile.P90)).hasValue(33);
        assertThat(level.percentile(Percentile.P95)).hasValue(34);
        assertThat(level.percentile(Percentile.P99)).hasValue(36.125);
        assertThat(ResultsFile.json(run)).doesNotContain("secret");
        assertThat(ReportPage.html(run)).contains(description.replaceFirst(", concurrency .*", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "aiperf-0.9.0, 2026-08-01T07:30:00.123456Z",
        "aiperf-0.13.0, 2026-08-01T09:30:00Z",
        "aiperf-0.10.0, ",
    })
    void aStartWithATimeZoneIsThatInstantAndOneWithoutIsThisMachinesAndNoted(String version, Instant instant) {
        RunResults run = imported(version(version));
        assertThat(run.info().started())
                .isEqualTo(
                        instant == null
                                ? LocalDateTime.parse("2026-08-01T09:30:00.123456")
                                        .atZone(ZoneId.systemDefault())
                                        .toInstant()
                                : instant);
        assertThat(run.info()
                        .notes()
                        .contains("The files give times without a time zone; they were taken as this machine's."))
                .isEqualTo(instant == null);
    }

    @Test
    void theMeasuredTimeOfNewerVersionsIsKept() {
        assertThat(imported(version("aiperf-0.9.0"))
                        .levels()
                        .get(0)
                        .throughput()
                        .elapsedSeconds())
                .hasValue(6.557377);
        assertThat(imported(version("aiperf-0.10.0"))
                        .levels()
                        .get(0)
                        .throughput()
                        .elapsedSeconds())
                .isEmpty();
    }

    @Test
    void aSweepIsOneRunAndItsSummariesAreNoLevels() throws IOException {
        file("sweep/concurrency_1", "\"concurrency\": 4", "\"concurrency\": 1");
        file("sweep/concurrency_4");
        Path summary = Files.createDirectories(directory.resolve("sweep/sweep_aggregate"))
                .resolve("profile_export_aiperf_sweep.json");
        Files.writeString(summary, "{\"aggregation_type\": \"sweep\", \"metadata\": {}}");
        file("sweep/concurrency_4/phases/steady");

        assertThat(imported(directory.resolve("sweep")).levels())
                .extracting(LevelResults::concurrency)
                .containsExactly(1, 4);
        assertThatThrownBy(() -> imported(summary))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(summary + " is AIPerf's summary of several runs, not a run; give ");
    }

    /** Version 0.7 may leave the whole list in each file of a sweep. */
    @Test
    void theConcurrencyOfASweepsRunIsFoundInItsDirectorysNameOrItsVariation() throws IOException {
        String list = "\"concurrency\": [1, 4]";
        String flat = Files.readString(version("aiperf-0.7.0").resolve(NAME)).replace("\"concurrency\": 8", list);
        for (String level : List.of("concurrency_1", "concurrency_4__isl_300/profile_runs/trial_0001")) {
            Files.writeString(
                    Files.createDirectories(directory.resolve("a").resolve(level))
                            .resolve(NAME),
                    flat);
        }
        file(
                "b",
                "\"concurrency\": 4",
                list,
                "\"variation_values\": {}",
                "\"variation_values\": {\"phases.profiling.concurrency\": 9}");

        assertThat(imported(directory.resolve("a")).levels())
                .extracting(LevelResults::concurrency)
                .containsExactly(1, 4);
        assertThat(imported(directory.resolve("b")).levels())
                .extracting(LevelResults::concurrency)
                .containsExactly(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x/profile_runs/run_000%d",
                "x/profile_runs/trial_000%d/concurrency_4",
                "x/concurrency_4/profile_runs/trial_000%d",
                "x/search_iter_000%d/profile_runs/run_0001"
            })
    void runsThatRepeatALevelAreItsRepeats(String layout) throws IOException {
        for (int trial = 1; trial <= 3; trial++) {
            file(
                    layout.formatted(trial),
                    "\"avg\": 200",
                    "\"avg\": " + 100 * trial,
                    "30.5",
                    "" + 10 * trial,
                    "32.1",
                    "" + 30 * trial,
                    "29.9",
                    "" + (20 - trial),
                    ":20.123456\"",
                    ":2" + trial + "+00:00\"");
        }

        RunResults run = imported(directory.resolve("x"));

        LevelResults level = run.levels().get(0);
        assertThat(run.complete()).isTrue();
        assertThat(run.info().repeats()).isEqualTo(3);
        assertThat(level.requests().count()).isEqualTo(600);
        assertThat(level.throughput().requestsPerSecond())
                .as("100, 200 and 300 requests in 10 s each")
                .hasValue(20);
        assertThat(level.throughput().requests().orElseThrow().interval()).isPresent();
        assertThat(level.throughput().betweenRunVariation()).hasValue(0.5);
        assertThat(level.latency().avg()).as("weighted by requests").hasValue(70);
        assertThat(level.latency().min()).hasValue(17);
        assertThat(level.latency().std()).isEmpty();
        assertThat(level.latency().percentiles())
                .as("not known of all together")
                .isEmpty();
        assertThat(level.course().repeats()).extracting(Repeat::number).containsExactly(1, 2, 3);
        assertThat(level.course().repeats()).extracting(Repeat::requests).containsExactly(100L, 200L, 300L);
        assertThat(level.course().repeats().get(2).ended()).isEqualTo("2026-08-01T09:30:23Z");
        assertThat(level.course().repeats().get(2).latencyMs().at(Percentile.P99))
                .hasValue(36.125);
        assertThat(ReportPage.html(run)).contains("each repeat has its own");
    }

    @Test
    void aRunThatLacksARepeatIsNotComplete() throws IOException {
        file("x/profile_runs/trial_0001/concurrency_4");
        file("x/profile_runs/trial_0002/concurrency_4");
        file("x/profile_runs/trial_0001/concurrency_1", "\"concurrency\": 4", "\"concurrency\": 1");
        assertThat(imported(directory.resolve("x")).gap()).contains("levels lack repeats, or were broken off");
    }

    @Test
    void twoFilesOfALevelThatAreNoRepeatsAreRefused() throws IOException {
        Path one = file("x/run_0001");
        Path other = file("y/run_0002");
        assertThatThrownBy(() -> imported(one, other))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(
                        "are the same level (passage, 512 tokens, 64 texts, 10/s constant, concurrency 4)");
    }

    /** What differs makes two levels of one run, and no comparison of one with the other. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"type\": \"constant\", \"rate\": 10.0|\"type\": \"concurrency\"",
                "\"rate\": 10.0|\"rate\": 11",
                "\"type\": \"constant\"|\"type\": \"poisson\"",
                ", \"concurrency\": 4|",
                "\"stddev\": 0|\"stddev\": 60",
            })
    void levelsOfAnotherLoadOrSpreadAreNeverMixed(String text, String other) throws IOException {
        Path one = file("a/one");
        Path two = file("a/two", text, other == null ? "" : other);

        assertThat(imported(directory.resolve("a")).levels()).hasSize(2);
        assertThatThrownBy(() -> Likeness.require(List.of(imported(one), imported(two))))
                .hasMessageContaining("no level in common");
        LoadPoint point = imported(two).levels().get(0).point();
        assertThat(point.name())
                .isNotEqualTo(imported(one).levels().get(0).point().name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"nim_embeddings\"|\"chat\"|is of the endpoint chat, which nimload does not measure; give one of embeddings, nim_embeddings, rankings, nim_rankings, cohere_rankings, hf_tei_rankings",
                "\"nim_embeddings\"|\"completions\"|is of the endpoint completions, which",
                "\"nim_embeddings\"|\"image_retrieval\"|is of the endpoint image_retrieval, which",
                "\"mean\": 512, \"stddev\": 0|\"mean\": 512, \"median\": 400|gives the lengths of its texts otherwise than by a whole number or its mean and standard deviation; nimload has no such level",
                "\"mean\": 512|\"mean\": 512.5|gives the lengths of its texts otherwise",
                "\"stddev\": 0|\"stddev\": 60, \"min\": 1|gives the lengths of its texts otherwise",
                "\"batch_size\": 64|\"batch_size\": 64, \"sequence_distribution\": [{\"isl\": 1}]|gives the lengths of its texts otherwise",
                "\"type\": \"constant\"|\"type\": \"fixed_schedule\"|replays a schedule or users' sessions; give one with a concurrency or a request rate",
                "\"rate\": 10.0|\"rate_series\": {}|changes its request rate while it measures; give one with a single rate",
                "[{\"name\": \"steady\"|[{\"name\": \"ramp\", \"kind\": \"profiling\"}, {\"name\": \"steady\"|has several phases that measure together (ramp, steady); give one per level",
                "[{\"name\": \"main\"|[{\"name\": \"other\"}, {\"name\": \"main\"|has several datasets together (other, main); give one per level",
                "[{\"name\": \"nvidia/nv-embedqa-e5-v5\"}]|[{\"name\": \"a\"}, {\"name\": \"b\"}]|has several models together (a, b); give one per level",
                "\"input_type\": \"passage\"||does not say whether its texts are queries or passages; add e.g. --workload query",
                "\"type\": \"synthetic\"|\"type\": \"file\"|does not say how many tokens its texts have; add e.g. --tokens 300",
                ", \"batch_size\": 64||does not say how many texts or passages a request holds; add e.g. --items 64",
                "\"type\": \"constant\", \"rate\": 10.0, \"concurrency\": 4|\"type\": \"concurrency\"|does not say its concurrency; add e.g. --concurrency 5",
                "\"nim_embeddings\"|\"nim_rankings\"|does not say how many tokens its texts have; add e.g. --tokens 300",
                "\"avg\": 200|\"avg\": -200|: avg=-200 is not a number of at least 0; give a file as the tool wrote it",
                "\"request_count\"|\"other_count\"|has no request_count; export it with a newer version of the tool, or import its CSV",
                "\"avg\": 200|\"avg\": NaN|has no request_count; export it with a newer version",
            })
    void whatIsNoLevelOfNimloadIsRefusedInPlainWords(String text, String other, String message) throws IOException {
        Path file = file("x", text, other == null ? "" : other);
        assertThatThrownBy(() -> imported(file))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
        assertThat(directory.resolve("results")).as("nothing is left").doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"value\": 40|\"mean\": 40, \"stddev\": 2|varies its number of passages (40, standard deviation 2); nimload has levels with one number only",
                "\"value\": 20|\"mean\": 20, \"stddev\": 4|varies the length of its queries (20, standard deviation 4); nimload has levels with one number only",
            })
    void aRankingWhosePassagesOrQueriesVaryIsRefused(String text, String other, String message) throws IOException {
        String json = Files.readString(version("aiperf-0.12.0").resolve(NAME));
        assertThat(json).contains(text);
        Path file = Files.writeString(directory.resolve(NAME), json.replace(text, other));
        assertThatThrownBy(() -> imported(file)).isInstanceOf(UserError.class).hasMessage(file + " " + message);
    }

    /** Of one load, but not a steady one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rate\": 10.0|\"rate\": 10.0, \"rate_ramp\": {\"duration\": 5}|the load was raised step by step while it was measured",
                "\"rate\": 10.0|\"rate\": 10.0, \"concurrency_ramp\": 5|the load was raised step by step while it was measured",
                "\"rate\": 10.0|\"rate\": 10.0, \"cancellation\": {\"rate\": 10}|a part of the requests was cancelled on purpose",
            })
    void aLevelOfAnUnsteadyLoadIsNotValid(String text, String other, String reason) throws IOException {
        assertThat(imported(file("x", text, other)).levels().get(0).validity().reasons())
                .containsExactly(reason);
    }

    @Test
    void aByteOrderMarkIsPassedOverAndAnotherEncodingNamed() throws IOException {
        Path marked = directory.resolve("marked_aiperf.json");
        Files.writeString(marked, "\uFEFF" + json());
        assertThat(imported(marked).levels()).hasSize(1);

        Path wide = directory.resolve("wide_aiperf.json");
        Files.write(wide, ("\uFEFF" + json()).getBytes(StandardCharsets.UTF_16LE));
        assertThatThrownBy(() -> imported(wide)).hasMessage(wide + " is not UTF-8; give a file as the tool wrote it");
    }

    @Test
    void aStatisticThatIsNoNumberIsAbsentAndNot0() throws IOException {
        LevelResults level = imported(
                        file("x", "\"p99\": 36.125", "\"p99\": Infinity", "\"std\": 1.1", "\"std\": null"))
                .levels()
                .get(0);
        assertThat(level.percentile(Percentile.P99)).isEmpty();
        assertThat(level.latency().std()).isEmpty();
        assertThat(level.percentile(Percentile.P95)).hasValue(34);
    }
}
