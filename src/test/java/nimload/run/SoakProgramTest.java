package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import nimload.UserError;
import nimload.nim.NimKind;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.SettingValues;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.MadeSoak;
import nimload.results.Percentile;
import nimload.results.Requests;
import nimload.results.ResultsFile;
import nimload.results.ResultsLog;
import nimload.results.RunResults;
import nimload.results.Soak;
import nimload.results.Validity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakProgramTest {
    @TempDir
    Path directory;

    private static Program read(Map<String, String> properties) {
        Program program = Program.soak();
        program.check(SettingValues.of(properties, Map.of()));
        return program;
    }

    private Program continued(RunResults run) throws IOException {
        Files.writeString(directory.resolve(ResultsFile.NAME), ResultsFile.json(run));
        return read(Map.of("nim.soak.continue", directory.toString()));
    }

    private static RunResults run(Soak soak) {
        return new RunResults(RunResults.SCHEMA, Made.info(1, 1), false, List.of(), Optional.empty())
                .withSoak(Optional.of(soak));
    }

    @Test
    void continuedSoakSendsWhatItSentBeforeInItsOwnDirectory() throws IOException {
        Program program = continued(run(new MadeSoak().slice(7).of(3)));

        assertThat(program.continued()).contains(directory.toRealPath());
        assertThat(program.points(List.of(new LoadPoint(Workload.QUERY, 20, 0, 1, 1))))
                .containsExactly(new LoadPoint(Workload.QUERY, 20, 0, 1, 128).at(Load.constant(50)));
    }

    @Test
    void otherRequestsThanBeforeAreRefused() throws IOException {
        Program program = continued(run(new MadeSoak().slice(7).of(3)));

        assertThatThrownBy(() -> program.points(List.of(new LoadPoint(Workload.QUERY, 21, 0, 1, 1))))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.soak.continue: the soak there sends query, 20 tokens, 1 text, 50/s constant; this run would"
                                + " send query, 21 tokens, 1 text, 50/s constant; give the settings with which it began");
    }

    /** Its lines hold the run, but a run goes on where its files are. */
    @Test
    void soakInALogIsNotContinued() throws IOException {
        Path log = directory.resolve("some.log");
        Files.writeString(log, ResultsLog.line(run(new MadeSoak().slice(7).of(3))));

        assertThatThrownBy(() -> read(Map.of("nim.soak.continue", log.toString())))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.soak.continue=" + log + ": not a run's directory, in which the soak could go on; give the"
                                + " directory of one that was cut short");
        Path results = directory.resolve(ResultsFile.NAME);
        Files.writeString(results, ResultsFile.json(run(new MadeSoak().slice(7).of(3))));
        assertThat(read(Map.of("nim.soak.continue", results.toString())).continued())
                .contains(directory.toRealPath());
    }

    @Test
    void modelsOfTheMixAreThoseOfBeforeAndANimWithoutAPartInItDoesNotMatter() {
        RunResults earlier = run(new MadeSoak().slice(7).of(3));
        List<LoadPoint> queries = List.of(new LoadPoint(Workload.QUERY, 20, 0, 1, 1));

        assertThatNoException()
                .as("begun with the embedding NIM alone, continued with both")
                .isThrownBy(() -> SoakProgram.requireModelsOf(
                        earlier, queries, Map.of(NimKind.EMBEDDING, "a/b", NimKind.RERANKING, "c/d")));
        assertThatNoException()
                .as("it begins with another NIM, which has no part")
                .isThrownBy(() -> SoakProgram.requireModelsOf(
                        earlier,
                        List.of(new LoadPoint(Workload.RERANKING, 512, 20, 10, 1)),
                        Map.of(NimKind.EMBEDDING, "a/other", NimKind.RERANKING, "c/d")));
        assertThatThrownBy(() -> SoakProgram.requireModelsOf(earlier, queries, Map.of(NimKind.EMBEDDING, "a/other")))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.soak.continue: the soak there measured a/b, this run would measure a/other; give that"
                        + " NIM, or begin a new soak");
    }

    @Test
    void completeSoakAndARunOfAnotherKindAreNotContinued() {
        String given = "nim.soak.continue=" + directory + ": ";
        assertThatThrownBy(() -> continued(run(new MadeSoak().slice(7).of(1))))
                .isInstanceOf(UserError.class)
                .hasMessage(given + "all 1 slices are there; leave it out to begin a new soak");
        assertThatThrownBy(() -> continued(Made.run(List.of())))
                .isInstanceOf(UserError.class)
                .hasMessage(given + "the run there is not a soak; give the directory of one that was cut short");
    }

    @Test
    void settingsOfOtherRunsAreRefusedWithWhy() {
        assertThatThrownBy(() -> read(Map.of("nim.duration", "5s")))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.duration=5s is not for SoakSimulation: a soak has its own, nim.soak.duration; leave it out");
        assertThatThrownBy(() -> read(Map.of("nim.generator", "1/2")))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.generator=1/2 is not for SoakSimulation: its slices are counted by one generator; leave"
                                + " it out");
        assertThatThrownBy(() -> read(Map.of("nim.samples", "500")))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.samples=500 is not for SoakSimulation: a soak is as long as nim.soak.duration; leave it out");
        assertThatThrownBy(() -> Program.capacity().check(SettingValues.of(Map.of("nim.soak.query", "5"), Map.of())))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.soak.query=5 is for SoakSimulation; leave it out");
    }

    @Test
    void workloadWithoutANimIsNamed() {
        Program program = read(Map.of("nim.soak.reranking", "5", "nim.soak.query", "2.5"));

        assertThatThrownBy(() -> program.points(List.of(new LoadPoint(Workload.QUERY, 20, 0, 1, 1))))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "the soak's mix has query 2.5/s, reranking 5/s, and this run has no reranking level; give its"
                                + " NIM's URL, or leave its rate out");
    }

    /** Every kind of error with a long text, and more reasons than a slice keeps. */
    @Test
    void sliceTakesNoMoreOfResultsThanIsStated() {
        Map<String, Long> errors = new TreeMap<>();
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            errors.put("http 5" + (10 + i), 123_456_789L);
            texts.put("http 5" + (10 + i), "x".repeat(3000));
        }
        LevelResults made = Made.query(1)
                .with(Percentile.P50, 1234.567, 3)
                .with(Percentile.P95, 12345.678, 3)
                .with(Percentile.P99, 12345.678, 3)
                .results();
        LevelResults worst = new LevelResults(
                made.point(),
                Validity.of(List.of("r".repeat(900), "r".repeat(900), "s", "t", "u".repeat(3000))),
                new Requests(1, 1, errors, Map.of(), texts, OptionalLong.empty()),
                made.latency(),
                made.throughput(),
                made.tokens(),
                made.client(),
                made.course(),
                made.evidence(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());

        assertThat(ResultsFile.json(SoakPhase.share(worst)).length()).isBetween(1000, SoakProgram.MOST_BYTES);
    }

    @Test
    void heapAfterACollectionHoldsWhatIsStillInUse() {
        byte[] used = new byte[40 << 20];
        System.gc();

        assertThat(ClientProcess.now(OptionalLong.empty()).heapBytes().orElseThrow())
                .isGreaterThan(used.length);
    }

    @Test
    void residentMemoryIsAbsentWhereTheSystemDoesNotSayIt() throws IOException {
        Path status = directory.resolve("status");
        assertThat(ClientProcess.resident(status)).isEmpty();
        Files.writeString(status, "VmPeak:\t 99999 kB\nVmRSS:\t  2048 kB\n");
        assertThat(ClientProcess.resident(status)).hasValue(2048 << 10);
    }
}
