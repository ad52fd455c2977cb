package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Replica;
import nimload.servermetrics.LevelReadings;
import nimload.servermetrics.PrometheusText;
import nimload.servermetrics.Reading;
import nimload.servermetrics.ServerSeen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A level on several replicas. */
class ReplicasTest {
    private static final long SECOND = 1_000_000_000;

    /** One request after another within a window of 1 s. */
    private static ReplicaSamples replica(String url, int users, int requests, long inFlightMicros) {
        ReplicaRecorder recorder = new ReplicaRecorder(url, users);
        recorder.open(0);
        recorder.close(SECOND);
        LongStream.range(0, requests).forEach(request -> {
            recorder.ledger().sent();
            recorder.ended(0, inFlightMicros * 1000 / requests);
            recorder.ledger().ended(true, true);
            recorder.success((request + 1) * 1_000_000);
        });
        return recorder.samples();
    }

    private static LoadPointResult level(
            int concurrency, List<ReplicaSamples> replicas, List<Optional<ServerSeen>> servers) {
        LoadPoint point = new LoadPoint(Workload.QUERY, 20, 0, 1, concurrency);
        LoadPointResult clean = RecordedLevel.clean(point).result(point);
        return new LoadPointResult(
                point,
                clean.samples(),
                replicas,
                clean.tokenCheck(),
                clean.machine(),
                Observations.of(servers),
                clean.ended(),
                List.of());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2, 1000000, 1100000, -",
                "2, 1000000, 1100010, 'uneven: 1.10 requests in flight on one replica, 1.00 on another; one answers more"
                        + " slowly or fails'",
                "3, 2000000, 1000000, 'uneven: 2.00 requests in flight on one replica, 1.00 on another; give a concurrency"
                        + " that 2 divides'",
                "1, 1000000, 0, 'uneven: 1.00 requests in flight on one replica, 0.00 on another; give a concurrency that 2"
                        + " divides'"
            })
    void atMostATenthMoreInFlightOnOneReplicaThanOnAnother(int concurrency, long inFlight, long other, String reason) {
        List<String> reasons = level(
                        concurrency, List.of(replica("a", 1, 10, inFlight), replica("b", 1, 10, other)), List.of())
                .reasonsAgainst();

        assertThat(reasons.stream().filter(text -> text.startsWith("uneven")))
                .isEqualTo(reason == null ? List.of() : List.of(reason));
    }

    private static Optional<ServerSeen> counted(int requests) {
        String name = "nv_inference_request_success ";
        return Optional.of(new LevelReadings(
                        "m",
                        Reading.of(0, PrometheusText.parse(name + 0)),
                        List.of(),
                        Optional.of(Reading.of(1, PrometheusText.parse(name + requests))))
                .meaning(List.of()));
    }

    @Test
    void eachReplicaIsHeldAgainstItsOwnShare() {
        LoadPointResult level = level(
                2,
                List.of(replica("http://a", 1, 100, 900_000), replica("http://b", 1, 50, 900_000)),
                List.of(counted(100), counted(60)));

        Replica a = level.results().replicas().get(0);
        Replica b = level.results().replicas().get(1);
        assertThat(a.server().orElseThrow().requestsSent()).hasValue(100);
        assertThat(a.requestsPerSecond()).hasValue(100);
        assertThat(a.p50Ms()).hasValue(50);
        assertThat(a.p95Ms()).hasValue(95);
        assertThat(a.inFlight()).hasValue(0.9);
        assertThat(b.p50Ms()).hasValue(25);
        assertThat(b.server().orElseThrow().requestsCounted()).hasValue(60);
        assertThat(level.reasonsAgainst())
                .contains("someone else used the NIM: server counted 60 requests, this client sent 50 (http://b)");
    }

    @Test
    void repeatsAreSummedReplicaByReplica() {
        List<Optional<ServerSeen>> servers = List.of(counted(10), counted(20));
        LoadPointResult run = level(2, List.of(replica("a", 1, 10, 500_000), replica("b", 1, 20, 500_000)), servers);

        LoadPointResult both = LoadPointResult.together(List.of(run, run));

        assertThat(both.results().replicas())
                .extracting(Replica::requests, Replica::requestsPerSecond, Replica::inFlight)
                .containsExactly(
                        tuple(20L, OptionalDouble.of(10), OptionalDouble.of(0.5)),
                        tuple(40L, OptionalDouble.of(20), OptionalDouble.of(0.5)));
        assertThat(both.results().replicas().get(1).server().orElseThrow().requestsCounted())
                .hasValue(40);
    }

    @Test
    void severalServersBehindOneAddressAreAReason() {
        assertThat(RecordedLevel.clean(RecordedLevel.QUERY)
                        .result(RecordedLevel.QUERY)
                        .reasonsAgainst())
                .isEmpty();
        ServerSeen mixed = new LevelReadings(
                        "m",
                        Reading.of(0, PrometheusText.parse("nv_gpu_utilization{gpu_uuid=\"GPU-a\"} 0.5")),
                        List.of(),
                        Optional.of(Reading.of(1, PrometheusText.parse("nv_gpu_utilization{gpu_uuid=\"GPU-b\"} 0.5"))))
                .meaning(List.of());
        LoadPointResult clean = RecordedLevel.clean(RecordedLevel.QUERY).result(RecordedLevel.QUERY);

        assertThat(new LoadPointResult(
                                clean.point(),
                                clean.samples(),
                                clean.tokenCheck(),
                                clean.machine(),
                                Observations.of(mixed),
                                clean.ended())
                        .reasonsAgainst())
                .containsExactly("not of one server: GPU GPU-a, then GPU-b; several share this address");
    }
}
