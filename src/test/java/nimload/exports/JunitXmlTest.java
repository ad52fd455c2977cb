package nimload.exports;

import static nimload.exports.MachineRuns.level;
import static nimload.exports.MachineRuns.limit;
import static nimload.exports.MachineRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import nimload.page.MadePipeline;
import nimload.page.MadeSearch;
import nimload.plan.Load;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.MadeSoak;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class JunitXmlTest {
    private static Element root(RunResults run, RunVerdict verdict) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(JunitXml.of(run, verdict))))
                .getDocumentElement();
    }

    private static List<Element> all(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int number = 0; number < found.getLength(); number++) {
            all.add((Element) found.item(number));
        }
        return all;
    }

    /** The only level's case. */
    private static Element levelCase(RunResults run, RunVerdict verdict) throws Exception {
        Element suite = all(root(run, verdict), "testsuite").get(1);
        assertThat(suite.getAttribute("name")).isEqualTo("nimload.query");
        return all(suite, "testcase").get(0);
    }

    private static Element levelCase(LevelResults level) throws Exception {
        return levelCase(run(level), RunVerdict.NONE);
    }

    private static Element failure(Element testCase) {
        assertThat(all(testCase, "skipped")).isEmpty();
        assertThat(all(testCase, "failure")).hasSize(1);
        return all(testCase, "failure").get(0);
    }

    @Test
    void aSearchIsACaseThatFailsWithoutALoadThatKeptTheLimitsAndItsStepsDoNot() throws Exception {
        Element root = root(MadeSearch.byRate(), RunVerdict.NONE);
        Element found = all(root, "testsuite").get(1);
        assertThat(found.getAttribute("name")).isEqualTo("nimload.capacity");
        assertThat(all(found, "testcase").get(0).getAttribute("name")).isEqualTo("query, 20 tokens, 1 text");
        assertThat(found.getTextContent()).contains("at least 96 and at most 98.4 queries/s at p95 ≤ 20 ms");
        assertThat(all(root, "failure")).isEmpty();
        assertThat(all(all(root, "testsuite").get(2), "system-out").get(3).getTextContent())
                .contains("response p95 2013.000 ms");

        Element none = all(root(MadeSearch.withoutAHeldStep(), RunVerdict.NONE), "testsuite")
                .get(1);
        assertThat(none.getAttribute("failures")).isEqualTo("1");
        assertThat(failure(all(none, "testcase").get(0)).getAttribute("message"))
                .startsWith("less than 98.4");
    }

    @Test
    void ofASearchsStepsOnesWithErrorsAreSkipped() throws Exception {
        LevelResults failed = new Made.Level(MadeSearch.POINT.at(Load.constant(110)))
                .errors(3)
                .notValid("3 of 503 requests failed")
                .failed("3 of 503 requests failed")
                .results();
        RunResults run =
                Made.run(List.of(failed)).withCapacity(MadeSearch.byRate().capacity());
        Element suite = all(root(run, RunVerdict.NONE), "testsuite").get(2);
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(all(root(Made.run(List.of(failed)), RunVerdict.NONE), "failure"))
                .hasSize(1);
    }

    @Test
    void aLevelIsACaseOfItsWorkloadsSuiteWithItsMeasuredSeconds() throws Exception {
        Element passed = levelCase(level(3).results());
        assertThat(passed.getAttribute("classname")).isEqualTo("nimload.query");
        assertThat(passed.getAttribute("name")).isEqualTo("query, 20 tokens, 1 text, concurrency 3");
        assertThat(passed.getAttribute("time")).isEqualTo("5.000");
        assertThat(all(passed, "failure")).isEmpty();
        assertThat(all(passed, "skipped")).isEmpty();
        assertThat(all(passed, "system-out").get(0).getTextContent())
                .isEqualTo("requests 500, errors 0\np50 2.500 ms\np95 3.125 ms\n1201.500 requests/s\n1201.500 texts/s\n"
                        + "verdict: valid\n");
    }

    @Test
    void aBrokenLimitIsAFailureThatSaysWhichAndByHowMuch() throws Exception {
        Element failed =
                levelCase(level(1).notValid("silent").results().withSlo(List.of(limit(3, 3.125), limit(4, 3.125))));
        assertThat(failure(failed).getAttribute("type")).isEqualTo("limit broken");
        assertThat(failure(failed).getAttribute("message")).isEqualTo("SLO not met: p95 3.125 ms > 3 ms");
        assertThat(failure(failed).getTextContent()).isEqualTo("SLO not met: p95 3.125 ms > 3 ms\nsilent");
        assertThat(all(failed, "system-out").get(0).getTextContent())
                .contains("limit: p95 3.125 ms > 3 ms\nlimit: p95 3.125 ms ≤ 4 ms\n");
    }

    @Test
    void errorsAreAFailureBeforeABrokenLimit() throws Exception {
        LevelResults errors = level(1).errors(2)
                .notValid("2 of 502 requests failed: http 503 ×2")
                .results();
        Element failed = levelCase(errors.withSlo(List.of(limit(3, 3.125))));
        assertThat(failure(failed).getAttribute("type")).isEqualTo("errors");
        assertThat(failure(failed).getAttribute("message"))
                .isEqualTo("2 of 502 requests failed: http 503 ×2; SLO not met: p95 3.125 ms > 3 ms");
    }

    @Test
    void aWrongAnswerIsAFailureThoughNoRequestFailed() throws Exception {
        LevelResults wrong = level(1).notValid("tokens off: 21.0 instead of 20")
                .failed("tokens off: 21.0 instead of 20")
                .results();
        assertThat(failure(levelCase(wrong)).getAttribute("type")).isEqualTo("errors");
    }

    @Test
    void aRegressionIsAFailureOfItsLevelAlone() throws Exception {
        LevelResults worse = level(1).results();
        RunVerdict verdict = new RunVerdict(
                Map.of(worse.point(), List.of("p50 12 % higher than the baseline")), Optional.empty(), List.of());
        RunResults run = run(worse, level(3).results());
        assertThat(failure(levelCase(run, verdict)).getAttribute("type")).isEqualTo("regression");
        Element suite = all(root(run, verdict), "testsuite").get(1);
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("time")).isEqualTo("10.000");
    }

    @Test
    void aLevelThatMayNotBeQuotedIsSkippedAndWithStrictAFailure() throws Exception {
        RunResults run = run(level(1).notValid("client-limited: busy").results());
        Element skipped = levelCase(run, RunVerdict.NONE);
        assertThat(all(skipped, "failure")).isEmpty();
        assertThat(all(skipped, "skipped").get(0).getAttribute("message")).isEqualTo("client-limited: busy");
        assertThat(all(root(run, RunVerdict.NONE), "testsuite").get(1).getAttribute("skipped"))
                .isEqualTo("1");

        RunResults strict = MachineRuns.with(run, false, Map.of(), Map.of("strict", "true"));
        Element failed = levelCase(strict, RunVerdict.NONE);
        assertThat(failure(failed).getAttribute("type")).isEqualTo("not quotable");
        assertThat(failure(failed).getAttribute("message")).isEqualTo("client-limited: busy");
    }

    @Test
    void levelsThatDidNotRunAndProblemsOfTheRunFailTheCaseOfTheWholeRun() throws Exception {
        Element good =
                all(root(run(level(1).results()), RunVerdict.NONE), "testcase").get(0);
        assertThat(good.getAttribute("name")).isEqualTo("the run as a whole");
        assertThat(all(good, "failure")).isEmpty();

        RunResults cut = Made.run(List.of(level(1).results()), 3);
        RunVerdict verdict = new RunVerdict(Map.of(), Optional.empty(), List.of("not comparable with the baseline"));
        Element failed = all(root(cut, verdict), "testcase").get(0);
        assertThat(failure(failed).getTextContent())
                .isEqualTo("1 of 3 levels have results\nnot comparable with the baseline");
    }

    @Test
    void aSoakThatDidNotHoldFailsTheCaseOfTheWholeRunAndNoLevel() throws Exception {
        RunResults run = run(level(1).results());
        RunResults held =
                run.withSoak(Optional.of(new MadeSoak().slice(7).slice(7).of(2)));
        assertThat(all(root(held, RunVerdict.NONE), "failure")).isEmpty();
        assertThat(all(root(held, RunVerdict.NONE), "system-out").get(0).getTextContent())
                .contains("The soak goes on, or was cut short: held: query p95 7.0 → 7.0 ms over 2 min");

        Element root = root(
                run.withSoak(Optional.of(
                        new MadeSoak().slice(7).slice(8, 1, Optional.empty()).of(2))),
                RunVerdict.NONE);
        assertThat(all(root, "failure")).hasSize(1);
        assertThat(failure(all(root, "testcase").get(0)).getAttribute("message"))
                .startsWith("1 error in slice 2 (03:01:00 to 03:02:00 UTC)");
    }

    @Test
    void whatIngestionAddsIsInTheCaseOfTheWholeRun() throws Exception {
        assertThat(all(root(MadePipeline.both(), RunVerdict.NONE), "system-out")
                        .get(0)
                        .getTextContent())
                .startsWith("Retrieval pipeline: search p95 149.3 ms without ingestion, 194.3 ms with it: ");
    }

    @Test
    void whatWasMeasuredIsInThePropertiesAndTheEmbeddedNimInEveryCase() throws Exception {
        RunResults run = MachineRuns.with(
                run(level(1).results()), true, Map.of("nim.label", "H100", "nim.note.ticket", "OPS-7"), Map.of());
        List<Element> properties =
                all(all(root(run, RunVerdict.NONE), "testsuite").get(1), "property");
        assertThat(properties)
                .extracting(property -> property.getAttribute("name") + "=" + property.getAttribute("value"))
                .containsExactly(
                        "run=20261122-150000",
                        "tool=nimload 0.1.0",
                        "label=H100",
                        "note.ticket=OPS-7",
                        "started=2026-11-22T15:00:00Z",
                        "emulated=true",
                        "embedding.model=a/b",
                        "embedding.url=http://10.0.0.5:8000",
                        "embedding.emulator=embedded NIM (twin of run x_1)");
        assertThat(all(levelCase(run, RunVerdict.NONE), "system-out").get(0).getTextContent())
                .startsWith("embedded NIM (twin of run x_1): not a measurement of NVIDIA's NIM.\n");
    }

    @Test
    void anyLabelAndAnyReasonIsWellFormedXml() throws Exception {
        RunResults run = MachineRuns.with(
                run(level(1).notValid(MachineRuns.AWKWARD + "\nand \u0000 a line")
                        .results()),
                false,
                Map.of("nim.label", MachineRuns.AWKWARD),
                Map.of());
        String readable = MachineRuns.AWKWARD.replaceAll("[\u0007\ud800\uffff]", "\ufffd");
        assertThat(all(root(run, RunVerdict.NONE), "property").get(2).getAttribute("value"))
                .isEqualTo(readable);
        assertThat(all(levelCase(run, RunVerdict.NONE), "skipped").get(0).getAttribute("message"))
                .isEqualTo(readable + " and \ufffd a line");
    }

    @Test
    void aLevelWhoseTimeIsNotKnownHasNone() throws Exception {
        Element unknown = levelCase(level(1).withoutElapsedTime().results());
        assertThat(unknown.hasAttribute("time")).isFalse();
    }
}
