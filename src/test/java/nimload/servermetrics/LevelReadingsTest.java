package nimload.servermetrics;

import static nimload.servermetrics.Pages.client;
import static nimload.servermetrics.Pages.gpus;
import static nimload.servermetrics.Pages.model;
import static nimload.servermetrics.Pages.reading;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import nimload.results.ServerShare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelReadingsTest {
    private static final String E5 = "nvidia/nv-embedqa-e5-v5";

    private static ServerSeen seen(Reading begin, Reading... later) {
        return new LevelReadings(
                        E5, begin, List.of(later).subList(0, later.length - 1), Optional.of(later[later.length - 1]))
                .meaning(List.of());
    }

    /** For a client whose requests of 64 texts were all answered. */
    private static ServerShare share(ServerSeen seen, long requests) {
        return seen.share(client(requests, requests, 64, 5));
    }

    @Test
    void countersAreDifferencesAndTimesAreThoseOfARequest() {
        ServerShare share = share(seen(reading(0, model(E5, 400)), reading(5, model(E5, 1400))), 1000);
        assertThat(share.samples()).isEqualTo(2);
        assertThat(share.requestsCounted()).hasValue(1000);
        assertThat(share.requestsSent()).hasValue(1000);
        assertThat(share.times().meanBatch()).hasValue(256);
        assertThat(share.times().queueMs()).hasValue(2);
        assertThat(share.times().computeMs()).hasValue(10);
        assertThat(share.times().requestMs()).hasValue(13);
        assertThat(share.notes()).isEmpty();
    }

    @Test
    void missingMetricsAreEmptyAndNot0() {
        ServerShare share = share(
                seen(reading(0, "nv_inference_request_success 5"), reading(1, "nv_inference_request_success 6")), 1);
        assertThat(share.requestsCounted()).hasValue(1);
        assertThat(share.gpu().gpuUtilization()).isEmpty();
        assertThat(share.gpu().gpuUtilizationMax()).isEmpty();
        assertThat(share.gpu().gpuPowerWatts()).isEmpty();
        assertThat(share.gpu().gpuPowerWattsMax()).isEmpty();
        assertThat(share.gpu().gpuMemoryUsedBytes()).isEmpty();
        assertThat(share.gpu().gpuMemoryTotalBytes()).isEmpty();
        assertThat(share.gpu().energyJoules()).isEmpty();
        assertThat(share.gpu().joulesPer1000Items()).isEmpty();
        assertThat(share.times().meanBatch()).isEmpty();
        assertThat(share.times().queueMs()).isEmpty();
        assertThat(share.times().computeMs()).isEmpty();
        assertThat(share.times().requestMs()).isEmpty();
        assertThat(share.times().pendingMax()).isEmpty();
        assertThat(share.series()).isEmpty();
    }

    @Test
    void gpusAreTakenTogetherAndTheirUtilisationIsAMean() {
        ServerShare share = share(
                seen(
                        reading(0, model(E5, 0), gpus(new double[] {0, 100, 1e9, 5000}, new double[] {0, 110, 2e9, 0})),
                        reading(1, gpus(new double[] {0.5, 400, 1e9, 5400}, new double[] {1, 500, 2e9, 500})),
                        reading(2, gpus(new double[] {0.9, 600, 3e9, 6000}, new double[] {1, 700, 2e9, 1200})),
                        reading(2.5, model(E5, 100), gpus(new double[] {0.1, 200, 1e9, 6100}, new double[] {
                            0.1, 300, 2e9, 1300
                        }))),
                100);
        assertThat(share.gpu().gpuUtilization()).hasValue(0.6);
        assertThat(share.gpu().gpuUtilizationMax()).hasValue(0.95);
        assertThat(share.gpu().gpuPowerWatts()).hasValue(900);
        assertThat(share.gpu().gpuPowerWattsMax()).hasValue(1300);
        assertThat(share.gpu().gpuMemoryUsedBytes()).hasValue(5e9);
        assertThat(share.gpu().gpuMemoryTotalBytes()).hasValue(300e9);
        assertThat(share.gpu().energyJoules()).hasValue(2400);
        assertThat(share.gpu().joulesPer1000Items()).hasValue(375);
        assertThat(share.series().keySet())
                .containsExactlyInAnyOrder("gpuUtilization", "gpuPowerWatts", "gpuMemoryUsedBytes");
        assertThat(share.series().get("gpuPowerWatts"))
                .containsExactly(new double[] {1, 900}, new double[] {2, 1300}, new double[] {2.5, 500});
        assertThat(share.notes())
                .containsExactly("Energy may be off by up to 33 %: the server's counter moved only 3 times during"
                        + " the level.");
    }

    @Test
    void theNamesOfSiblingNimsAreKnownToo() {
        ServerShare share = share(
                seen(
                        reading(0, "gpu_total_energy_consumption_joules 10", "nv_inference_request_success_total 1"),
                        reading(
                                1,
                                "gpu_utilization{gpu=\"0\"} 0.25",
                                "gpu_power_usage_watts 300",
                                "gpu_memory_used_bytes 5",
                                "gpu_memory_total_bytes 10",
                                "gpu_total_energy_consumption_joules 310",
                                "nv_inference_request_success_total 3")),
                2);
        assertThat(share.gpu().gpuUtilization()).hasValue(0.25);
        assertThat(share.gpu().gpuPowerWatts()).hasValue(300);
        assertThat(share.gpu().gpuMemoryUsedBytes()).hasValue(5);
        assertThat(share.gpu().gpuMemoryTotalBytes()).hasValue(10);
        assertThat(share.gpu().energyJoules()).hasValue(300);
        assertThat(share.requestsCounted()).hasValue(2);
    }

    @Test
    void ofTwoNamesForTheSameThingOneIsTaken() {
        assertThat(seen(
                                reading(0, model(E5, 0)),
                                reading(1, model(E5, 0), "nv_gpu_power_usage 300", "gpu_power_usage_watts 299"))
                        .gpu()
                        .powerWatts()
                        .value())
                .hasValue(300);
    }

    @Test
    void utilisationAbove1IsPercentAndANoteSaysSo() {
        ServerSeen seen = seen(
                reading(0, model(E5, 0)),
                reading(1, "gpu_utilization 1"),
                reading(2, model(E5, 0), "gpu_utilization 87"));
        assertThat(seen.gpu().utilization().value()).hasValue(0.44);
        assertThat(seen.gpu().utilizationMax()).hasValue(0.87);
        assertThat(seen.notes()).contains("The server gave its GPU utilisation in percent.");
    }

    /** Utilisation before the level and twice after its first send. */
    @ParameterizedTest
    @CsvSource({
        "gpu_utilization, 0, 1, 1, 1, true",
        "gpu_utilization, 1, 0, 1, 0.5, true",
        "gpu_utilization, 0, 0, 0, 0, false",
        "gpu_utilization, 3, 1, 1, 0.01, false",
        "gpu_utilization, 0.2, 1, 1, 1, false",
        "gpu_utilization, 0, 0.5, 1, 0.75, false",
        "nv_gpu_utilization, 0, 1, 1, 1, false",
    })
    void utilisationOf1IsTheWholeGpuWithANoteWhereNameAndReadingsLeaveTheScaleOpen(
            String name, double begin, double one, double two, double mean, boolean said) {
        ServerSeen seen =
                seen(reading(0, name + " " + begin), reading(1, name + " " + one), reading(2, name + " " + two));
        assertThat(seen.gpu().utilization().value()).hasValue(mean);
        assertThat(seen.notes().stream().anyMatch(note -> note.contains("0 or 1 throughout: read as a share")))
                .isEqualTo(said);
    }

    @Test
    void impossibleNumbersAreUnknown() {
        ServerSeen seen = seen(
                reading(0, model(E5, 0)),
                reading(1, "nv_gpu_power_usage NaN", "nv_gpu_utilization -1", "nv_gpu_memory_used_bytes +Inf"),
                reading(2, model(E5, 1), "nv_gpu_power_usage 1e300"));
        assertThat(seen.gpu().powerWatts().value()).isEmpty();
        assertThat(seen.gpu().utilization().value()).isEmpty();
        assertThat(seen.gpu().memoryUsedBytes()).isEmpty();
        assertThat(seen.series()).isEmpty();
    }

    @Test
    void energyThatMovesOftenNeedsNoNoteAndEnergyThatStandsStillIsUnknown() {
        Reading[] moving = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> reading(i, model(E5, i), "nv_energy_consumption " + 400 * i))
                .toArray(Reading[]::new);
        ServerSeen often = seen(reading(0, model(E5, 0), "nv_energy_consumption 0"), moving);
        assertThat(often.gpu().energyJoules()).hasValue(12_000);
        assertThat(often.notes()).isEmpty();
        ServerSeen still = seen(reading(0, "nv_energy_consumption 7"), reading(1, "nv_energy_consumption 7"));
        assertThat(still.gpu().energyJoules()).isEmpty();
        assertThat(still.notes()).singleElement().asString().contains("stood still");
    }

    @Test
    void pendingIsThePeakOfTheLevelsModel() {
        ServerSeen seen = seen(
                reading(0, model(E5, 0), model("other", 9)),
                reading(
                        1,
                        "nv_inference_pending_request_count{model=\"" + E5 + "\"} 4",
                        "nv_inference_pending_request_count{model=\"other\"} 70"),
                reading(
                        2,
                        model(E5, 8),
                        model("other", 9),
                        "nv_inference_pending_request_count{model=\"" + E5 + "\"} 0"));
        assertThat(seen.times().pendingMax()).hasValue(4);
        assertThat(seen.series().get("pending")).containsExactly(new double[] {1, 4}, new double[] {2, 0});
    }

    @Test
    void countersThatFallBetweenAnyTwoReadingsAreUnknownAndGaugesOfTheSameGpuStay() {
        String energy = "nv_energy_consumption{gpu_uuid=\"GPU-1\"} ";
        ServerSeen restarted = seen(
                reading(0, model(E5, 400), energy + 900),
                reading(1, model(E5, 3), energy + 950, "nv_gpu_power_usage{gpu_uuid=\"GPU-1\"} 300"),
                reading(2, model(E5, 1000), energy + 999));
        assertThat(restarted.requestsCounted()).isEmpty();
        assertThat(restarted.itemsCounted()).isEmpty();
        assertThat(restarted.gpu().energyJoules()).isEmpty();
        assertThat(restarted.times().batch().value()).isEmpty();
        assertThat(restarted.times().queueMs().value()).isEmpty();
        assertThat(restarted.gpu().powerWatts().value()).hasValue(300);
        assertThat(restarted.notes())
                .singleElement()
                .asString()
                .startsWith("The server's counters fell during the level (nv_inference_request_success)");
    }

    @Test
    void ifCountersFallAndNothingNamesTheGpuItsFiguresMayBeOfTwoServersAndAreLeftOut() {
        ServerSeen mixed = seen(
                reading(0, model(E5, 400), "nv_gpu_utilization 0.1"),
                reading(1, model(E5, 3), "nv_gpu_utilization 0.9"),
                reading(2, model(E5, 500), "nv_gpu_utilization 0.1"));
        assertThat(mixed.gpu()).isEqualTo(GpuSeen.NOTHING);
        assertThat(mixed.series()).isEmpty();
        assertThat(mixed.samples()).isEqualTo(3);
        assertThat(mixed.notes())
                .singleElement()
                .asString()
                .startsWith("The server's counters fell during the level (nv_inference_request_success)");
    }

    /** GPU x goes from 100 J to 200 J, GPU y as given. */
    @ParameterizedTest
    @CsvSource({
        ", 90000",
        "NaN, 90000",
        "90000, ",
        "90000, NaN",
        "-1, 100",
    })
    void energyOfDifferentGpusIsUnknownAndRequestsStay(String begin, String end) {
        ServerSeen seen = seen(
                reading(0, model(E5, 0), "nv_energy_consumption{gpu_uuid=\"x\"} 100", energyOfY(begin)),
                reading(1, model(E5, 8), "nv_energy_consumption{gpu_uuid=\"x\"} 200", energyOfY(end)));
        assertThat(seen.gpu().energyJoules()).isEmpty();
        assertThat(seen.requestsCounted()).hasValue(8);
        assertThat(seen.notes())
                .containsExactly(
                        "The server gave the energy of different GPUs before and after the level: the level's is unknown.");
    }

    private static String energyOfY(String joules) {
        return joules == null ? "" : "nv_energy_consumption{gpu_uuid=\"y\"} " + joules;
    }

    @Test
    void aGpuWhoseEnergyCannotBeReadDuringTheLevelHidesNothing() {
        ServerSeen seen = seen(
                reading(0, model(E5, 0), "nv_energy_consumption{gpu_uuid=\"x\"} 100", energyOfY("900")),
                reading(1, "nv_energy_consumption{gpu_uuid=\"x\"} 150", energyOfY("NaN")),
                reading(2, model(E5, 8), "nv_energy_consumption{gpu_uuid=\"x\"} 200", energyOfY("1000")));
        assertThat(seen.gpu().energyJoules()).hasValue(200);
        assertThat(seen.requestsCounted()).hasValue(8);
    }

    @Test
    void energyUnderAnotherNameIsAnotherCounter() {
        ServerSeen seen = seen(
                reading(0, model(E5, 0), "nv_energy_consumption 100"),
                reading(1, model(E5, 8), "nv_energy_consumption NaN", "gpu_total_energy_consumption_joules 90000"));
        assertThat(seen.gpu().energyJoules()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"100, 200, 50, 49, ", "100, 200, 50, , ", "100, 200, , 5, 105"})
    void aVersionsCounterMayAppearButNotFallOrDisappear(int one, int then, Integer two, Integer last, Long counted) {
        ServerSeen seen = seen(
                reading(0, succeeded(1, one), succeeded(2, two)), reading(1, succeeded(1, then), succeeded(2, last)));
        assertThat(seen.requestsCounted()).isEqualTo(counted == null ? OptionalLong.empty() : OptionalLong.of(counted));
        assertThat(seen.notes())
                .hasSize(counted == null ? 1 : 0)
                .allSatisfy(note -> assertThat(note)
                        .startsWith("The server's counters fell during the level (nv_inference_request_success)"));
    }

    private static String succeeded(int version, Integer requests) {
        return requests == null
                ? ""
                : "nv_inference_request_success{model=\"" + E5 + "\",version=\"" + version + "\"} " + requests;
    }

    @Test
    void withoutTheLastReadingNothingIsCounted() {
        ServerSeen seen = new LevelReadings(
                        E5,
                        reading(0, model(E5, 0)),
                        List.of(reading(1, model(E5, 50), "nv_gpu_power_usage 300")),
                        Optional.empty())
                .meaning(List.of("why"));
        assertThat(seen.requestsCounted()).isEmpty();
        assertThat(seen.times().requestMs().value()).isEmpty();
        assertThat(seen.gpu().powerWatts().value()).hasValue(300);
        assertThat(seen.notes()).containsExactly("why");
    }

    @Test
    void failuresCountFromTheFirstThatCreatesTheirCounter() {
        ServerSeen seen = seen(
                reading(0, "nv_inference_request_success{model=\"" + E5 + "\"} 10"),
                reading(
                        1,
                        "nv_inference_request_success{model=\"" + E5 + "\"} 15",
                        "nv_inference_request_failure{model=\"" + E5 + "\",reason=\"REJECTED\"} 2",
                        "nv_inference_request_failure{model=\"" + E5 + "\",reason=\"OTHER\"} 1"));
        assertThat(seen.requestsCounted()).hasValue(8);
    }

    @ParameterizedTest
    @CsvSource({
        "nvidia/nv-embedqa-e5-v5",
        "nv-embedqa-e5-v5",
        "nvidia_nv_embedqa_e5_v5",
        "nv_embedqa_e5_v5_model",
        "the_only_one"
    })
    void theModelIsRecognisedBySimilarNames(String name) {
        ServerSeen seen =
                seen(reading(0, model(name, 0), model("idle", 7)), reading(1, model(name, 8), model("idle", 7)));
        assertThat(seen.requestsCounted()).hasValue(8);
        assertThat(seen.times().requestMs().value()).hasValue(13);
        assertThat(seen.notes()).isEmpty();
    }

    @Test
    void anotherModelsWorkDoesNotCount() {
        ServerSeen seen =
                seen(reading(0, model(E5, 0), model("other", 0)), reading(1, model(E5, 8), model("other", 4000)));
        assertThat(seen.requestsCounted()).hasValue(8);
        assertThat(seen.notes()).isEmpty();
    }

    @Test
    void anEnsembleIsCountedOnceItsStepsTimesAreAddedAndTheBatchIsTheNetworks() {
        String labels = "{model=\"nv_embedqa_e5_v5_tokenizer\"} ";
        ServerSeen seen = seen(
                reading(
                        0,
                        model("nv_embedqa_e5_v5", 0),
                        model("nv_embedqa_e5_v5_model", 0),
                        "nv_inference_request_success" + labels + "0",
                        "nv_inference_count" + labels + "0",
                        "nv_inference_exec_count" + labels + "0",
                        "nv_inference_queue_duration_us" + labels + "0",
                        "nv_inference_compute_infer_duration_us" + labels + "0"),
                reading(
                        1,
                        model("nv_embedqa_e5_v5", 8)
                                .replace(
                                        "request_duration_us{model=\"nv_embedqa_e5_v5\",version=\"1\"} 104000",
                                        "request_duration_us{model=\"nv_embedqa_e5_v5\",version=\"1\"} 128000"),
                        model("nv_embedqa_e5_v5_model", 8),
                        "nv_inference_request_success" + labels + "8",
                        "nv_inference_count" + labels + "512",
                        "nv_inference_exec_count" + labels + "8",
                        "nv_inference_queue_duration_us" + labels + "4000",
                        "nv_inference_compute_infer_duration_us" + labels + "24000"));
        assertThat(seen.requestsCounted()).hasValue(8);
        assertThat(seen.times().batch().value()).hasValue(256);
        assertThat(seen.times().queueMs().value()).hasValue(2.5);
        assertThat(seen.times().computeMs().value()).hasValue(13);
        assertThat(seen.times().requestMs().value()).hasValue(16);
        assertThat(seen.heldAgainst(client(8, 8, 64, 1)).notes()).isEmpty();
    }

    @Test
    void stepsThatAgreeGiveOneCountAndStepsThatDifferNone() {
        ServerSeen same = seen(
                reading(0, model("tokenizer", 0), model("network", 0)),
                reading(1, model("tokenizer", 8), model("network", 8)));
        assertThat(same.requestsCounted()).hasValue(8);
        assertThat(same.times().requestMs().value())
                .as("of a step, not of the request")
                .isEmpty();
        assertThat(same.notes())
                .containsExactly("The server names no model like nvidia/nv-embedqa-e5-v5; its busy models are taken"
                        + " together: network, tokenizer.");
        ServerSeen different = seen(
                reading(0, model("tokenizer", 0), model("network", 0)),
                reading(1, model("tokenizer", 8), model("network", 4)));
        assertThat(different.requestsCounted()).isEmpty();
        assertThat(different.notes())
                .contains(
                        "The server's models counted different numbers of requests (network, tokenizer): how many came"
                                + " in is unknown.");
    }

    @Test
    void aPageOfAThousandModelsWithEndlessNamesMakesAShortNote() {
        String[] before = new String[1000];
        String[] after = new String[1000];
        for (int i = 0; i < 1000; i++) {
            String name = "nv_inference_request_success{model=\"" + "x".repeat(10_000) + i + "\"} ";
            before[i] = name + 0;
            after[i] = name + i + 1;
        }
        assertThat(seen(reading(0, before), reading(1, after)).notes())
                .hasSize(2)
                .allSatisfy(note -> assertThat(note.length()).isLessThan(800));
    }

    @Test
    void countersThatStandStillCount0() {
        assertThat(seen(reading(0, model(E5, 5)), reading(1, model(E5, 5))).requestsCounted())
                .hasValue(0);
    }
}
