package nimload.exports;

import static nimload.exports.MachineRuns.level;
import static nimload.exports.MachineRuns.limit;
import static nimload.exports.MachineRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;

class SummaryMarkdownTest {
    private static final String CUT = "client-limited: busy";

    @Test
    void theFirstLinesAreTheRunItsVerdictASentenceAndARowPerShape() {
        String text = SummaryMarkdown.of(run(level(1).results(), level(3).results()));
        assertThat(text.lines().filter(line -> !line.isEmpty()).limit(6))
                .satisfiesExactly(
                        title -> assertThat(title).isEqualTo("## nimload `20261122-150000`"),
                        verdict -> assertThat(verdict).isEqualTo("✅ **All 2 levels may be quoted.**"),
                        sentence -> assertThat(sentence).startsWith("- This NIM embeds 1,202 queries/s with 3 users"),
                        head -> assertThat(head)
                                .isEqualTo("| Requests | p50 alone | Best rate | Users | p95 there | More users"
                                        + " | Quotable |"),
                        rule -> assertThat(rule).isEqualTo("| --- | ---: | ---: | ---: | ---: | --- | ---: |"),
                        row -> assertThat(row.replace('\u00a0', ' '))
                                .startsWith("| query, 20 tokens, 1 text | 2.500 ms | 1,202 queries/s | 3 | 3.125 ms | ")
                                .endsWith(" | 2 of 2 |"));
    }

    @Test
    void theEmbeddedNimIsNamedAboveEveryNumber() {
        RunResults run = MachineRuns.with(run(level(1).results()), true, Map.of(), Map.of());
        assertThat(SummaryMarkdown.of(run).lines().skip(2))
                .first()
                .isEqualTo("> ⚠️ **embedded NIM (twin of run x\\_1): not a measurement of NVIDIA's NIM.**");
    }

    @Test
    void theVerdictCountsWhatMayBeQuotedWhatFailedAndWhatIsMissing() {
        LevelResults good = level(1).results();
        LevelResults busy = level(3).notValid(CUT).results();
        LevelResults slow = level(5).results().withSlo(List.of(limit(3, 3.125)));
        assertThat(SummaryMarkdown.of(run(good))).contains("✅ **The only level may be quoted.**");
        assertThat(SummaryMarkdown.of(run(good, busy))).contains("⚠️ **1 of 2 levels may be quoted.**");
        assertThat(SummaryMarkdown.of(run(good, busy, slow)))
                .contains("❌ **2 of 3 levels may be quoted. 1 level failed.**")
                .contains("- ❌ **query, 20 tokens, 1 text, concurrency 5**: SLO not met: p95 3.125 ms \\> 3 ms\n");
        assertThat(SummaryMarkdown.of(Made.run(List.of(good), 3)))
                .contains("❌ **The only level may be quoted. Not complete: 1 of 3 levels have results.**");
        assertThat(SummaryMarkdown.of(Made.run(List.of(), 3)))
                .contains("❌ **No level has results. Not complete: 0 of 3 levels have results.**")
                .doesNotContain("| Requests");
    }

    @Test
    void theSameReasonOfManyLevelsIsOneFootnote() {
        String text = SummaryMarkdown.of(run(
                level(1).notValid(CUT).results(),
                level(3).notValid(CUT).notValid("silent").results()));
        assertThat(text)
                .containsOnlyOnce(CUT)
                .contains("- <sup>a</sup> " + CUT
                        + " (all 2 levels)\n- <sup>b</sup> silent (query, 20 tokens, 1 text, concurrency 3)\n");
        assertThat(text.lines().filter(line -> line.startsWith("| query") && line.contains("do not quote")))
                .satisfiesExactly(
                        one -> assertThat(one).endsWith("| ⚠️ do not quote<sup>a</sup> |"),
                        both -> assertThat(both).endsWith("| ⚠️ do not quote<sup>a,b</sup> |"));
    }

    @Test
    void aPriceAddsAColumn() {
        RunResults run = MachineRuns.with(run(level(1).results()), false, Map.of("nim.gpuHour", "2.50 EUR"), Map.of());
        assertThat(SummaryMarkdown.of(run))
                .contains("| Quotable | Cost |\n")
                .contains("| 1 of 1 | 577,000 texts per EUR |\n");
    }

    @Test
    void theComparisonAndTheProblemsOfTheRunAreInIt() {
        RunVerdict verdict = new RunVerdict(Map.of(), Optional.of("a ``` table\n  faster\n"), List.of("a_problem"));
        assertThat(SummaryMarkdown.of(run(level(1).results()), verdict))
                .contains("❌ **The only level may be quoted.**")
                .contains("- ❌ a\\_problem\n")
                .contains(
                        "<details><summary>Compared with the baseline</summary>\n\n````text\na ``` table\n  faster\n````\n");
    }

    @Test
    void anyTextStaysWhereItIsAndIsNoMarkup() {
        RunResults run = MachineRuns.with(
                run(level(1).notValid(MachineRuns.AWKWARD + "\n| b").results()),
                false,
                Map.of("nim.label", "`|` @all\n# d"),
                Map.of());
        assertThat(SummaryMarkdown.of(run))
                .startsWith("## nimload `` `|` @all # d `` `20261122-150000`\n")
                .contains("a \"b\" 'c' \\<d\\> \\& \\]\\]\\> \\| \\`e\\` \\*f\\* \\_g\\_ \\~h\\~ \\\\ \\$i\\$ @j \\#1"
                        + " \ufffd \ufffd \ufffd ü 🚀 \\| b (query, 20 tokens, 1 text, concurrency 1)\n");
    }
}
