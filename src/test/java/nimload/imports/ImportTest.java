package nimload.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.page.ReportPage;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imports hand-made files in the formats that the tools' sources write. */
class ImportTest {
    private static final String EMBEDDINGS = "nvidia_nv-embedqa-e5-v5-openai-embeddings-concurrency5";
    private static final String RANKINGS = "nvidia_llama-3.2-nv-rerankqa-1b-v2-openai-rankings-concurrency3";
    private static final String JSON = "/profile_export_genai_perf.json";
    private static final String CSV = "/profile_export_genai_perf.csv";
    private static final String ERRORS_NOT_KNOWN = "The files do not count failed requests: 0 errors means not known.";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T15:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static String sample(String name) {
        return Path.of("src", "test", "fixtures", "imports", name).toString();
    }

    /** AIPerf's sample with replacements: a regular expression, what replaces its first match, the next expression … */
    private String aiperf(String... replaced) throws IOException {
        String json = Files.readString(Path.of(sample("aiperf/profile_export_aiperf.json")));
        for (int i = 0; i < replaced.length; i += 2) {
            json = json.replaceFirst(replaced[i], Matcher.quoteReplacement(replaced[i + 1]));
        }
        return Files.writeString(directory.resolve("profile_export_aiperf.json"), json)
                .toString();
    }

