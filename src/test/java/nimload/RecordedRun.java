package nimload;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import nimload.measure.ClientLoad;
import nimload.measure.ErrorKind;
import nimload.measure.LevelRecorder;
import nimload.measure.LoadPointResult;
import nimload.measure.Observations;
import nimload.measure.RecordedLevel;
import nimload.measure.TokenCheck;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.ClientAdds;
import nimload.results.ClientHealth;
import nimload.results.LevelResults;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;
import nimload.servermetrics.LevelReadings;
import nimload.servermetrics.PrometheusText;
import nimload.servermetrics.Reading;
import nimload.servermetrics.ServerSeen;

/**
 * A run of ten levels made from fixed samples: all workloads, repeats, failures, drift, too few samples, server metrics.
 * The window opens with the first send and closes with the last answer.
 *
 * The files under {@code src/test/fixtures/recorded} were written from the same samples. Version d43cc60 wrote
 * their counts, latencies and rates; intervals and drift are those of the rules that hold where latency wanders.
 */
final class RecordedRun {
    private static final long LEVEL_NANOS = 5_000_000_000L;
    private static final List<LoadPoint> POINTS = List.of(
            new LoadPoint(Workload.QUERY, 20, 0, 1, 1),
            new LoadPoint(Workload.QUERY, 20, 0, 1, 3),
            new LoadPoint(Workload.QUERY, 20, 0, 1, 5),
            new LoadPoint(Workload.QUERY, 20, 0, 1, 7),
            new LoadPoint(Workload.PASSAGE, 300, 0, 64, 1),
            new LoadPoint(Workload.PASSAGE, 300, 0, 64, 3),
            new LoadPoint(Workload.PASSAGE, 512, 0, 64, 1),
            new LoadPoint(Workload.RERANKING, 512, 512, 10, 1),
            new LoadPoint(Workload.RERANKING, 512, 512, 10, 3),
            new LoadPoint(Workload.RERANKING, 512, 512, 20, 1));

    private RecordedRun() {}

    /** @param slower by which factor than the fixed samples */
    static RunResults of(String id, double slower) {
        RunInfo info = new RunInfo(
                "nimload 0.1.0",
                id,
                Instant.parse("2026-11-20T10:00:00Z"),
                POINTS.size(),
                false,
                Map.of(
                        "embedding",
                        new TargetResults(
                                "http://10.0.0.5:8000", "nvidia/nv-embedqa-e5-v5", false, Map.of("release", "1.5.0")),
                        "reranking",
                        new TargetResults(
                                "http://10.0.0.6:8000", "nvidia/llama-3.2-nv-rerankqa-1b-v2", false, Map.of())),
                OptionalDouble.of(5),
                OptionalDouble.of(1),
                3,
                Map.of("nim.repeat", "3"),
                Map.of("encodingFormat", "float", "truncate", "END"),
                Map.of("java", "17", "cores", "2"),
                List.of("A note."));
        List<LevelResults> levels = new ArrayList<>();
        for (LoadPoint point : POINTS) {
            int repeats = point.workload() == Workload.PASSAGE ? 1 : 3;
            levels.add(LoadPointResult.together(IntStream.range(0, repeats)
                            .mapToObj(repeat -> level(point, slower, repeat))
                            .toList())
                    .results());
        }
        return RunResults.of(info, levels);
    }

