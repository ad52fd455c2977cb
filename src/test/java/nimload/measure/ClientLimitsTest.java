package nimload.measure;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.results.ClientAdds;
import nimload.results.ClientHealth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is seen of the client beside a level whose p50 is 50 ms and whose p99 is 99 ms, in 100 requests over 5.05 s. */
class ClientLimitsTest {
    private static final OptionalDouble UNKNOWN = OptionalDouble.empty();

    private static LoadPointResult level(Observations seen) {
        return new LoadPointResult(
                QUERY,
                RecordedLevel.clean(QUERY).samples(),
                new TokenCheck(20, 0, true),
                new ClientLoad(OptionalDouble.of(0.25), OptionalDouble.of(0.25)),
                seen,
                RecordedLevel.ENDED);
    }

    private static Observations adds(OptionalDouble p50) {
        return adds(50, p50);
    }

    private static Observations adds(int samples, OptionalDouble p50) {
        return Observations.of(new ClientAdds(1, samples, 2, p50, OptionalDouble.of(500), UNKNOWN));
    }

    private static ClientHealth lag(double p90Millis) {
        return new ClientHealth(
                OptionalLong.empty(),
                UNKNOWN,
                UNKNOWN,
                100,
                OptionalDouble.of(0.1),
                OptionalDouble.of(p90Millis),
                OptionalDouble.of(400),
                OptionalDouble.of(900),
                OptionalDouble.empty());
    }

    private static ClientHealth gc(long pauses, double millis, double longest) {
        return new ClientHealth(
                OptionalLong.of(pauses),
                OptionalDouble.of(millis),
                OptionalDouble.of(longest),
                0,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                OptionalDouble.empty());
    }

    @Test
    void aClientThatAddsLessThanHalfOfP50IsToldAndNotBlamed() {
        assertThat(level(adds(OptionalDouble.of(25))).clientLimits()).isEmpty();
        assertThat(level(adds(UNKNOWN)).clientLimits()).isEmpty();
    }

    @Test
    void aClientThatAddsMoreThanHalfOfP50IsTheLevel() {
        LoadPointResult level = level(adds(OptionalDouble.of(25.1)));
        assertThat(level.clientLimits())
                .containsExactly("client-limited: this client adds 25.10 ms of 50.00 ms at p50");
        assertThat(level.reasonsAgainst()).isEqualTo(level.clientLimits());
        assertThat(level.failures()).isEmpty();
    }

    @Test
    void aDisturbedCalibrationCondemnsNoLevel() {
        assertThat(level(adds(49, OptionalDouble.of(30))).clientLimits())
                .as("too few requests")
                .isEmpty();
        assertThat(level(adds(OptionalDouble.of(50))).clientLimits())
                .as("as much as the whole latency")
                .isEmpty();
    }

    @Test
    void eventLoopsThatAreLateOneTimeInTenByAQuarterOfP50AreTheClientsFault() {
        assertThat(level(Observations.of(lag(12.5))).clientLimits()).isEmpty();
        assertThat(level(Observations.of(lag(12.6))).clientLimits())
                .containsExactly(
                        "client-limited: its event loops are more than 12.60 ms late one time in ten, p50 is 50.00 ms");
    }

    @ParameterizedTest
    @CsvSource({
        // 5 % of 5.05 s are 252 ms
        "1, 252, 40, ",
        "1, 253, 40, client-limited: its garbage collector took 5 % of the time",
        // One request in a hundred is caught at a single pause.
        "1, 90, 90, ",
        "2, 90, 49, ",
        "2, 90, 50, 'client-limited: 2.0 % of the requests met a pause of its garbage collector (up to 50 ms),"
                + " p99 is 99.00 ms'"
    })
    void pausesAreTheClientsFaultWhereThroughputOrP99IsTheirs(
            long pauses, double millis, double longest, String reason) {
        assertThat(level(Observations.of(gc(pauses, millis, longest))).clientLimits())
                .isEqualTo(reason == null ? List.of() : List.of(reason));
    }

    @Test
    void aLevelWithoutAnAnswerIsNotBlamedOnTheClient() {
        LoadPointResult level = new LoadPointResult(
                QUERY,
                new RecordedLevel().samples(),
                new TokenCheck(20, 0, true),
                new ClientLoad(UNKNOWN, UNKNOWN),
                Observations.of(lag(900)).and(adds(OptionalDouble.of(900))),
                RecordedLevel.ENDED);
        assertThat(level.clientLimits()).isEmpty();
    }

    @Test
    void repeatsHaveThePausesOfAllAndTheLagOfTheLatest() {
        ClientHealth early = new ClientHealth(
                OptionalLong.of(2),
                OptionalDouble.of(30),
                OptionalDouble.of(20),
                100,
                OptionalDouble.of(0.1),
                OptionalDouble.of(7),
                OptionalDouble.of(8),
                OptionalDouble.of(9),
                OptionalDouble.empty());
        ClientHealth late = new ClientHealth(
                OptionalLong.of(0),
                OptionalDouble.of(0),
                UNKNOWN,
                50,
                OptionalDouble.of(0.2),
                OptionalDouble.of(0.3),
                UNKNOWN,
                OptionalDouble.of(0.4),
                OptionalDouble.empty());
        LoadPointResult both =
                LoadPointResult.together(List.of(level(Observations.of(early)), level(Observations.of(late))));
        assertThat(both.seen().clientHealth())
                .contains(new ClientHealth(
                        OptionalLong.of(2),
                        OptionalDouble.of(30),
                        OptionalDouble.of(20),
                        100,
                        OptionalDouble.of(0.1),
                        OptionalDouble.of(7),
                        OptionalDouble.of(8),
                        OptionalDouble.of(9),
                        OptionalDouble.empty()));
    }
}
