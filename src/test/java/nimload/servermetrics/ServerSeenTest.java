package nimload.servermetrics;

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
                .share(new ClientCount(400, 400, 64, 1));
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
                    .share(new ClientCount(200, 200, 64, 1));
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
        assertThat(run(3, 4000).share(new ClientCount(3, 0, 64, 1)).gpu().joulesPer1000Items())
                .isEmpty();
    }

    /** Of a client that sent 1000 requests of 10 items at concurrency 5. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1000, 10000, -, -",
                "1005, 10050, -, 'The server counted 1005 requests, this client sent 1000.'",
                "1010, 10100, -, 'The server counted 1010 requests, this client sent 1000.'",
                "990, 9900, -, 'The server counted 990 requests, this client sent 1000.'",
                "1011, 10110, 'someone else used the NIM: server counted 1011 requests, this client sent 1000', "
                        + "'The server counted 1011 requests, this client sent 1000: someone else used the NIM.'",
                "1120, -, 'someone else used the NIM: server counted 1120 requests, this client sent 1000', "
                        + "'The server counted 1120 requests, this client sent 1000: someone else used the NIM.'",
                "3500, 10000, -, 'The server counted 3500 requests, this client sent 1000: it splits each request"
                        + " into several.'",
                "4000, -, -, 'The server counted 4000 requests, this client sent 1000: it splits each request"
                        + " into several.'",
                "1120, 10101, 'someone else used the NIM: server counted 1120 requests, this client sent 1000', "
                        + "'The server counted 1120 requests, this client sent 1000: someone else used the NIM.'",
                "500, 5000, -, 'The server counted 500 requests, this client sent 1000: another server behind this"
                        + " address answered the rest, or the NIM refused them uncounted.'",
            })
    void serverAndClientCountsAreCompared(long counted, Long items, String reason, String note) {
        ClientCount client = new ClientCount(1000, 990, 10, 5);
        OptionalLong itemsCounted = items == null ? OptionalLong.empty() : OptionalLong.of(items);
        assertThat(client.othersAmong(counted, itemsCounted)).isEqualTo(Optional.ofNullable(reason));
        assertThat(client.difference(counted, itemsCounted)).isEqualTo(Optional.ofNullable(note));
    }

    @Test
    void singleTextsOfOthersAreNotSplitRequests() {
        ClientCount client = new ClientCount(100, 100, 64, 5);
        assertThat(client.othersAmong(400, OptionalLong.of(6700))).isPresent();
        assertThat(client.othersAmong(400, OptionalLong.of(6464))).isEmpty();
    }

    @Test
    void aMultipleOfFewRequestsMayBeChance() {
        ClientCount client = new ClientCount(7, 7, 1, 1);
        assertThat(client.othersAmong(14, OptionalLong.empty())).isPresent();
    }

    @Test
    void inAShortLevelTheCountsMayDifferByTheConcurrency() {
        ClientCount client = new ClientCount(20, 20, 1, 3);
        assertThat(client.othersAmong(23, OptionalLong.of(23))).isEmpty();
        assertThat(client.othersAmong(24, OptionalLong.of(24))).isPresent();
    }
}
