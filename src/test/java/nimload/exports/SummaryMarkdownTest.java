package nimload.exports;

import static nimload.exports.MachineRuns.level;
import static nimload.exports.MachineRuns.limit;
import static nimload.exports.MachineRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.page.MadePipeline;
import nimload.page.MadeSearch;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.MadeSoak;
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
    void ofASearchTheFirstLinesAreItsAnswerAndWhatItMeans() {
        String text = SummaryMarkdown.of(MadeSearch.byRate());
        assertThat(text.lines().filter(line -> !line.isEmpty()).skip(1).limit(3))
                .satisfiesExactly(
                        verdict -> assertThat(verdict).startsWith("✅"),
                        sentence ->
                                assertThat(sentence).startsWith("- query, 20 tokens, 1 text: at least 96 and at most"),
                        meaning -> assertThat(meaning).contains("response time counts from the intended send"));
        assertThat(text).contains("| 110/s | 671.0 | 2,013 | 3,020 |").doesNotContain("Best rate");
        assertThat(SummaryMarkdown.of(MadeSearch.withoutAHeldStep())).contains("❌ **", "less than 98.4");
    }

    @Test
    void aSoakThatDidNotHoldFailsTheSummaryThoughItsLevelsMayBeQuoted() {
        RunResults run = run(level(1).results());
        String held = SummaryMarkdown.of(
                run.withSoak(Optional.of(new MadeSoak().slice(7).slice(8).of(2))));
        assertThat(held).contains("\n\n✅ **", "\n- The soak goes on, or was cut short: held: query p95 7.0 → 8.0 ms");
        String broke = SummaryMarkdown.of(run.withSoak(Optional.of(
                new MadeSoak().slice(7).slice(8, 1, Optional.empty()).of(2))));
        assertThat(broke)
                .contains("\n\n❌ **The only level may be quoted.**\n\n- The soak ", ": did not hold: query p95")
                .contains("- ❌ 1 error in slice 2 (03:01:00 to 03:02:00 UTC)");
        assertThat(SummaryMarkdown.of(run.withSoak(Optional.of(new MadeSoak()
                        .slice(7)
                        .slice(8, 0, Optional.of("a counter fell"))
                        .of(2)))))
                .contains("\n\n❌ **", "- ❌ restarted: embedding in slice 2");
        String cut = SummaryMarkdown.of(Made.run(List.of(), 1)
                .withSoak(Optional.of(new MadeSoak().slice(7).of(2))));
        assertThat(cut)
                .contains("\n\n❌ **", "- The soak goes on, or was cut short: held so far: ")
                .contains("- ❌ 1 of 2 slices finished");
        assertThat(SummaryMarkdown.of(Made.run(List.of(), 1).withSoak(Optional.of(new MadeSoak().of(2)))))
                .contains("- ❌ 0 of 2 slices finished")
                .doesNotContain("- The soak");
    }

    @Test
    void ofAPipelineTheFirstSentenceIsWhatIngestionAdds() {
        String text = SummaryMarkdown.of(MadePipeline.both());
        assertThat(text.lines().filter(line -> line.startsWith("- ")))
                .first()
                .asString()
                .startsWith("- Retrieval pipeline: search p95 149.3 ms without ingestion, 194.3 ms with it: ");
    }

    @Test
    void aProblemThatTheRunNamedAlreadyStandsOnce() {
        RunResults run = run(level(1).results())
                .withSoak(Optional.of(new MadeSoak().slice(7).of(2)));
        RunVerdict verdict = new RunVerdict(Map.of(), Optional.empty(), List.of("another", "1 of 2 slices finished"));
        assertThat(SummaryMarkdown.of(run, verdict))
                .containsOnlyOnce("slices finished")
                .contains("- ❌ another\n");
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
