package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import nimload.CommandLineTool;
import nimload.nim.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private String run(String name, MadeRun run) throws IOException {
        Path path = Files.createDirectories(directory.resolve(name));
        Files.writeString(path.resolve("results.json"), run.json());
        return path.toString();
    }

    private int execute(String... args) {
        return CommandLineTool.of(new Compare())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private String compare(String... args) {
        assertThat(execute(args)).as(err.toString()).isZero();
        return out.toString();
    }

    /** The one line on the error stream. */
    private String refused(int exitCode, String... args) {
        err.getBuffer().setLength(0);
        assertThat(execute(args)).isEqualTo(exitCode);
        assertThat(err.toString().lines()).hasSize(1);
        return err.toString();
    }

    @Test
    void aTableOnTheConsoleAndTwoFilesBesideTheLastRun() throws IOException {
        String a = run("a", new MadeRun("a").query(5).closed(10));
        String b = run("b", new MadeRun("b").query(5).closed(12));
        assertThat(compare(a, b))
                .contains("b against a (baseline): 1 slower\n")
                .contains("10.00 → 12.00  +20.0 % (+16.4 … +23.7 %)")
                .contains("compared: " + directory.resolve("b").resolve("compare.html"));
        JsonNode json = Json.MAPPER.readTree(
                directory.resolve("b").resolve("comparison.json").toFile());
        assertThat(json.at("/runs/0/levels/0/verdict").textValue()).isEqualTo("slower");
        assertThat(json.at("/runs/0/levels/0/metrics/1/ratio").doubleValue()).isEqualTo(12.0 / 10);
        assertThat(directory.resolve("a").resolve("compare.html")).doesNotExist();
    }

    @Test
    void thePageHoldsCurvesTablesAndNoTextOfOthersAsHtml() throws IOException {
        String hostile = "<script>alert(1)</script>";
        String a = run("a", new MadeRun("a").query(5).closed(10));
        String b = run(
                "b",
                new MadeRun(hostile)
                        .about("release", hostile)
                        .query(5)
                        .closed(12)
                        .query(7)
                        .closed(14));
        compare(a, b);
        String page = Files.readString(directory.resolve("b").resolve("compare.html"));
        assertThat(page)
                .contains("<p class=\"outcome\">1 slower; not compared: 1 only in the run</p>")
                .contains("id=\"shape0-latency\"")
                .contains("\"p50\":{\"value\":14.0,\"low\":13.9")
                .contains("Only in this run: query, 20 tokens, 1 text, concurrency 7.")
                .contains("What differs in the set-up")
                .doesNotContain(hostile);
    }

    @Test
    void filesMayGoElsewhere() throws IOException {
        String a = run("a", new MadeRun("a").query(5).closed(10));
        compare(a, a + "/results.json", "--out", directory.resolve("x/y").toString());
        assertThat(directory.resolve("x/y/compare.html")).exists();
        assertThat(directory.resolve("a/compare.html")).doesNotExist();
    }

    @Test
    void filesMayGoWhereALinkPoints() throws IOException {
        String a = run("a", new MadeRun("a").query(5).closed(10));
        Path latest = Files.createSymbolicLink(directory.resolve("latest"), Path.of("a"));
        compare(a, latest.toString());
        assertThat(directory.resolve("a/compare.html")).exists();
    }

    @Test
    void latestIsTheRunThatItNamesWhereItIsAFile() throws IOException {
        String a = run("a", new MadeRun("a").query(5).closed(10));
        run("20261122-150000", new MadeRun("b").query(5).closed(12));
        Path latest = Files.writeString(directory.resolve("latest"), "20261122-150000\n");
        assertThat(compare(a, latest.toString())).contains("b against a (baseline)");
        assertThat(directory.resolve("20261122-150000/compare.html")).exists();
    }

    @Test
    void unlikeRunsAreRefusedUnlessToldTo() throws IOException {
        String a = run("a", new MadeRun("a").query(5).closed(10));
        String b = run("b", new MadeRun("b").emulated().query(5).closed(12));
        assertThat(refused(1, a, b))
                .contains("made with a real NIM, the run with the embedded NIM")
                .endsWith("add --allow-different" + System.lineSeparator());
        assertThat(directory.resolve("b/compare.html")).doesNotExist();
        assertThat(compare("--allow-different", a, b))
                .contains("WARNING: this compares runs of the embedded NIM with runs of a real NIM.");
    }

    @Test
    void whatIsNotThereOrNoRunIsRefusedInOneLine() throws IOException {
        String a = run("a", new MadeRun("a").query(5).closed(10));
        Path broken = Files.writeString(directory.resolve("broken.json"), "{");
        assertThat(refused(1, a, broken.toString())).contains("is not a nimload results.json");
        assertThat(refused(2, a, directory.resolve("none").toString()))
                .startsWith("✗ RUN " + directory.resolve("none") + ": does not exist");
        assertThat(refused(2, a, a, directory.resolve("none").toString()))
                .startsWith("✗ RUN " + directory.resolve("none") + ": does not exist");
        assertThat(refused(2, a)).startsWith("✗ Missing required parameter: 'RUN' (help: ");
        assertThat(refused(2, a, a, "--different"))
                .startsWith("✗ --different: unknown option; did you mean --allow-different?");
        assertThat(refused(2, a, a, "--out")).startsWith("✗ Missing required parameter for option '--out' (DIR)");
    }

    @Test
    void optionsMayStandBetweenTheRunsAndMoreThanTwoAreAHistoryInTheOrderOfTime() throws IOException {
        String b = run(
                "b", new MadeRun("b").started("2026-11-22T16:00:00Z").query(5).closed(12));
        String a = run(
                "a", new MadeRun("a").started("2026-11-22T15:00:00Z").query(5).closed(10));
        String c = run(
                "c", new MadeRun("c").started("2026-11-22T17:00:00Z").query(5).closed(12));
        Path into = directory.resolve("x");
        assertThat(compare(b, "--allow-different", a, "--out", into.toString(), c))
                .startsWith("  1  a\n  2  b\n  3  c\nrun 3 against run 2: 1 no difference shown\n"
                        + "run 3 against run 1: 1 slower\n")
                .contains("history: " + into.resolve("history.html"));
        assertThat(into.resolve("history.html"))
                .content()
                .contains("<p class=\"outcome\">run 3 against run 1: 1 slower</p>");
        assertThat(into.resolve("compare.html")).doesNotExist();
    }

    @Test
    void runsThatWereNamedMustBeAlikeInAHistoryToo() throws IOException {
        String a = run("a", new MadeRun("a").query(5).closed(10));
        String b = run("b", new MadeRun("b").emulated().query(5).closed(12));
        assertThat(refused(1, a, a, b)).contains("a and b are not comparable: the baseline was made with a real NIM");
        assertThat(compare("--allow-different", a, a, b)).contains("history: ");
    }

    @Test
    void aDirectoryOfRunsIsAHistoryOfItsCompleteOnesEachOnce() throws IOException {
        run("20261122-150000", new MadeRun("20261122-150000").query(5).closed(10));
        run("20261122-160000", new MadeRun("20261122-160000").query(5).closed(12));
        run(
                "20261122-170000",
                new MadeRun("20261122-170000").notComplete().query(5).closed(50));
        Files.writeString(Files.createDirectory(directory.resolve("broken")).resolve("results.json"), "{");
        Files.createDirectory(directory.resolve("empty"));
        Files.createSymbolicLink(directory.resolve("latest"), Path.of("20261122-160000"));
        assertThat(compare(directory.toString()))
                .startsWith("skipped: 20261122-170000 is not complete: levels lack repeats, or were broken off\n"
                        + "skipped: broken cannot be read: ")
                .contains("skipped: empty has no results.json\n"
                        + "  1  20261122-150000\n  2  20261122-160000\nrun 2 against run 1: 1 slower\n");
        assertThat(directory.resolve("history.html"))
                .content()
                .contains("<li>Skipped: empty has no results.json.</li>");
    }

    @Test
    void unlikeRunsOfADirectoryAreKeptApartWithTheReason() throws IOException {
        run("a", new MadeRun("a").query(5).closed(10));
        run("b", new MadeRun("b").emulated().query(5).closed(12));
        run("c", new MadeRun("c").model("nvidia/other").query(5).closed(12));
        run("d", new MadeRun("d").query(5).closed(10));
        assertThat(compare(directory.toString()))
                .contains("Group 1 of 3\n  1  a\n  2  d\n")
                .contains(
                        "Group 2 of 3, not mixed with group 1: the baseline was made with a real NIM, the run with the"
                                + " embedded NIM\n  1  b\n1 run: nothing to compare it with\n")
                .contains("Group 3 of 3, not mixed with group 1: embedding.model was nvidia/nv-embedqa-e5-v5 and is"
                        + " nvidia/other\n");
    }

    @Test
    void aDirectoryWithoutACompleteRunFailsAndNamesWhatIsInIt() throws IOException {
        run("a", new MadeRun("a").notComplete().query(5).closed(10));
        assertThat(refused(1, directory.toString()))
                .isEqualTo("✗ " + directory
                        + " holds no complete run (a is not complete: levels lack repeats, or were broken"
                        + " off); give a directory with runs, e.g. nim-results" + System.lineSeparator());
    }

    @Test
    void pagesOfTheRunsAreLinkedWhereThereAreAny() throws IOException {
        String a = run("a run", new MadeRun("a").query(5).closed(10));
        String b = run("b", new MadeRun("b").label("second <b>").query(5).closed(12));
        Files.writeString(directory.resolve("a run/report.html"), "");
        compare(a, b);
        assertThat(directory.resolve("b/compare.html"))
                .content()
                .contains("<a href=\"../a%20run/report.html\">a</a>")
                .contains("<dd>second &lt;b&gt; <small>b, nimload 0.1.0</small></dd>");
    }
}
