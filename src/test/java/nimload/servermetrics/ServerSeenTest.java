package nimload.servermetrics;

import static nimload.servermetrics.Pages.client;
import static nimload.servermetrics.Pages.model;
import static nimload.servermetrics.Pages.reading;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import nimload.results.ServerShare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSeenTest {
    private static ServerSeen run(int requests, int joules, double... watts) {
        return new LevelReadings(
                        "m",
                        reading(0, model("m", 0), "nv_energy_consumption 0"),
                        Arrays.stream(watts)
                                .mapToObj(value -> reading(1, "nv_gpu_power_usage " + value))
                                .toList(),
                        Optional.of(reading(2, model("m", requests), "nv_energy_consumption " + joules)))
                .meaning(List.of("A note."));
    }

    private static Optional<ServerSeen> together(ServerSeen... runs) {
        return ServerSeen.together(List.of(runs).stream().map(Optional::of).toList());
    }

    @Test
    void repeatsCombineToSumsMeansAndMaxima() {
        ServerShare share = together(run(100, 4000, 300, 500), run(300, 8000, 700))
                .orElseThrow()
                .share(client(400, 400, 64, 1));
        assertThat(share.samples()).isEqualTo(7);
        assertThat(share.requestsCounted()).hasValue(400);
        assertThat(share.gpu().energyJoules()).hasValue(12_000);
        assertThat(share.gpu().joulesPer1000Items()).hasValue(468.75);
        assertThat(share.gpu().gpuPowerWatts()).hasValue(500);
        assertThat(share.gpu().gpuPowerWattsMax()).hasValue(700);
        assertThat(share.times().queueMs()).hasValue(2);
        assertThat(share.series().get("gpuPowerWatts"))
                .as("of the first run")
                .containsExactly(new double[] {1, 300}, new double[] {1, 500});
        assertThat(share.notes()).containsOnlyOnce("A note.");
    }

    @Test
    void aValueThatOneRepeatLacksMakesTheSumUnknownAndLeavesTheMean() {
        for (Optional<ServerSeen> lacking :
                List.of(Optional.<ServerSeen>empty(), Optional.of(ServerSeen.nothing(List.of("Why."))))) {
            ServerShare share = ServerSeen.together(List.of(Optional.of(run(100, 4000, 300)), lacking))
                    .orElseThrow()
                    .share(client(200, 200, 64, 1));
            assertThat(share.requestsCounted()).isEmpty();
            assertThat(share.gpu().energyJoules()).isEmpty();
            assertThat(share.gpu().joulesPer1000Items()).isEmpty();
            assertThat(share.gpu().gpuPowerWatts()).hasValue(300);
            assertThat(share.times().queueMs()).hasValue(2);
        }
        assertThat(ServerSeen.together(List.of(Optional.empty(), Optional.empty())))
                .isEmpty();
    }

    @Test
    void withoutASuccessfulItemEnergyPerItemIsEmpty() {
        assertThat(run(3, 4000).share(client(3, 0, 64, 1)).gpu().joulesPer1000Items())
                .isEmpty();
    }

    /** Of a client that sent 1000 requests of 10 items at concurrency 5. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1000, 10000, -, -",
                "1005, 10050, -, 'The server counted 5 requests more than this client sent (1005 and 1000): someone else"
                        + " sent them, or the page before the level lagged behind.'",
                "1010, 10100, -, 'The server counted 10 requests more than this client sent (1010 and 1000): someone else"
                        + " sent them, or the page before the level lagged behind.'",
                "999, 9990, -, 'The server counted 1 request fewer than this client sent (999 and 1000): 10 failed,"
                        + " refused before they were counted or on a connection that broke.'",
                "990, 9900, -, 'The server counted 10 requests fewer than this client sent (990 and 1000): 10 failed,"
                        + " refused before they were counted or on a connection that broke.'",
                "985, 9850, -, 'The server counted 15 requests fewer than this client sent (985 and 1000): another"
                        + " replica behind this address answered them, or the page after the level lags behind.'",
                "1011, 10110, 'someone else used the NIM: server counted 1011 requests, this client sent 1000', "
                        + "'The server counted 11 requests more than this client sent (1011 and 1000): someone else used"
                        + " the NIM.'",
                "1120, -, 'someone else used the NIM: server counted 1120 requests, this client sent 1000', "
                        + "'The server counted 120 requests more than this client sent (1120 and 1000): someone else"
                        + " used the NIM.'",
                "3500, 10000, -, 'The server counted 3500 requests, this client sent 1000: it splits each request"
                        + " into several.'",
                "4000, -, -, 'The server counted 4000 requests, this client sent 1000: it splits each request"
                        + " into several.'",
                "1120, 10101, 'someone else used the NIM: server counted 1120 requests, this client sent 1000', "
                        + "'The server counted 120 requests more than this client sent (1120 and 1000): someone else"
                        + " used the NIM.'",
                "500, 5000, -, 'The server counted 500 requests fewer than this client sent (500 and 1000): another"
                        + " replica behind this address answered them, except for up to 10 that failed, refused before"
                        + " they were counted or on a connection that broke.'",
            })
    void serverAndClientCountsAreCompared(long counted, Long items, String reason, String note) {
        ClientCount client = Pages.client(1000, 990, 10, 5);
        OptionalLong itemsCounted = items == null ? OptionalLong.empty() : OptionalLong.of(items);
        assertThat(client.othersAmong(counted, itemsCounted)).isEqualTo(Optional.ofNullable(reason));
        assertThat(client.difference(counted, itemsCounted)).isEqualTo(Optional.ofNullable(note));
    }

    /** Of 1000 requests 990 were answered rightly; 10 may differ. */
    @ParameterizedTest
    @CsvSource({"980, false", "979, true"})
    void aServerThatCountedFewerThanWereAnsweredAnsweredAPart(long counted, boolean elsewhere) {
        assertThat(Pages.client(1000, 990, 10, 5).answeredElsewhere(counted)).isEqualTo(elsewhere);
    }

    @Test
    void singleTextsOfOthersAreNotSplitRequests() {
        ClientCount client = Pages.client(100, 100, 64, 5);
        assertThat(client.othersAmong(400, OptionalLong.of(6700))).isPresent();
        assertThat(client.othersAmong(400, OptionalLong.of(6464))).isEmpty();
    }

    @Test
    void aMultipleOfFewRequestsMayBeChance() {
        ClientCount client = Pages.client(7, 7, 1, 1);
        assertThat(client.othersAmong(14, OptionalLong.empty())).isPresent();
    }

    @Test
    void inAShortLevelTheCountsMayDifferByTheConcurrency() {
        ClientCount client = Pages.client(20, 20, 1, 3);
        assertThat(client.othersAmong(23, OptionalLong.of(23))).isEmpty();
        assertThat(client.othersAmong(24, OptionalLong.of(24))).isPresent();
    }
}