    private static LoadPointResult level(LoadPoint point, double slower, int repeat) {
        List<Request> requests = requests(point, slower, new Random(point.number() * 31L + repeat));
        long first = requests.stream().mapToLong(Request::begin).min().orElseThrow();
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofNanos(LEVEL_NANOS), first);
        requests.forEach(request -> request.record(point, recorder));
        inOrder(requests, recorder);
        if (point.concurrency() == 5) {
            recorder.uncountedFailure(ErrorKind.CONNECTION, "no answer");
        }
        long last = requests.stream().mapToLong(Request::end).max().orElseThrow();
        return new LoadPointResult(
                point,
                RecordedLevel.closed(recorder, last),
                new TokenCheck(point.tokensPerItem(), 0, true),
                new ClientLoad(OptionalDouble.of(0.42), OptionalDouble.of(0.21)),
                seen(point, requests.size()),
                Instant.parse("2026-11-20T10:0" + repeat + ":00Z"));
    }

    private record Request(int number, long gap, long begin, long end, boolean fails) {
        void record(LoadPoint point, LevelRecorder recorder) {
            recorder.gap(gap);
            if (fails) {
                ErrorKind kind = number % 3 == 0 ? ErrorKind.http(503) : ErrorKind.TIMEOUT;
                recorder.failure(end, kind, "HTTP 503: queue, \"full\"", false);
            } else {
                OptionalLong tokens = OptionalLong.of((long) point.items() * point.tokensPerItem());
                recorder.success(begin, end, tokens, number % 64 == 0, 0);
            }
        }
    }

    /** Each user's requests follow one another. */
    private static List<Request> requests(LoadPoint point, double slower, Random random) {
        double base = Math.max(
                1_500_000, slower * point.items() * point.tokensPerItem() * 2_000.0 * Math.sqrt(point.concurrency()));
        boolean drifting = point.workload() == Workload.PASSAGE && point.concurrency() == 3;
        boolean failing = point.concurrency() == 7;
        long[] now = new long[point.concurrency()];
        List<Request> requests = new ArrayList<>();
        for (int user = 0; now[user] <= LEVEL_NANOS; user = first(now)) {
            long gap = 20_000 + random.nextInt(40_000);
            long begin = now[user] + gap;
            double noise = 0.2 * random.nextDouble() + (random.nextInt(50) == 0 ? 1.5 : 0);
            long end = begin + Math.round(base * (1 + noise + (drifting ? now[user] / 2e10 : 0)));
            int number = requests.size();
            requests.add(new Request(number, gap, begin, end, failing && number % 40 == 11));
            now[user] = end;
        }
        return requests;
    }

    /** Sends and ends as they came one after another. */
    private static void inOrder(List<Request> requests, LevelRecorder recorder) {
        List<Request> bySend = new ArrayList<>(requests);
        bySend.sort(Comparator.comparingLong(Request::begin));
        int sent = 0;
        List<Request> byEnd = new ArrayList<>(requests);
        byEnd.sort(Comparator.comparingLong(Request::end));
        for (Request ended : byEnd) {
            while (sent < bySend.size() && bySend.get(sent).begin() <= ended.end()) {
                recorder.sent(bySend.get(sent++).begin());
            }
            recorder.ended(ended.begin(), ended.end());
        }
    }

    private static int first(long[] now) {
        int first = 0;
        for (int user = 1; user < now.length; user++) {
            first = now[user] < now[first] ? user : first;
        }
        return first;
    }

    private static Observations seen(LoadPoint point, long sent) {
        Observations client = Observations.of(new ClientHealth(
                        OptionalLong.of(2),
                        OptionalDouble.of(7),
                        OptionalDouble.of(4),
                        500,
                        OptionalDouble.of(0.031),
                        OptionalDouble.of(0.052),
                        OptionalDouble.of(0.113),
                        OptionalDouble.of(1.25),
                        OptionalDouble.empty()))
                .and(Observations.of(new ClientAdds(
                        point.concurrency(),
                        200,
                        5,
                        OptionalDouble.of(0.153),
                        OptionalDouble.of(0.504),
                        OptionalDouble.of(0.057))));
        return point.workload() == Workload.RERANKING ? client : client.and(Observations.of(server(sent)));
    }

    private static ServerSeen server(long sent) {
        return new LevelReadings(
                        "m",
                        reading(0, 100, 1000),
                        List.of(reading(1, 100 + sent / 2, 1500), reading(2, 100 + sent / 2 + 1, 1700)),
                        Optional.of(reading(5, 100 + sent, 2200)))
                .meaning(List.of());
    }

    private static Reading reading(double seconds, long requests, long joules) {
        String model = "{model=\"m\",version=\"1\"} ";
        String gpu = "{gpu_uuid=\"GPU-0\"} ";
        return Reading.of(
                seconds,
                PrometheusText.parse(String.join(
                        "\n",
                        "nv_inference_request_success" + model + requests,
                        "nv_inference_request_failure" + model + "0",
                        "nv_inference_count" + model + requests * 2,
                        "nv_inference_exec_count" + model + requests,
                        "nv_inference_request_duration_us" + model + requests * 1300,
                        "nv_inference_queue_duration_us" + model + requests * 200,
                        "nv_inference_compute_input_duration_us" + model + requests * 100,
                        "nv_inference_compute_infer_duration_us" + model + requests * 700,
                        "nv_inference_compute_output_duration_us" + model + requests * 200,
                        "nv_inference_pending_request_count" + model + requests % 7,
                        "nv_gpu_utilization" + gpu + "0.75",
                        "nv_gpu_power_usage" + gpu + "312.5",
                        "nv_gpu_memory_used_bytes" + gpu + "4e9",
                        "nv_gpu_memory_total_bytes" + gpu + "80e9",
                        "nv_energy_consumption" + gpu + joules)));
    }
}
