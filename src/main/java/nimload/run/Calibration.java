package nimload.run;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import nimload.emulator.EmbeddedNim;
import nimload.measure.AddedTime;
import nimload.measure.LoadPointResult;
import nimload.measure.Observations;
import nimload.nim.EncodingFormat;
import nimload.nim.Truncate;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.results.ClientAdds;
import nimload.run.LevelPlan.Times;

/**
 * Measures what this client adds: short levels of the run's own shapes, before the grid, against a server with a fixed
 * delay in a separate JVM. Each shape is measured at its lowest and its highest concurrency; the levels between take the
 * nearer one's numbers, and their record says whose.
 *
 * <p>The server shares this machine's cores with the client, as the embedded NIM does. With a NIM on another machine the
 * client has them for itself and adds less than this. The server speaks plain HTTP: the client's cost of TLS is not
 * included.
 *
 * @param probes by level
 * @param measured so far
 * @param notes one sentence each
 */
record Calibration(
        List<LevelPlan> plans,
        Map<LoadPoint, Probe> probes,
        Map<LoadPoint, ClientAdds> measured,
        List<String> notes,
        Runnable stopServer,
        PrintStream out)
        implements Phase {
    static final String ANNOUNCEMENT = "Measuring what this client adds, against a server with a fixed delay";

    /** @param delay of the server */
    record Probe(Duration delay, AddedTime added) {}

    /** Starts the server. If it does not start, or calibration is switched off, nothing is measured and a note says so. */
    static Calibration of(RunPlan run, PrintStream out) {
        if (!run.settings().phases().calibrate()) {
            return none("nim.calibrate=false: what this client adds was not measured.", out);
        }
        EncodingFormat encoding = run.settings().requests().encodingFormat();
        Map<LoadPoint, Probe> probes = new LinkedHashMap<>();
        CalibrationPlan.ends(run.points())
                .forEach(
                        point -> probes.put(point, new Probe(CalibrationPlan.delay(point, encoding), new AddedTime())));
        try {
            DelayProcess server = DelayProcess.start(
                    probes.values().stream().map(Probe::delay).distinct().toList());
            List<LevelPlan> plans = plans(probes, run, server);
            return new Calibration(plans, probes, new ConcurrentHashMap<>(), List.of(), server::close, out);
        } catch (IOException e) {
            return none(
                    "What this client adds was not measured: no server could be started for it (" + e.getMessage()
                            + ").",
                    out);
        }
    }

    private static Calibration none(String note, PrintStream out) {
        return new Calibration(List.of(), Map.of(), Map.of(), List.of(note), () -> {}, out);
    }

    private static List<LevelPlan> plans(Map<LoadPoint, Probe> probes, RunPlan run, DelayProcess server) {
        List<LevelPlan> plans = new ArrayList<>();
        probes.forEach((point, probe) -> plans.add(new LevelPlan(
                "calibration " + (plans.size() + 1) + ": " + point.name(),
                plans.isEmpty() ? Optional.of(ANNOUNCEMENT) : Optional.empty(),
                point,
                server.url(probe.delay()),
                OptionalInt.empty(),
                asEmulated(run.nims().requests().get(point.workload()), point),
                ExpectedAnswer.UNKNOWN,
                Times.fixed(
                        Duration.ZERO,
                        CalibrationPlan.duration(point, probe.delay()),
                        run.times().requestTimeout()),
                run.settings().apiKey())));
        return plans;
    }

    /** The same texts, with the model's name that the server knows, and never refused for their length. */
    private static RequestFactory asEmulated(RequestFactory requests, LoadPoint point) {
        return new RequestFactory(
                EmbeddedNim.model(point.workload().nim()),
                requests.costs(),
                requests.counting(),
                new Settings.Requests(
                        requests.format().encodingFormat(),
                        Truncate.END,
                        requests.format().seed()));
    }

    /** The same as a measured level has, so that its cost is measured too. */
    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        return List.of(new ClientWatch());
    }

    @Override
    public Optional<AddedTime> added(LevelPlan plan) {
        return Optional.of(probes.get(plan.point()).added());
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result) {
        LoadPoint point = plan.point();
        Probe probe = probes.get(point);
        Optional<ClientAdds> adds = result.samples().errorCount() > 0
                ? Optional.empty()
                : probe.added()
                        .adds(
                                point.concurrency(),
                                probe.delay(),
                                result.samples().meanGapNanos());
        adds.ifPresent(found -> measured.put(point, found));
        out.println("  " + point.description() + ": "
                + adds.map(found -> "p50 " + millis(found.p50Ms()) + "   p99 " + millis(found.p99Ms()) + "   ("
                                + found.samples() + " requests)")
                        .orElse("not measured, " + result.samples().errorCount() + " requests failed "
                                + result.samples().failures().firstErrors()));
        if (isLast(plan)) {
            stopServer.run();
        }
    }

    private static String millis(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "+%.3f ms", value.getAsDouble()) : "unknown";
    }

    /** Hands a level what was measured for it. */
    LevelWatch watch(LoadPoint point) {
        return () -> CalibrationPlan.nearest(point, measured.keySet())
                .map(nearest -> Observations.of(measured.get(nearest)))
                .orElse(Observations.NONE);
    }
}