    private int execute(String... args) {
        return CommandLineTool.of(new Import(CLOCK))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(
                                Stream.of(args),
                                Stream.of("--out", directory.resolve("results").toString()))
                        .toArray(String[]::new));
    }

    private RunResults imported(String... args) {
        assertThat(execute(args)).as(err.toString()).isZero();
        return ResultsFile.read(directory.resolve("results").resolve("20261122-150000"));
    }

    private String refused(String... args) {
        return refused(1, args);
    }

    /** The one line on the error stream, without its mark. */
    private String refused(int exitCode, String... args) {
        err.getBuffer().setLength(0);
        assertThat(execute(args)).isEqualTo(exitCode);
        assertThat(directory.resolve("results")).as("nothing is left").doesNotExist();
        assertThat(err.toString()).startsWith("✗ ").endsWith(System.lineSeparator());
        return err.toString().substring(2).stripTrailing();
    }

    @Test
    void genaiPerfsJsonIsALevelWithItsOwnInputs() {
        RunResults run = imported(sample(EMBEDDINGS + JSON));
        assertThat(run.info().tool()).isEqualTo("genai-perf");
        assertThat(run.info().emulated()).isFalse();
        assertThat(run.complete()).isTrue();
        assertThat(run.info().effective()).containsEntry("truncate", "END").containsEntry("encodingFormat", "float");
        assertThat(run.info().targets().get("embedding").model()).isEqualTo("nvidia/nv-embedqa-e5-v5");
        assertThat(run.info().targets().get("embedding").url()).isEqualTo("http://10.0.0.5:8000");
        LevelResults level = run.levels().get(0);
        assertThat(level.name()).isEqualTo("passage 300 c=5 (64 texts)");
        assertThat(level.requests().count()).isEqualTo(689);
        assertThat(level.latency().avg()).hasValue(145.802);
        assertThat(level.percentile(Percentile.P50)).hasValue(145.611);
        assertThat(level.percentile(Percentile.P95)).hasValue(1160.75);
        assertThat(level.percentile(Percentile.P99)).hasValue(1234.568);
        assertThat(level.latency().max()).hasValue(1302);
        assertThat(level.percentile(Percentile.P999)).isEmpty();
        assertThat(level.throughput().requestsPerSecond()).hasValue(34.281);
        assertThat(level.throughput().itemsPerSecond().orElseThrow()).isEqualTo(34.281 * 64);
        assertThat(level.throughput().requests()).contains(Estimate.of(34.281));
        assertThat(level.latency().percentiles().values())
                .allMatch(estimate -> estimate.interval().isEmpty());
        assertThat(level.latencyHistogram()).isEmpty();
        assertThat(level.tokens().perSecond()).isEmpty();
        assertThat(level.valid()).isTrue();
    }

    @Test
    void anApiKeyInTheToolsHeadersIsNotImported() {
        assertThat(ResultsFile.json(imported(sample(EMBEDDINGS + JSON)))).doesNotContain("nvapi", "Authorization");
    }

    @Test
    void aRankingsQueryIsAsLongAsItsPassages() {
        LevelResults level = imported(sample(RANKINGS + JSON)).levels().get(0);
        assertThat(level.point()).isEqualTo(new LoadPoint(Workload.RERANKING, 512, 512, 10, 3));
        assertThat(level.throughput().requestsPerSecond())
                .as("written as text by some versions")
                .hasValue(41.75);
    }

    @Test
    void theCsvHasConcurrencyAndEndpointInItsDirectorysNameAndTheRestFromTheUser() {
        LevelResults level = imported(
                        sample(EMBEDDINGS + CSV), "--workload", "passage", "--tokens", "300", "--items", "64")
                .levels()
                .get(0);
        assertThat(level.name()).isEqualTo("passage 300 c=5 (64 texts)");
        assertThat(level.latency().avg()).hasValue(145.8);
        assertThat(level.percentile(Percentile.P99))
                .as("with the comma of thousands")
                .hasValue(1234.57);
        assertThat(level.latency().std()).as("not in the CSV").isEmpty();
        assertThat(level.throughput().requestsPerSecond()).hasValue(34.28);
        assertThat(level.requests().count()).isEqualTo(689);
    }

    @Test
    void aRankingsCsvNeedsTheQuerysTokens() {
        LevelResults level = imported(
                        sample(RANKINGS + CSV), "--tokens", "512", "--items", "10", "--query-tokens", "512")
                .levels()
                .get(0);
        assertThat(level.name()).isEqualTo("rerank 10p c=3 (512+512 tokens)");
    }

    @Test
    void theNestedConfigurationOfLaterVersionsIsReadToo() {
        assertThat(imported(sample("genai-perf-nested")).levels())
                .extracting(LevelResults::name)
                .containsExactly("query 20 c=5 (1 text)");
    }

    @Test
    void aiperfCountsItsFailedRequestsWhichMakesTheLevelNotValid() {
        RunResults run = imported(sample("aiperf"));
        assertThat(run.info().tool()).isEqualTo("aiperf 0.3.0");
        assertThat(run.info().started())
                .isEqualTo(LocalDateTime.parse("2026-11-20T09:30:00.123456")
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
        LevelResults level = run.levels().get(0);
        assertThat(level.name()).isEqualTo("query 20 c=5 (1 text)");
        assertThat(level.requests().count()).isEqualTo(10_000);
        assertThat(level.requests().errors()).isEqualTo(10);
        assertThat(level.validity().reasons()).containsExactly("10 of 10000 requests failed");
    }

    @Test
    void uncountedFailuresOfGenaiPerfsJsonAreNoted() {
        assertThat(imported(sample(EMBEDDINGS + JSON)).info().notes()).contains(ERRORS_NOT_KNOWN);
    }

    @Test
    void uncountedFailuresOfGenaiPerfsCsvAreNoted() {
        assertThat(imported(sample(EMBEDDINGS + CSV), "--workload", "passage", "--tokens", "300", "--items", "64")
                        .info()
                        .notes())
                .contains(ERRORS_NOT_KNOWN);
    }

    @Test
    void aLevelWhoseRequestsAllFailedIsNotValidAndHasNoLatencies() throws IOException {
        RunResults run = imported(aiperf(
                "(?s)\"request_throughput\".*\"error_request_count\": \\{\"unit\": \"requests\", \"avg\": 10.0",
                "\"error_request_count\": {\"unit\": \"requests\", \"avg\": 400.0"));
        LevelResults level = run.levels().get(0);
        assertThat(level.requests().count()).isEqualTo(400);
        assertThat(level.requests().errors()).isEqualTo(400);
        assertThat(level.validity().reasons()).containsExactly("400 of 400 requests failed");
        assertThat(level.latency().avg()).isEmpty();
        assertThat(level.percentile(Percentile.P50)).isEmpty();
        assertThat(level.throughput().requestsPerSecond()).isEmpty();
        assertThat(ReportPage.html(run)).contains("400 of 400 requests failed");
    }

    @Test
    void aiperfWithNeitherLatenciesNorFailuresIsRefused() throws IOException {
        assertThat(refused(aiperf("\"request_latency\"", "\"other\"", "\"error_request_count\": .*", "")))
                .contains("has no request_latency");
    }

    @Test
    void aiperfLeavesTheCountOutWhereItIs0() throws IOException {
        RunResults run = imported(aiperf("\"error_request_count\": .*", ""));
        assertThat(run.info().notes()).doesNotContain(ERRORS_NOT_KNOWN);
        assertThat(run.levels().get(0).requests().count()).isEqualTo(9990);
        assertThat(run.levels().get(0).requests().errors()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"was_cancelled\": true|the run was cancelled",
                "\"was_cancelled\": true, \"is_complete\": false|the run was cancelled",
                "\"was_cancelled\": false, \"is_complete\": false|the run is not complete",
                "\"is_complete\": false, \"incomplete_reason\": \"grace period\\nexceeded\""
                        + "|the run is not complete: grace period exceeded",
                "\"is_complete\": true, \"incomplete_reason\": null|",
                "\"was_cancelled\": null|"
            })
    void anAiperfRunThatEndedEarlyIsNotCompleteAndItsLevelNotValid(String flags, String reason) throws IOException {
        RunResults run = imported(aiperf("\"was_cancelled\": false", flags, "\"error_request_count\": .*", ""));
        assertThat(run.complete()).isEqualTo(reason == null);
        assertThat(run.levels().get(0).valid()).isEqualTo(reason == null);
        assertThat(run.levels().get(0).validity().reasons()).isEqualTo(reason == null ? List.of() : List.of(reason));
    }

    @Test
    void aiperfsTextsPerRequestAreNotTheItemsOfARanking() throws IOException {
        String file = aiperf("\"type\": \"embeddings\"", "\"type\": \"nim_rankings\"");
        assertThat(refused(file, "--query-tokens", "20"))
                .isEqualTo(file + " does not say how many texts or passages a request holds; add e.g. --items 64");
    }

    @ParameterizedTest
    @CsvSource({"profile_export_aiperf.csv, ''", "mine.csv, 'Error Request Count,400'"})
    void aiperfsCsvIsRefusedForItsJson(String name, String row) throws IOException {
        Path file =
                Files.writeString(directory.resolve(name), Files.readString(Path.of(sample(EMBEDDINGS + CSV))) + row);
        assertThat(refused(
                        file.toString(),
                        "--workload",
                        "passage",
                        "--tokens",
                        "300",
                        "--items",
                        "64",
                        "--concurrency",
                        "5"))
                .isEqualTo(file + " is AIPerf's CSV, which does not say whether the run was cancelled; give the"
                        + " profile_export_aiperf.json next to it");
    }

    @Test
    void aLevelWithoutARequestIsNotValid() throws IOException {
        Path file = Files.createDirectory(directory.resolve(EMBEDDINGS)).resolve("x_genai_perf.csv");
        Files.writeString(
                file, Files.readString(Path.of(sample(EMBEDDINGS + CSV))).replace("689.00", "0.00"));
        LevelResults level = imported(file.toString(), "--workload", "passage", "--tokens", "300", "--items", "64")
                .levels()
                .get(0);
        assertThat(level.valid()).isFalse();
        assertThat(level.validity().reasons()).containsExactly("no request was answered");
        assertThat(level.latency()).isEqualTo(Latency.UNKNOWN);
        assertThat(level.throughput().requestsPerSecond()).isEmpty();
        assertThat(level.throughput().itemsPerSecond()).isEmpty();
    }

    /** p50 needs 2 requests, p90 10, p95 20 and p99 100, as in levels that nimload measures. */
    @ParameterizedTest
    @CsvSource({"1, 0, false", "2, 1, false", "10, 2, false", "20, 3, false", "99, 3, false", "100, 4, true"})
    void aPercentileThatTheSampleSizeDoesNotSupportIsLeftOut(int requests, int percentiles, boolean valid)
            throws IOException {
        LevelResults level = imported(aiperf("9990.0", requests + ".0", "\"error_request_count\": .*", ""))
                .levels()
                .get(0);
        assertThat(level.latency().percentiles().keySet())
                .containsExactlyElementsOf(
                        Stream.of(Percentile.values()).limit(percentiles).toList());
        assertThat(level.latency().max()).hasValue(22);
        assertThat(level.throughput().requestsPerSecond()).hasValue(498.125);
        assertThat(level.validity().reasons())
                .isEqualTo(valid ? List.of() : List.of("too few samples for p99: " + requests + " of 100"));
    }

    @Test
    void thePageOfAnImportedRunClaimsNothingThatOnlyHoldsForNimloadsRuns() {
        assertThat(ReportPage.html(imported(sample(EMBEDDINGS + JSON))))
                .contains("The files of genai-perf report no failures; nimload did not check the answers.")
                .contains("<dt>settings</dt><dd>not recorded</dd>")
                .contains("<dt>versions</dt><dd>not recorded</dd>")
                .doesNotContain("Every level is valid", "all at their defaults", "Gatling");
    }

    @Test
    void aDirectoryIsSearchedAndTheJsonPreferred() throws IOException {
        for (String level : List.of(EMBEDDINGS, RANKINGS)) {
            Path target = Files.createDirectories(directory.resolve("artifacts").resolve(level));
            for (String file : List.of(JSON, CSV)) {
                Files.copy(Path.of(sample(level + file)), target.resolve(file.substring(1)));
            }
        }
        RunResults run = imported(directory.resolve("artifacts").toString());
        assertThat(run.levels())
                .extracting(LevelResults::workload)
                .containsExactly(Workload.PASSAGE, Workload.RERANKING);
        assertThat(run.levels().get(0).latency().std()).hasValue(7.25);
        assertThat(out.toString()).contains("2 levels of genai-perf: ");
    }

    @Test
    void aDirectoryIsSearchedThroughLinksToItAndInItAndNoFileReadTwice() throws IOException {
        Path artifacts = Files.createDirectory(directory.resolve("artifacts"));
        Path level = Files.createDirectory(directory.resolve("level"));
        Files.copy(Path.of(sample(EMBEDDINGS + JSON)), level.resolve("x_genai_perf.json"));
        Files.createSymbolicLink(artifacts.resolve("c5"), level);
        Files.createSymbolicLink(artifacts.resolve("latest"), artifacts.resolve("c5"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), artifacts);
        assertThat(imported(link.toString()).levels()).hasSize(1);
    }

    @Test
    void aDirectoryThatCannotBeSearchedIsRefusedInOneLine() throws IOException {
        Path artifacts = Files.createDirectory(directory.resolve("artifacts"));
        Path loop = Files.createSymbolicLink(artifacts.resolve("loop"), artifacts);
        assertThat(refused(artifacts.toString()))
                .isEqualTo(artifacts + " cannot be read (java.nio.file.FileSystemLoopException: " + loop
                        + "); give a readable file or directory");
    }

    /** As {@code import /} would: the root has no name. */
    @Test
    void aFileSystemIsSearchedFromItsRoot() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("x.zip"), Map.of("create", "true"))) {
            Files.copy(Path.of(sample(EMBEDDINGS + JSON)), zip.getPath("/x_genai_perf.json"));
            ImportOptions root = new ImportOptions(
                    List.of(zip.getPath("/")),
                    Optional.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    false,
                    directory.resolve("results"));
            Import.run(root, CLOCK, new PrintWriter(out, true));
        }
        assertThat(out.toString()).contains("1 level of genai-perf");
    }

    @Test
    void theNotesExplainWhatNimloadMeasuresDifferently() {
        assertThat(String.join(" ", imported(sample(EMBEDDINGS + JSON)).info().notes()))
                .contains("nimload sent none of these requests and checked no answer")
                .contains("Percentiles are interpolated between two requests, as numpy does")
                .contains("nearest rank")
                .contains("no intervals");
    }

    @Test
    void aRunOfTheEmbeddedNimIsMarked() {
        RunResults run = imported(sample(EMBEDDINGS + JSON), "--emulated");
        assertThat(run.info().emulated()).isTrue();
        assertThat(run.info().notes()).anyMatch(note -> note.contains("not a measurement of NVIDIA's NIM"));
    }

    @Test
    void optionsOverrideTheFile() {
        assertThat(imported(sample(EMBEDDINGS + JSON), "--tokens", "310", "--workload", "query")
                        .levels())
                .extracting(LevelResults::name)
                .containsExactly("query 310 c=5 (64 texts)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tokens 300 --items 64|whether its texts are queries or passages; add e.g. --workload query",
                "--workload passage --items 64|how many tokens its texts have; add e.g. --tokens 300",
                "--workload passage --tokens 300|how many texts or passages a request holds; add e.g. --items 64",
                "--workload reranking --tokens 300 --items 64|how many tokens its query has; add e.g. --query-tokens 512"
            })
    void aMissingValueIsRefusedWithTheOptionThatGivesIt(String options, String asked) {
        String file = sample(EMBEDDINGS + CSV);
        assertThat(refused(Stream.concat(Stream.of(file), Stream.of(options.split(" ")))
                        .toArray(String[]::new)))
                .isEqualTo(file + " does not say " + asked);
    }

    @Test
    void concurrencyIsAskedForWhereNoDirectoryNamesIt() throws IOException {
        Path file = Files.copy(Path.of(sample(EMBEDDINGS + CSV)), directory.resolve("x_genai_perf.csv"));
        assertThat(refused(file.toString(), "--workload", "passage", "--tokens", "300", "--items", "64"))
                .isEqualTo(file + " does not say its concurrency; add e.g. --concurrency 5");
    }

    @Test
    void textsFromAFileHaveNoSyntheticLength() throws IOException {
        Path file = directory.resolve("x_genai_perf.json");
        Files.writeString(
                file,
                Files.readString(Path.of(sample(EMBEDDINGS + JSON)))
                        .replace("\"prompt_source\": \"synthetic\"", "\"prompt_source\": \"file\""));
        assertThat(refused(file.toString())).contains("how many tokens its texts have");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x_genai_perf.json|{\"a\":1}|has no request_latency",
                "x_genai_perf.json|nonsense|is not JSON",
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"fortnights\"}}|times in fortnights",
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"ms\",\"p50\":\"fast\"}}|p50=fast is not a number",
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"ms\",\"p50\":-1}}|p50=-1 is not a number",
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"ms\",\"p50\":1}}|has no request_count",
                "x_genai_perf.csv|a,b,c|has no row \"Request Latency (ms)\"",
                "x_genai_perf.csv|\"a|is not CSV"
            })
    void malformedFilesAreRefusedInOneLine(String name, String content, String message) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        assertThat(refused(file.toString()))
                .contains(file.toString())
                .contains(message)
                .doesNotContain("\n");
    }

    @Test
    void whatCannotBeOneRunIsRefused() {
        assertThat(refused(sample("aiperf"), sample("genai-perf-nested"))).contains("import them one after the other");
        assertThat(refused(sample("genai-perf-nested"), sample("genai-perf-nested")))
                .contains("are the same level (query, 20 tokens, 1 text, concurrency 5)");
        assertThat(refused(directory.toString())).contains("holds no profile_export_genai_perf.json");
        assertThat(refused(2, directory.resolve("none.json").toString()))
                .startsWith("PATH " + directory.resolve("none.json") + ": does not exist");
    }

    /** The sample, and the same at concurrency 7 with something else. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nvidia/nv-embedqa-e5-v5|nvidia/other|model nvidia_nv-embedqa-e5-v5|nvidia_other",
                "http://10.0.0.5|http://10.0.0.6|URL http://10.0.0.5:8000|http://10.0.0.6:8000",
                "query\"]|query\"], [\"truncate\", \"NONE\"]||",
                "nv-embedqa-e5-v5|nv-embedqa-e5-v5-query||",
                "nvidia/nv-embedqa-e5-v5|nvidia_nv-embedqa-e5-v5||",
            })
    void levelsOfSeveralNimsAreNotOneRun(String text, String other, String one, String two) throws IOException {
        String file = sample("aiperf/profile_export_aiperf.json");
        String second = aiperf(text, other, "\"concurrency\": 5", "\"concurrency\": 7");
        if (one == null) {
            assertThat(imported(file, second).levels()).hasSize(2);
        } else {
            assertThat(refused(file, second))
                    .isEqualTo(file + " has " + one + " and " + second + " " + two
                            + "; import them one after the other, as separate runs");
        }
    }

    @Test
    void levelsOfSeveralSettingsAreNotOneRun() throws IOException {
        String json = Files.readString(Path.of(sample(EMBEDDINGS + JSON)));
        Path second = Files.writeString(
                directory.resolve("x_genai_perf.json"),
                json.replace("\"END\"", "\"NONE\"").replace("\"concurrency\": 5", "\"concurrency\": 7"));
        assertThat(refused(sample(EMBEDDINGS + JSON), second.toString()))
                .contains(" has truncate END and " + second + " NONE; import them one after the other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--token 5|--token: unknown option; did you mean --tokens?",
                "--tokens many|--tokens many: not a whole number from 1 to 999999",
                "--items 0|--items 0: not a whole number from 1 to 999999",
                "--query-tokens 1000000|--query-tokens 1000000: not a whole number from 1 to 999999",
                "--concurrency|Expected parameter for option '--concurrency' but found '--out'",
                "--workload rerank|--workload rerank: expected one of [QUERY, PASSAGE, RERANKING] (case-insensitive) but was 'rerank'"
            })
    void wrongOptionsAreRefusedInOneLine(String options, String message) {
        assertThat(refused(
                        2,
                        Stream.concat(Stream.of(sample(EMBEDDINGS + JSON)), Stream.of(options.split(" ")))
                                .toArray(String[]::new)))
                .isEqualTo(message + " (help: mvn compile exec:java@import -Dexec.args=--help)");
    }
}
