package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridTest {
    private static final String QUERY = "query: {tokens: 20, batch: 1, concurrency: 1}";

    private static Grid grid(String text) {
        return Grid.parse("my", "my.yaml", text);
    }

    private static WorkloadGrid grid(
            Workload workload, List<Integer> tokens, int queryTokens, List<Integer> items, List<Integer> users) {
        return new WorkloadGrid(
                workload,
                tokens.stream().map(TextLength::exactly).toList(),
                queryTokens,
                items,
                users,
                Optional.empty());
    }

    private static Grid named(String name) {
        return Grid.named(new SettingValues.Given(Setting.GRID, name, "nim.grid"));
    }

    private static Settings settings(Grid grid, Map<String, String> properties) {
        return Settings.parse(SettingValues.of(properties, Map.of()), grid);
    }

    @Test
    void ragBlueprintSends128TokenQueriesAnd100PassagesFrom1To125UsersThreeTimes() {
        Grid grid = named("rag-blueprint");
        List<Integer> users = List.of(1, 10, 25, 50, 75, 100, 125);
        assertThat(grid.workloads().values())
                .containsExactlyInAnyOrder(
                        grid(Workload.QUERY, List.of(128), 0, List.of(1), users),
                        grid(Workload.RERANKING, List.of(512), 128, List.of(100), users));
        Settings settings = settings(grid, Map.of());
        assertThat(settings.phases().repeat()).isEqualTo(3);
        assertThat(settings.workloads()).containsExactlyInAnyOrder(Workload.QUERY, Workload.RERANKING);
        assertThat(settings.loadPoints(EnumSet.allOf(Workload.class))).hasSize(14);
    }

    @Test
    void publishedIsTheGridOfTheGuide() {
        assertThat(named("published").workloads()).isEqualTo(PublishedGrid.load());
        assertThat(named("published").repeat()).isEmpty();
    }

    @Test
    void aNameThatIsNotKnownGetsTheNearestOne() {
        assertThatThrownBy(() -> named("rag-blueprnt"))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.grid=rag-blueprnt: no grid has this name; did you mean rag-blueprint? Give one of"
                                + " published, rag-blueprint, retrieval-pipeline, or a file that ends with .yaml, .yml or .json");
    }

    @ParameterizedTest
    @CsvSource({"a.yaml, true", "b/c.YML, true", "d.json, true", "published, false", "json, false", "a.jsonl, false"})
    void theEndingTellsAFileFromAName(String value, boolean file) {
        assertThat(Grid.isFile(value)).isEqualTo(file);
    }

    @Test
    void listsAreRangesNumbersOrBoth() {
        assertThat(grid("""
                # mine
                query:
                  tokens: 20
                  batch: [1, 4-8/2, 16]
                  concurrency: 1-15/7, 32
                reranking: {tokens: [100, 200], queryTokens: 20, passages: 10-12, concurrency: [5]}
                """).workloads().values())
                .containsExactlyInAnyOrder(
                        grid(Workload.QUERY, List.of(20), 0, List.of(1, 4, 6, 8, 16), List.of(1, 8, 15, 32)),
                        grid(Workload.RERANKING, List.of(100, 200), 20, List.of(10, 11, 12), List.of(5)));
    }

    @Test
    void jsonIsAGridTooHoweverItIsIndentedAndAsWindowsWritesIt() {
        assertThat(
                        grid("\uFEFF{\r\n\t\"query\": {\r\n\t\t\"tokens\": [20], \"batch\": 1,\t\"concurrency\": \"1-3\"\r\n\t}\r\n}")
                                .workloads())
                .containsOnly(
                        Map.entry(Workload.QUERY, grid(Workload.QUERY, List.of(20), 0, List.of(1), List.of(1, 2, 3))));
    }

    @Test
    void theUsersOwnListsAndRepeatsWinOverTheGrid() {
        Settings settings =
                settings(grid("repeat: 5\n" + QUERY), Map.of("nim.query.concurrency", "2,4", "nim.repeat", "1"));
        assertThat(settings.grids())
                .containsOnly(
                        Map.entry(Workload.QUERY, grid(Workload.QUERY, List.of(20), 0, List.of(1), List.of(2, 4))));
        assertThat(settings.phases().repeat()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim.workloads | query,passage | nim.workloads=query,passage: the grid my has no levels of passage; leave"
                        + " it out, or give another nim.grid",
                "nim.passage.tokens | 300 | nim.passage.tokens=300: the grid my has no levels of passage; leave it out,"
                        + " or give a nim.grid that has some",
            })
    void settingsOfAWorkloadThatTheGridDoesNotHaveAreRefused(String name, String value, String message) {
        assertThatThrownBy(() -> settings(grid(QUERY), Map.of(name, value)))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }

    @Test
    void moreThan1000LevelsAreRefused() {
        Grid grid = grid("query: {tokens: 20, batch: 1-10, concurrency: 1-100}");
        assertThat(settings(grid, Map.of()).loadPoints(EnumSet.of(Workload.QUERY)))
                .hasSize(1000);
        assertThatThrownBy(() -> settings(grid, Map.of("nim.query.batch", "1-11")))
                .isInstanceOf(UserError.class)
                .hasMessage("the grid my, with the lists that you gave, has 1100 levels, more than 1000; give shorter"
                        + " lists, e.g. -Dnim.query.concurrency=1-15/2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "qery: {} | line 1, column 1: qery is not known; did you mean query? Known: query, passage, reranking,"
                        + " repeat",
                "query: {tokens: 20, batch: 1, concurency: 1} | line 1, column 31: concurency is not known; did you mean"
                        + " concurrency? Known: tokens, batch, concurrency",
                "query: {tokens: 20, batches: 1} | line 1, column 21: batches is not known; did you mean batch?"
                        + " Known: tokens, batch, concurrency",
                "query: {tokens: 20, batch: 1} | line 1, column 1: query has no concurrency; give tokens, batch,"
                        + " concurrency",
                "query: 5 | line 1, column 8: 5 is not a workload's levels; give tokens, batch, concurrency",
                "[1] | line 1, column 1: a list is not a grid; give e.g. query: {tokens: 20, batch: 1, concurrency:"
                        + " 1-15/2}",
                "repeat: 3 | line 1, column 1: no workload has levels; give those of query, passage or reranking, as"
                        + " src/docs/grids.md explains",
                "query: {tokens: 20, batch: 1, concurrency: [1, O]} | line 1, column 48: \"O\" is not a whole number;"
                        + " give whole numbers from 1 to 4096, e.g. concurrency: 1",
                "query: {tokens: 20, batch: 1, concurrency: [1-3, 2]} | line 1, column 50: 2 is given twice; give each"
                        + " number once",
                "query: {tokens: 20, batch: 1, concurrency: []} | line 1, column 44: concurrency is an empty list; give"
                        + " at least one number, e.g. concurrency: 1",
                "query: {tokens: 20, batch: {a: 1}, concurrency: 1} | line 1, column 28: \"a mapping\" is not a whole"
                        + " number; give whole numbers from 1 to 1024, e.g. batch: 1",
                "query: {tokens: 20, tokens: 30} | line 1, column 21: tokens appears twice; give it once",
                "repeat: 101 | line 1, column 9: 101 is out of range; give whole numbers from 1 to 100, e.g. repeat: 1",
            })
    void aMistakeIsRefusedWithItsLineAndColumn(String text, String message) {
        assertThatThrownBy(() -> grid(text)).isInstanceOf(UserError.class).hasMessage("my.yaml " + message);
    }

    @Test
    void whatIsNotYamlIsRefusedWithItsPlaceAndWhereTheFormatIsExplained() {
        assertThatThrownBy(() -> grid("query: {tokens: [20\nbatch: 1}"))
                .isInstanceOf(UserError.class)
                .hasMessageMatching(
                        "my.yaml line \\d+, column \\d+: not YAML \\(.*\\); src/docs/grids.md explains the format")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> grid("# nothing\n"))
                .isInstanceOf(UserError.class)
                .hasMessage("my.yaml has no levels; give a workload's, as src/docs/grids.md explains");
    }
}
