package nimload.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
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
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.page.ReportPage;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files in the formats that the tools' own sources write, made by hand. */
class ImportTest {
    private static final String EMBEDDINGS = "nvidia_nv-embedqa-e5-v5-openai-embeddings-concurrency5";
    private static final String RANKINGS = "nvidia_llama-3.2-nv-rerankqa-1b-v2-openai-rankings-concurrency3";
    private static final String JSON = "/profile_export_genai_perf.json";
    private static final String CSV = "/profile_export_genai_perf.csv";
    private static final String ERRORS_NOT_KNOWN =
            "The files do not count failed requests: 0 errors stands for not known.";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T15:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static String sample(String name) {
        try {
            return Path.of(ImportTest.class
                            .getResource("/nimload/imports/" + name)
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** AIPerf's sample, of which each second text stands in the place of the regular expression before it. */
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
        assertThat(run.tool()).isEqualTo("genai-perf");
        assertThat(run.emulated()).isFalse();
        assertThat(run.complete()).isTrue();
        assertThat(run.effective()).containsEntry("truncate", "END").containsEntry("encodingFormat", "float");
        assertThat(run.targets().get("embedding").model()).isEqualTo("nvidia/nv-embedqa-e5-v5");
        assertThat(run.targets().get("embedding").url()).isEqualTo("http://10.0.0.5:8000");
        LevelResults level = run.levels().get(0);
        assertThat(level.name()).isEqualTo("passage 300 c=5 (64 texts)");
        assertThat(level.requests()).isEqualTo(689);
        assertThat(level.latencyMs().avg()).hasValue(145.802);
        assertThat(level.latencyMs().p50()).hasValue(145.611);
        assertThat(level.latencyMs().p95()).hasValue(1160.75);
        assertThat(level.latencyMs().p99()).hasValue(1234.568);
        assertThat(level.latencyMs().max()).hasValue(1302);
        assertThat(level.latencyMs().p999()).isEmpty();
        assertThat(level.requestsPerSecond()).hasValue(34.281);
        assertThat(level.itemsPerSecond().orElseThrow()).isEqualTo(34.281 * 64);
        assertThat(level.intervals()).isEmpty();
        assertThat(level.latencyHistogram()).isEmpty();
        assertThat(level.tokensPerSecond()).isEmpty();
        assertThat(level.valid()).isTrue();
    }

    @Test
    void aKeyInTheToolsHeadersIsNotTakenOver() {
        assertThat(ResultsFile.json(imported(sample(EMBEDDINGS + JSON)))).doesNotContain("nvapi", "Authorization");
    }

    @Test
    void aRankingsQueryIsAsLongAsItsPassages() {
        LevelResults level = imported(sample(RANKINGS + JSON)).levels().get(0);
        assertThat(level.workload()).isEqualTo("reranking");
        assertThat(level.inputTokens()).isEqualTo(512);
        assertThat(level.queryTokens()).isEqualTo(OptionalInt.of(512));
        assertThat(level.itemsPerRequest()).isEqualTo(10);
        assertThat(level.concurrency()).isEqualTo(3);
        assertThat(level.requestsPerSecond())
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
        assertThat(level.latencyMs().avg()).hasValue(145.8);
        assertThat(level.latencyMs().p99()).as("with the comma of thousands").hasValue(1234.57);
        assertThat(level.latencyMs().std()).as("not in the CSV").isEmpty();
        assertThat(level.requestsPerSecond()).hasValue(34.28);
        assertThat(level.requests()).isEqualTo(689);
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
        assertThat(run.tool()).isEqualTo("aiperf 0.3.0");
        assertThat(run.started())
                .isEqualTo(LocalDateTime.parse("2026-11-20T09:30:00.123456")
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
        LevelResults level = run.levels().get(0);
        assertThat(level.name()).isEqualTo("query 20 c=5 (1 text)");
        assertThat(level.requests()).isEqualTo(10_000);
        assertThat(level.errors()).isEqualTo(10);
        assertThat(level.reasons()).containsExactly("10 of 10000 requests failed");
    }

    @Test
    void failuresThatGenaiPerfDoesNotCountAreSaidNotToBeKnown() {
        assertThat(imported(sample(EMBEDDINGS + JSON)).notes()).contains(ERRORS_NOT_KNOWN);
    }

    @Test
    void norAreThoseOfItsCsv() {
        assertThat(imported(sample(EMBEDDINGS + CSV), "--workload", "passage", "--tokens", "300", "--items", "64")
                        .notes())
                .contains(ERRORS_NOT_KNOWN);
    }

    @Test
    void aLevelAllOfWhichFailedIsNotValidAndHasNoLatencies() throws IOException {
        RunResults run = imported(aiperf(
                "(?s)\"request_throughput\".*\"error_request_count\": \\{\"unit\": \"requests\", \"avg\": 10.0",
                "\"error_request_count\": {\"unit\": \"requests\", \"avg\": 400.0"));
        LevelResults level = run.levels().get(0);
        assertThat(level.requests()).isEqualTo(400);
        assertThat(level.errors()).isEqualTo(400);
        assertThat(level.reasons()).containsExactly("400 of 400 requests failed");
        assertThat(level.latencyMs().avg()).isEmpty();
        assertThat(level.latencyMs().p50()).isEmpty();
        assertThat(level.requestsPerSecond()).isEmpty();
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
        assertThat(run.notes()).doesNotContain(ERRORS_NOT_KNOWN);
        assertThat(run.levels().get(0).requests()).isEqualTo(9990);
        assertThat(run.levels().get(0).errors()).isZero();
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
    void aRunThatAiperfBrokeOffIsNotCompleteAndItsLevelNotValid(String flags, String reason) throws IOException {
        RunResults run = imported(aiperf("\"was_cancelled\": false", flags, "\"error_request_count\": .*", ""));
        assertThat(run.complete()).isEqualTo(reason == null);
        assertThat(run.levels().get(0).valid()).isEqualTo(reason == null);
        assertThat(run.levels().get(0).reasons()).isEqualTo(reason == null ? List.of() : List.of(reason));
    }

    @Test
    void aiperfsTextsARequestAreNotTheItemsOfARanking() throws IOException {
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
                        + " profile_export_aiperf.json beside it");
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
        assertThat(level.reasons()).containsExactly("no request was answered");
        OptionalDouble unknown = OptionalDouble.empty();
        assertThat(level.latencyMs())
                .isEqualTo(
                        new Latency(unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown));
        assertThat(level.requestsPerSecond()).isEmpty();
        assertThat(level.itemsPerSecond()).isEmpty();
    }

    /** p50 needs 2 requests, p90 10, p95 20 and p99 100, as in nimload's own levels. */
    @ParameterizedTest
    @CsvSource({"1, 0, false", "2, 1, false", "10, 2, false", "20, 3, false", "99, 3, false", "100, 4, true"})
    void aPercentileThatTheRequestsDoNotCarryIsLeftOut(int requests, int percentiles, boolean valid)
            throws IOException {
        LevelResults level = imported(aiperf("9990.0", requests + ".0", "\"error_request_count\": .*", ""))
                .levels()
                .get(0);
        assertThat(Stream.of(
                                level.latencyMs().p50(),
                                level.latencyMs().p90(),
                                level.latencyMs().p95(),
                                level.latencyMs().p99())
                        .map(OptionalDouble::isPresent))
                .isEqualTo(Stream.of(0, 1, 2, 3).map(i -> i < percentiles).toList());
        assertThat(level.latencyMs().max()).hasValue(22);
        assertThat(level.requestsPerSecond()).hasValue(498.125);
        assertThat(level.reasons())
                .isEqualTo(valid ? List.of() : List.of("too few samples for p99: " + requests + " of 100"));
    }

    @Test
    void thePageOfAnImportedRunSaysNothingThatHoldsForNimloadsOwnAlone() {
        assertThat(ReportPage.html(imported(sample(EMBEDDINGS + JSON))))
                .contains("As far as the files of genai-perf say, no level had failures; nimload checked no answer.")
                .contains("<dt>settings</dt><dd>not recorded</dd>")
                .contains("<dt>versions</dt><dd>not recorded</dd>")
                .doesNotContain("nothing speaks against", "all at their defaults", "Gatling");
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
        assertThat(run.levels()).extracting(LevelResults::workload).containsExactly("passage", "reranking");
        assertThat(run.levels().get(0).latencyMs().std()).isEqualTo(OptionalDouble.of(7.25));
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
                        + "); give a file or directory that can");
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
    void unitsAndPercentilesAreReconciledInTheNotes() {
        assertThat(String.join(" ", imported(sample(EMBEDDINGS + JSON)).notes()))
                .contains("nimload sent none of these requests and checked no answer")
                .contains("Latencies are in ms, percentiles interpolated between two requests")
                .contains("nearest rank")
                .contains("no intervals");
    }

    @Test
    void whatTheEmbeddedNimAnsweredIsSaidToBe() {
        RunResults run = imported(sample(EMBEDDINGS + JSON), "--emulated");
        assertThat(run.emulated()).isTrue();
        assertThat(run.notes()).anyMatch(note -> note.contains("no result of NVIDIA's NIM"));
    }

    @Test
    void whatTheUserSaysStandsAboveTheFile() {
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
    void whatNobodySaysIsAskedForByItsOption(String options, String asked) {
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
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"fortnights\"}}|request latency in fortnights",
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"ms\",\"p50\":\"fast\"}}|p50=fast is not a number",
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"ms\",\"p50\":-1}}|p50=-1 is not a number",
                "x_genai_perf.json|{\"request_latency\":{\"unit\":\"ms\",\"p50\":1}}|has no request_count",
                "x_genai_perf.csv|a,b,c|has no row \"Request Latency (ms)\"",
                "x_genai_perf.csv|\"a|is not CSV"
            })
    void filesThatAreNoneAreRefusedInOneLine(String name, String content, String message) throws IOException {
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
                            + "; import them one after the other, into runs of their own");
        }
    }

    @Test
    void norAreLevelsOfSeveralSettings() throws IOException {
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
