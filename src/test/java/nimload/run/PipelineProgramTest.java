package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.plan.LoadPoint;
import nimload.plan.SettingValues;
import nimload.plan.Workload;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a retrieval pipeline decides before its first search. */
class PipelineProgramTest {
    private static EmbeddedNim nim;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        nim = EmbeddedNim.start(0);
    }

    @AfterAll
    static void stop() {
        nim.close();
    }

    private Benchmark prepare(Program program, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(Map.of("nim.rehearsal", "false", "nim.calibrate", "false"));
        all.putAll(properties);
        all.put("nim.results", directory.resolve("results").toString());
        return Benchmark.prepare(program, host(all));
    }

    private static Host host(Map<String, String> properties) {
        return new Host(
                properties,
                Map.of(),
                Clock.systemDefaultZone(),
                true,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    }

    private Map<String, String> withBoth(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(Map.of("nim.reranking.passages", "3", "nim.reranking.tokens", "40"));
        all.putAll(others);
        all.put("nim.embedding.url", nim.url().toString());
        all.put("nim.reranking.url", nim.url().toString());
        return all;
    }

    private static void leaves(PipelineLevel level, List<String> names) {
        assertThat(level.embedding().name()).isEqualTo(names.get(0));
        assertThat(level.reranking().name()).isEqualTo(names.get(1));
        assertThat(level.ingestion().map(LevelPlan::name))
                .isEqualTo(names.stream().skip(2).findFirst());
    }

    /** The embedding NIM adds 4 of the 128 tokens; the reranking NIM gets the words. */
    @Test
    void searchesRunAloneAndThenWithIngestionAndEachHasItsOwnQuery() {
        Benchmark run =
                prepare(Program.pipeline(), withBoth(Map.of("nim.passage.tokens", "40", "nim.passage.batch", "2")));

        assertThat(run.searches()).hasSize(2);
        leaves(
                run.searches().get(0),
                List.of(
                        "query 128 c=256 2/s poisson (1 text), ingestion off",
                        "rerank 3p c=256 2/s poisson (124+40 tokens), ingestion off"));
        leaves(
                run.searches().get(1),
                List.of(
                        "query 128 c=256 2/s poisson (1 text), ingestion on",
                        "rerank 3p c=256 2/s poisson (124+40 tokens), ingestion on",
                        "passage 40 c=64 2/s constant (2 texts), ingestion on"));
        assertThat(run.searches().get(1).users()).isEqualTo(256 + 64);
        assertThat(run.levels()).isEmpty();
        eachQueryIsRankedAgainstAndTheLevelsTextsDiffer(run.searches());
    }

    /** A cache knows no text of the level before. */
    private static void eachQueryIsRankedAgainstAndTheLevelsTextsDiffer(List<PipelineLevel> levels) {
        String first = words(levels.get(0).embedding());

        assertThat(words(levels.get(0).reranking())).contains(first);
        assertThat(words(levels.get(1).reranking()))
                .contains(words(levels.get(1).embedding()))
                .doesNotContain(first);
    }

    /** The query's words. */
    private static String words(LevelPlan plan) {
        LoadPoint point = plan.point();
        String body = new String(
                plan.requests()
                        .body(point, plan.series().orElseThrow(), 5, Body.Arrangement.WHOLE)
                        .bytes(),
                StandardCharsets.UTF_8);
        return point.workload() == Workload.QUERY ? body.replaceFirst("(?s).*?\\[\\s*\"([^\"]*)\".*", "$1") : body;
    }

    @Test
    void aGridThatRepeatsItsLevelsRunsThemOnceHereAndInASearchForCapacity() {
        for (Program program : List.of(Program.pipeline(), Program.capacity())) {
            Map<String, String> blueprint = program.settingsPrefix().equals("nim.pipeline.")
                    ? Map.of("nim.grid", "rag-blueprint", "nim.pipeline.ingest", "off")
                    : Map.of("nim.grid", "rag-blueprint");
            program.check(SettingValues.of(blueprint, Map.of()));

            assertThat(Instructions.read(program, host(blueprint))
                            .settings()
                            .phases()
                            .repeat())
                    .isEqualTo(1);
        }
    }

    @Test
    void withoutOneOfTheNimsNothingRuns() {
        assertThatThrownBy(() -> prepare(
                        Program.pipeline(),
                        Map.of("nim.embedding.url", nim.url().toString())))
                .isInstanceOf(UserError.class)
                .hasMessage("a search embeds and reranks, and there is no NIM that can run reranking; give both"
                        + " -Dnim.embedding.url=… and -Dnim.reranking.url=…, or neither for the embedded NIM");
    }

    @ParameterizedTest
    @CsvSource({
        "nim.query.concurrency, 3, give nim.pipeline.users or nim.pipeline.rate",
        "nim.passage.concurrency, 3, give nim.pipeline.ingest",
        "nim.workloads, query, a search needs its steps",
        "nim.repeat, 2, its two levels are compared with each other"
    })
    void settingsOfTheGridThatASearchHasNotAreRefused(String name, String value, String why) {
        assertThatThrownBy(() -> prepare(Program.pipeline(), Map.of(name, value)))
                .isInstanceOf(UserError.class)
                .hasMessage(name + "=" + value + " is not for RetrievalPipelineSimulation: " + why + "; leave it out");
    }

    @Test
    void itsSettingsAreForNoOtherSimulation() {
        assertThatThrownBy(() -> prepare(Program.grid(Workload.QUERY), Map.of("nim.pipeline.rate", "4")))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.pipeline.rate=4 is for RetrievalPipelineSimulation; leave it out, or give"
                        + " -Dgatling.simulationClass=nimload.simulation.RetrievalPipelineSimulation");
    }
}
