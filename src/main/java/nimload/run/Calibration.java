package nimload.run;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import nimload.emulator.EmbeddedNim;
import nimload.measure.AddedTime;
import nimload.measure.LoadPointResult;
import nimload.measure.Observations;
import nimload.measure.RequestLog;
import nimload.nim.EncodingFormat;
import nimload.plan.LoadPoint;
import nimload.results.ClientAdds;
import nimload.run.LevelPlan.Times;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * Measures what this client adds: short levels of the run's own shapes, before the grid, against a server with a fixed
 * delay in a separate JVM. Each shape is measured at its lowest and its highest concurrency; the levels between take the
 * nearer one's numbers, and their record says whose.
 *
 * <p>The server shares this machine's cores with the client, as the embedded NIM does. With a NIM on another machine the
 * client has them for itself and adds less than this. The server speaks plain HTTP: the client's cost of TLS is not
 * included.
 *
 * @param probes by plan
 * @param measured so far
 * @param disturbed levels whose first try says nothing
 * @param notes one sentence each
 */
record Calibration(
        List<LevelPlan> plans,
        Map<LevelPlan, Probe> probes,
        Map<LoadPoint, ClientAdds> measured,
        Set<LoadPoint> disturbed,
        List<String> notes,
        Runnable stopServer,
        PrintStream out)
        implements Phase {
    static final String ANNOUNCEMENT = "Measuring what this client adds, against a server with a fixed delay";

    /**
     * @param point the level whose requests it sends
     * @param delay of the server
     * @param again whether it is the second try, after a first one that was disturbed
     */
    record Probe(LoadPoint point, Duration delay, boolean again, AddedTime added) {
        Probe(LoadPoint point, Duration delay, boolean again) {
            this(point, delay, again, new AddedTime());
        }
    }

    /**
     * Starts the server. If it does not start, or calibration is switched off, nothing is measured and a note says so.
     *
     * @param twice whether what was disturbed is tried once more; Gatling Enterprise has a limit on scenarios
     */
    static Calibration of(RunPlan run, boolean twice, PrintStream out) {
        if (!run.settings().phases().calibrate()) {
            return none("nim.calibrate=false: what this client adds was not measured.", out);
        }
        EncodingFormat encoding = run.settings().requests().embedding().encodingFormat();
        List<Probe> probes = CalibrationPlan.ends(run.parts()).stream()
                .flatMap(point -> (twice ? Stream.of(false, true) : Stream.of(false))
                        .map(again -> new Probe(point, CalibrationPlan.delay(point, encoding), again)))
                .toList();
        try {
            DelayProcess server = DelayProcess.start(
                    probes.stream().map(Probe::delay).distinct().toList());
            Map<LevelPlan, Probe> plans = new LinkedHashMap<>();
            probes.forEach(probe -> plans.put(plan(probe, plans.isEmpty(), run, server), probe));
            return new Calibration(
                    List.copyOf(plans.keySet()),
                    plans,
                    new ConcurrentHashMap<>(),
                    ConcurrentHashMap.newKeySet(),
                    List.of(),
                    server::close,
                    out);
        } catch (IOException e) {
            return none(
                    "What this client adds was not measured: no server could be started for it (" + e.getMessage()
                            + ").",
                    out);
        }
    }

    private static Calibration none(String note, PrintStream out) {
        return new Calibration(List.of(), Map.of(), Map.of(), Set.of(), List.of(note), () -> {}, out);
    }

    private static LevelPlan plan(Probe probe, boolean first, RunPlan run, DelayProcess server) {
        LoadPoint point = probe.point();
        return new LevelPlan(
                "calibration" + (probe.again() ? ", again: " : ": ") + point.name(),
                first ? Optional.of(ANNOUNCEMENT) : Optional.empty(),
                point,
                List.of(server.url(probe.delay())),
                Optional.empty(),
                OptionalInt.empty(),
                asEmulated(run.nims().requests().get(point.workload()), point),
                ExpectedAnswer.UNKNOWN,
                Times.fixed(
                        Duration.ZERO,
                        CalibrationPlan.duration(point, probe.delay()),
                        run.times().requestTimeout()),
                run.settings().headers(point.workload().nim()));
    }

    /** The same texts, with the model's name that the server knows. It counts their tokens in its own way. */
    private static RequestFactory asEmulated(RequestFactory requests, LoadPoint point) {
        return new RequestFactory(
                EmbeddedNim.model(point.workload().nim()),
                new TokenCosts(requests.costs().overhead(), requests.costs().words(), false),
                PairCounting.UNKNOWN,
                requests.format().asEmulated(),
                requests.own());
    }

    /** The same as a measured level has, so that its cost is measured too. */
    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        return List.of(new ClientWatch());
    }

    @Override
    public Optional<AddedTime> added(LevelPlan plan) {
        return Optional.of(probes.get(plan).added());
    }

    /** A second try is for a first one that was disturbed. */
    @Override
    public boolean abandoned(LevelPlan plan) {
        return probes.get(plan).again() && !disturbed.contains(plan.point());
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
        Probe probe = probes.get(plan);
        Optional<String> why = disturbance(result);
        if (why.isEmpty()) {
            probe.added()
                    .adds(
                            plan.point().concurrency(),
                            probe.delay(),
                            result.samples().meanGapNanos())
                    .ifPresent(found -> measured.put(plan.point(), found));
        } else if (!probe.again()) {
            disturbed.add(plan.point());
        }
        out.println("  " + plan.point().description() + ": "
                + Optional.ofNullable(measured.get(plan.point()))
                        .map(found -> "p50 " + millis(found.p50Ms()) + "   p99 " + millis(found.p99Ms()) + "   ("
                                + found.samples() + " requests)")
                        .orElse((probe.again() ? "unknown" : "once more") + ", disturbed: "
                                + why.orElse("no answers")));
        if (isLast(plan)
                || plan.point().equals(plans.get(plans.size() - 1).point()) && !disturbed.contains(plan.point())) {
            stopServer.run();
        }
    }

    /** Why what was measured is not what this client adds; empty if it is. */
    private static Optional<String> disturbance(LoadPointResult result) {
        return Stream.concat(result.failures().stream(), result.clientLimits().stream())
                .findFirst();
    }

    private static String millis(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "+%.3f ms", value.getAsDouble()) : "unknown";
    }

    /** Hands a level what was measured for it. */
    LevelWatch watch(LoadPoint point) {
        return () -> CalibrationPlan.nearest(point.closed(), measured.keySet())
                .map(nearest -> Observations.of(measured.get(nearest)))
                .orElse(Observations.NONE);
    }
}
