package nimload.servermetrics;

import static nimload.servermetrics.Pages.client;
import static nimload.servermetrics.Pages.model;
import static nimload.servermetrics.Pages.reading;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import nimload.results.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WitnessesTest {
    private static final String E5 = "nvidia/nv-embedqa-e5-v5";
    private static final ClientCount SENT_100 = client(100, 100, 64, 3);

    private static ServerSeen held(ClientCount client, Reading begin, Reading... later) {
        List<Reading> during = new ArrayList<>(List.of(later));
        Reading end = during.remove(during.size() - 1);
        return new LevelReadings(E5, begin, during, Optional.of(end))
                .meaning(List.of())
                .heldAgainst(client);
    }

    /** A page of one of two replicas, which has answered {@code done} requests of this level. */
    private static String replica(long base, long done, double utilization, double watts, long joules, String uuid) {
        String labels = "{model=\"nvidia_nv_embedqa_e5_v5\",version=\"1\"} ";
        long requests = base + done;
        return String.join(
                        "\n",
                        "nv_inference_request_success" + labels + requests,
                        "nv_inference_count" + labels + requests * 64,
                        "nv_inference_exec_count" + labels + requests,
                        "nv_inference_request_duration_us" + labels + requests * 13_000,
                        "nv_inference_queue_duration_us" + labels + requests * 2_000,
                        "nv_inference_compute_infer_duration_us" + labels + requests * 9_000)
                + gpu(utilization, watts, joules, uuid);
    }

    private static String gpu(double utilization, double watts, long joules, String uuid) {
        return String.format(
                Locale.ROOT,
                "%nnv_gpu_utilization{gpu_uuid=\"%4$s\"} %1$s%nnv_gpu_power_usage{gpu_uuid=\"%4$s\"} %2$s%n"
                        + "nv_energy_consumption{gpu_uuid=\"%4$s\"} %3$d",
                utilization,
                watts,
                joules,
                uuid);
    }

    private static void assertNothingIsUsed(ServerSeen seen, ClientCount client) {
        assertThat(seen.gpu()).isEqualTo(GpuSeen.NOTHING);
        assertThat(seen.times()).isEqualTo(TimesSeen.NOTHING);
        assertThat(seen.requestsCounted()).isEmpty();
        assertThat(seen.itemsCounted()).isEmpty();
        assertThat(seen.series()).isEmpty();
        assertThat(seen.sharedWithOthers(client)).isEmpty();
        assertThat(seen.share(client).gpu().joulesPer1000Items()).isEmpty();
    }

    @Test
    void aLevelReadFromReplicaAThenBUsesNothingBecauseTheGpusDiffer() {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0.1, 70, 1000, "A")),
                reading(1, replica(90_000, 25, 0.9, 350, 900_000, "B")),
                reading(2, replica(90_000, 50, 0.9, 350, 900_700, "B")));
        assertNothingIsUsed(seen, SENT_100);
        assertThat(seen.samples()).isEqualTo(3);
        assertThat(seen.notes())
                .containsExactly("The pages before and during the level are not of one server: GPU A, then B. Replicas"
                        + " share this address, or the server restarted; nothing of these pages is used.");
    }

    @Test
    void aLevelReadFromReplicaAThenBWithoutUuidsUsesNothingBecauseTheEnergyIsImpossible() {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0.1, 70, 1000, "0")),
                reading(1, replica(90_000, 25, 0.9, 350, 900_000, "0")),
                reading(2, replica(90_000, 50, 0.9, 350, 900_700, "0")));
        assertNothingIsUsed(seen, SENT_100);
        assertThat(seen.notes())
                .endsWith("The pages before and after the level are not of one server: its count grew by 89,050"
                        + " requests, and 899,700 J in 2.0 s would be 449,850 W where the power was 350 W. Nothing of"
                        + " these pages is used.");
    }

    @Test
    void withoutGpuFiguresTooManyBatchesAtOnceShowTwoServers() {
        ServerSeen seen = held(SENT_100, reading(0, model(E5, 1000)), reading(2, model(E5, 90_000)));
        assertNothingIsUsed(seen, SENT_100);
        assertThat(seen.notes())
                .containsExactly(
                        "The pages before and after the level are not of one server: its count grew by 89,000"
                                + " requests, and 111 batches would be in computation at once. Nothing of these pages is used.");
    }

    @ParameterizedTest
    @CsvSource({"A, B, A", "0, 0, 0"})
    void aLevelReadFromAThenBThenAUsesNothing(String first, String second, String third) {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0.1, 70, 1000, first)),
                reading(1, replica(90_000, 25, 0.9, 350, 900_000, second)),
                reading(2, replica(1000, 50, 0.9, 350, 1700, third)));
        assertThat(seen.requestsCounted()).isEmpty();
        assertThat(seen.gpu().energyJoules()).isEmpty();
        assertThat(seen.sharedWithOthers(SENT_100)).isEmpty();
        assertThat(seen.notes())
                .singleElement()
                .asString()
                .startsWith(
                        first.equals(second)
                                ? "The server's counters fell during the level"
                                : "The pages before and during the level are not of one server: GPU A, then B.");
    }

    @Test
    void pinnedToTheIdleReplicaNothingIsUsedAndANoteNamesTheOther() {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0, 70, 1000, "A")),
                reading(1, replica(1000, 0, 0, 70, 1070, "A")),
                reading(2, replica(1000, 0, 0, 70, 1140, "A")));
        assertNothingIsUsed(seen, SENT_100);
        assertThat(seen.notes())
                .endsWith("The server counted none of the 100 requests that were answered: another replica behind this"
                        + " address answered them, so nothing of these pages is used.");
    }

    @Test
    void aBusyGpuKeepsItsFiguresAlthoughItsServerCountedNothing() {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0.9, 350, 1000, "A")),
                reading(2, replica(1000, 0, 0.9, 350, 1700, "A")));
        assertThat(seen.requestsCounted()).hasValue(0);
        assertThat(seen.gpu().utilization().value()).hasValue(0.9);
        assertThat(seen.gpu().energyJoules()).isEmpty();
        assertThat(seen.share(SENT_100).notes())
                .contains(
                        "The server counted 100 requests fewer than this client sent (0 and 100): another replica behind"
                                + " this address answered them.");
    }

    @Test
    void aReplicaThatAnsweredAPartKeepsItsFiguresButNotTheEnergyOfAll() {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0.1, 70, 1000, "A")),
                reading(1, replica(1000, 25, 0.9, 350, 1350, "A")),
                reading(2, replica(1000, 50, 0.9, 350, 1700, "A")));
        assertThat(seen.requestsCounted()).hasValue(50);
        assertThat(seen.gpu().energyJoules()).isEmpty();
        assertThat(seen.gpu().powerWatts().value()).hasValue(350);
        assertThat(seen.notes())
                .contains("The figures are those of one server, which answered 50 of 100 requests. Energy left out: the"
                        + " others' is unknown.");
    }

    /** What a page says of its server, before and after a level. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "process_start_time_seconds 1.7e9 | process_start_time_seconds 1.70001e9"
                        + " | process_start_time_seconds 1700000000, then 1700010000",
                "process_start_time_seconds 1.7e9 | process_start_time_seconds 1700000001 | ",
                "x{pod=\"nim-0\"} 1 | x{pod=\"nim-1\"} 1 | host nim-0, then nim-1",
                "x{Hostname=\"nim-0\"} 1 | x{Hostname=\"nim-0\"} 1 | ",
                "x{gpu_uuid=\"GPU-1\"} 1 | x 1 | ",
                "x{UUID=\"\\n\u001b[31mred\"} 1 | x{UUID=\"GPU-2\"} 1 | GPU [31mred, then GPU-2",
            })
    void readingsOfOneServerHaveTheSameGpuHostAndStart(String begin, String end, String difference) {
        ServerSeen seen = held(SENT_100, reading(0, model(E5, 0), begin), reading(2, model(E5, 100), end));
        assertThat(seen.requestsCounted().isEmpty()).isEqualTo(difference != null);
        if (difference == null) {
            assertThat(seen.notes()).isEmpty();
        } else {
            assertThat(seen.notes())
                    .containsExactly(
                            "The pages before and after the level are not of one server: " + difference
                                    + ". Replicas share this address, or the server restarted; nothing of these pages is used.");
        }
    }

    @Test
    void anotherUserOfOneServerIsStillSeen() {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0.1, 70, 1000, "A")),
                reading(2, replica(1000, 200, 0.9, 350, 1700, "A")));
        assertThat(seen.sharedWithOthers(SENT_100))
                .contains("someone else used the NIM: server counted 200 requests, this client sent 100");
    }

    @Test
    void ofOneNamedServerAnImpossibleEnergyIsAWrongUnitAndTheOtherUserIsStillSeen() {
        ServerSeen seen = held(
                SENT_100,
                reading(0, replica(1000, 0, 0.1, 70, 0, "GPU-0a")),
                reading(2, replica(1000, 200, 0.9, 350, 700_000, "GPU-0a")));
        assertThat(seen.sharedWithOthers(SENT_100))
                .contains("someone else used the NIM: server counted 200 requests, this client sent 100");
        assertThat(seen.gpu().energyJoules()).isEmpty();
        assertThat(seen.notes())
                .contains("Energy left out: 700,000 J in 2.0 s would be 350,000 W where the power was 350 W.");
    }

    /** Over 2 s, in which this client's 100 requests were answered; lines before and after. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nv_energy_consumption 0 | nv_energy_consumption 899700; nv_gpu_power_usage 350"
                        + " | Energy left out: 899,700 J in 2.0 s would be 449,850 W where the power was 350 W.",
                "nv_energy_consumption 0 | nv_energy_consumption 899700"
                        + " | Energy left out: 899,700 J in 2.0 s would be 449,850 W.",
                "nv_energy_consumption 0 | nv_energy_consumption 2900; nv_gpu_power_usage 350"
                        + " | Energy left out: 2,900 J in 2.0 s would be 1,450 W where the power was 350 W.",
                "nv_gpu_power_limit 700 | nv_gpu_power_limit 700; nv_gpu_power_usage 1200"
                        + " | Power left out: 1,200 W at a limit of 700 W.",
                "x 1 | nv_gpu_power_usage 350000 | Power left out: no GPU takes 350,000 W.",
                "x 1 | nv_gpu_power_usage 0.35 | Power left out: no GPU takes 0.35 W.",
                "x 1 | nv_gpu_utilization 8700 | GPU utilisation left out: 8,700 is neither a share nor a percentage.",
                "x 1 | nv_gpu_memory_used_bytes 81e9; nv_gpu_memory_total_bytes 80e9"
                        + " | GPU memory left out: 81,000,000,000 bytes in use of 80,000,000,000.",
            })
    void aGpuFigureThatAnotherContradictsIsLeftOutAndNamed(String begin, String end, String note) {
        ServerSeen seen =
                held(SENT_100, reading(0, model(E5, 0), begin), reading(2, model(E5, 100), end.replace("; ", "\n")));
        assertThat(seen.notes()).contains(note);
        String what = note.substring(0, note.indexOf(" left out"));
        assertThat(seen.gpu().energyJoules()).isEmpty();
        assertThat(seen.gpu().powerWatts().value().isPresent())
                .isEqualTo(what.equals("Energy") && end.contains("power"));
        assertThat(seen.gpu().utilization().value()).isEmpty();
        assertThat(seen.gpu().memoryUsedBytes()).isEmpty();
        assertThat(seen.series().keySet())
                .isEqualTo(end.contains("power") && what.equals("Energy") ? Set.of("gpuPowerWatts") : Set.of());
        assertThat(seen.requestsCounted()).hasValue(100);
    }

    @ParameterizedTest
    @CsvSource({"2800, true", "2900, false", "450, true", "400, false"})
    void energyMayDifferFromPowerByTheLastStepAndAFactorOf2(long joules, boolean taken) {
        Reading[] later = new Reading[4];
        for (int i = 1; i <= 4; i++) {
            later[i - 1] = reading(
                    i * 0.5, model(E5, 25 * i), "nv_energy_consumption " + joules * i / 4, "nv_gpu_power_usage 560");
        }
        ServerSeen seen = held(SENT_100, reading(0, model(E5, 0), "nv_energy_consumption 0"), later);
        assertThat(seen.gpu().energyJoules().isPresent()).isEqualTo(taken);
    }

    /** Means of a request in ms. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "13, 2, 10, -",
                "10, 2, 9, -",
                "10, 2, 9.1, 'Queue, computation and time in the server left out: 11.100 ms of queue and computation in a"
                        + " request of 10.000 ms.'",
                "66, 2, 10, -",
                "67, 2, 10, 'Time in the server left out: 6.7 s over all requests; here they took 6.6 s at most.'",
                "13000, 2, 10, 'Time in the server left out: 1,300.0 s over all requests; here they took 6.6 s at most.'",
                "13, 2000, 10, 'Queue and computation left out: 201.0 s over all requests; here they took 6.6 s at most.'",
            })
    void timesThatContradictOneAnotherOrTheClientsClockAreLeftOut(
            double request, double queue, double compute, String note) {
        ServerSeen seen =
                held(SENT_100, reading(0, times(0, 0, 0, 0)), reading(2, times(100, request, queue, compute)));
        if (note == null) {
            assertThat(seen.notes()).isEmpty();
            assertThat(seen.times().requestMs().value()).hasValue(request);
            assertThat(seen.times().queueMs().value()).hasValue(queue);
        } else {
            assertThat(seen.notes()).containsExactly(note);
            assertThat(seen.times().requestMs().value().isEmpty()).isEqualTo(note.contains("in the server"));
            assertThat(seen.times().queueMs().value().isEmpty()).isEqualTo(note.startsWith("Queue"));
        }
    }

    private static String times(int requests, double request, double queue, double compute) {
        String labels = "{model=\"" + E5 + "\"} ";
        return String.join(
                "\n",
                "nv_inference_request_success" + labels + requests,
                "nv_inference_request_duration_us" + labels + requests * request * 1000,
                "nv_inference_queue_duration_us" + labels + requests * queue * 1000,
                "nv_inference_compute_infer_duration_us" + labels + requests * compute * 1000);
    }

    @Test
    void theServersTimeCannotExceedTheClientsOwnLatency() {
        // 100 requests of 10 ms, one after another, measured in 1 of 1.2 s.
        ClientCount client = new ClientCount(new Ledger(100, 0, 100, 0, 0), 1, 1, 1, 1);
        assertThat(held(client, reading(0, times(0, 0, 0, 0)), reading(1.2, times(100, 13, 2, 9)))
                        .notes())
                .isEmpty();
        assertThat(held(client, reading(0, times(0, 0, 0, 0)), reading(1.2, times(100, 13.5, 2, 9)))
                        .notes())
                .containsExactly("Time in the server left out: 1.4 s over all requests; here they took 1.3 s at most.");
    }

    @Test
    void moreBatchesThanItemsAreNoMeanBatch() {
        String labels = "{model=\"" + E5 + "\"} ";
        ServerSeen seen = held(
                SENT_100,
                reading(
                        0,
                        "nv_inference_request_success" + labels + 0,
                        "nv_inference_count" + labels + 0,
                        "nv_inference_exec_count" + labels + 0),
                reading(
                        2,
                        "nv_inference_request_success" + labels + 100,
                        "nv_inference_count" + labels + 100,
                        "nv_inference_exec_count" + labels + 200));
        assertThat(seen.times().batch().value()).isEmpty();
        assertThat(seen.notes()).containsExactly("Mean batch left out: 200 batches of 100 items.");
    }

    @Test
    void aMetricThatTwoPagesHaveIsTakenFromOne() {
        Reading both = Reading.of(
                0,
                PrometheusText.parse("nv_gpu_power_usage 300\ngpu_utilization 87\nprocess_start_time_seconds 5"),
                PrometheusText.parse("nv_gpu_power_usage 301\nnv_gpu_utilization 0.87\n" + model(E5, 3)));
        assertThat(both.of(Metric.GPU_POWER_WATTS, Reading.NO_MODEL)).hasValue(300);
        assertThat(both.of(Metric.GPU_UTILIZATION, Reading.NO_MODEL)).hasValue(0.87);
        assertThat(both.fullUtilization()).hasValue(1);
        assertThat(both.countsRequestsOf(E5)).isTrue();
        assertThat(both.countsRequestsOf("nvidia/llama-3.2-nv-rerankqa-1b-v2")).isFalse();
    }
}
