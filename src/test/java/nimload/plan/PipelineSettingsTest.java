package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineSettingsTest {
    private static SettingValues values(String... given) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (int i = 0; i < given.length; i += 2) {
            properties.put(given[i], given[i + 1]);
        }
        return SettingValues.of(properties, Map.of());
    }

    private static PipelineSettings settings(String... given) {
        return PipelineSettings.read(values(given));
    }

    /** The requests of the searches' steps, from the grid that comes with them and these settings. */
    private static Map<Workload, WorkloadGrid> steps(String... given) {
        SettingValues values = values(given);
        return PipelineSettings.read(values)
                .steps(Settings.parse(values, Grid.named(PipelineSettings.GRID)).grids(), values);
    }

    @Test
    void searchesAndPassagesArriveTwiceASecondIfNobodySaysOtherwise() {
        PipelineSettings settings = settings();

        assertThat(settings.load()).isEqualTo(Load.poisson(2));
        assertThat(settings.users()).isEqualTo(256);
        assertThat(settings.search().text()).isEqualTo("5ms");
        assertThat(settings.ingestion()).contains(Load.constant(2));
        assertThat(settings.loadText()).isEqualTo("2/s poisson");
        assertThat(settings.ingestionText()).isEqualTo("2/s constant");
    }

    @Test
    void usersSearchAgainAfterTheirAnswersAndIngestionCanBeOff() {
        PipelineSettings settings = settings("nim.pipeline.users", "5", "nim.pipeline.ingest", "off");

        assertThat(settings.load().closed()).isTrue();
        assertThat(settings.loadText()).isEqualTo("5 users");
        assertThat(settings.ingestion()).isEmpty();
        assertThat(settings.ingestionText()).isEqualTo("off");
    }

    @Test
    void aSearchRanksAHundredPassagesAgainstTheQueryThatItEmbedded() {
        Map<Workload, WorkloadGrid> steps = steps("nim.query.tokens", "20");

        assertThat(steps.get(Workload.QUERY).loadPoints()).containsExactly(new LoadPoint(Workload.QUERY, 20, 0, 1, 1));
        assertThat(steps.get(Workload.RERANKING).loadPoints())
                .containsExactly(new LoadPoint(Workload.RERANKING, 512, 20, 100, 1));
        assertThat(steps.get(Workload.PASSAGE).loadPoints())
                .containsExactly(new LoadPoint(Workload.PASSAGE, 512, 0, 64, 1));
        assertThat(steps("nim.pipeline.ingest", "off")).doesNotContainKey(Workload.PASSAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim.pipeline.rate   | 0     | nim.pipeline.rate=0: out of range; give a rate per second from 0.1 to 10000, e.g. -Dnim.pipeline.rate=5",
                "nim.pipeline.rate   | 0.09  | nim.pipeline.rate=0.09: out of range; give a rate per second from 0.1 to 10000, e.g. -Dnim.pipeline.rate=5",
                "nim.pipeline.rate   | fast  | nim.pipeline.rate=fast: \"fast\" is not a number; give a rate per second from 0.1 to 10000, e.g. -Dnim.pipeline.rate=5",
                "nim.pipeline.ingest | on    | nim.pipeline.ingest=on: \"on\" is not a number; give a rate per second from 0.1 to 10000, e.g. -Dnim.pipeline.ingest=2, or off",
                "nim.pipeline.search | 2m    | nim.pipeline.search=2m: longer than a vector search takes; give at most 60s",
                "nim.pipeline.search | soon  | nim.pipeline.search=soon: not a duration; give a whole number and its unit (ms, s, m, h), e.g. -Dnim.pipeline.search=30s",
                "nim.pipeline.search | lognormal(20ms,20ms) | nim.pipeline.search=lognormal(20ms,20ms): the p95 is not above the median; give a median above 0 and a larger p95, e.g. -Dnim.pipeline.search='lognormal(5ms,20ms)'",
            })
    void whatIsNotRightIsRefusedWithWhatWouldBe(String name, String value, String message) {
        assertThatThrownBy(() -> settings(name, value))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }

    @Test
    void searchesAndPassagesMayArriveEvery10Seconds() {
        PipelineSettings settings =
                settings("nim.pipeline.rate", "0.1", "nim.pipeline.arrivals", "constant", "nim.pipeline.ingest", "0.1");

        assertThat(settings.load()).isEqualTo(Load.constant(0.1));
        assertThat(settings.ingestion()).contains(Load.constant(0.1));
    }

    @Test
    void aRateAndUsersTogetherAreRefused() {
        assertThatThrownBy(() -> settings("nim.pipeline.rate", "5", "nim.pipeline.users", "5"))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.pipeline.rate=5: nim.pipeline.users is given too, whose searches keep no rate;"
                        + " give one of them");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim.query.tokens          | 20,30 | RetrievalPipelineSimulation has one kind of query request, and 2 were given; give one number for nim.query.tokens and nim.query.batch",
                "nim.query.batch           | 2     | nim.query.batch=2 is not for RetrievalPipelineSimulation: a search embeds one query; leave it out",
                "nim.query.tokens          | 20~5  | nim.query.tokens=20~5 is not for RetrievalPipelineSimulation, whose queries have one length; give one number",
                "nim.reranking.passages    | 10,20 | RetrievalPipelineSimulation has one kind of reranking request, and 2 were given; give one number for nim.reranking.tokens and nim.reranking.passages",
                "nim.reranking.queryTokens | 20    | nim.reranking.queryTokens=20: passages are ranked against the query that was embedded; give nim.query.tokens",
            })
    void aPipelineHasOneKindOfSearch(String name, String value, String message) {
        assertThatThrownBy(() -> steps(name, value))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }

    @Test
    void aLognormalPauseHasItsMedianAndP95AndIsTheSameForTheSameSearch() {
        SearchPause pause =
                settings("nim.pipeline.search", "lognormal(5ms,20ms)").search();
        long[] nanos = LongStream.range(0, 20_000)
                .map(search -> pause.nanos(7, search))
                .sorted()
                .toArray();

        assertThat(nanos[10_000] / 1e6).isEqualTo(5, within(0.15));
        assertThat(nanos[19_000] / 1e6).isEqualTo(20, within(0.8));
        assertThat(pause.nanos(7, 3)).isEqualTo(pause.nanos(7, 3)).isNotEqualTo(pause.nanos(7, 4));
        assertThat(pause.nanos(8, 3)).isNotEqualTo(pause.nanos(7, 3));
        assertThat(pause.text()).isEqualTo("lognormal(5ms,20ms)");
    }

    @Test
    void aConstantPauseIsExact() {
        assertThat(settings("nim.pipeline.search", "5ms").search().nanos(1, 2)).isEqualTo(5_000_000);
        assertThat(settings("nim.pipeline.search", "0ms").search().nanos(1, 2)).isZero();
    }
}
