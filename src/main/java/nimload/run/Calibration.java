package nimload.run;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import nimload.emulator.EmbeddedNim;
import nimload.measure.AddedTime;
import nimload.measure.LoadPointResult;
import nimload.measure.Observations;
import nimload.nim.Truncate;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.results.ClientAdds;

/**
 * Measures what this client adds: short levels of the run's own shapes against a server with a fixed delay in a JVM of its
 * own, before the grid. Each shape is measured at its lowest and at its highest concurrency; levels between take the
 * nearer one's numbers, and their record says whose.
 *
 * <p>The server shares this machine's cores with the client, as the embedded NIM does. Beside a NIM on another machine the
 * client has them for itself, and adds less than is said here. It is asked over plain HTTP: what TLS costs the client is
 * not in it.
 */
final class Calibration {
    /** Said when the first of its levels begins. */
    static final String ANNOUNCEMENT = "Measuring what this client adds, against a server with a fixed delay";

    private final List<Level> levels;
    private final List<String> notes;
    private final Map<LoadPoint, ClientAdds> measured = new ConcurrentHashMap<>();

    private Calibration(List<Level> levels, List<String> notes) {
        this.levels = levels;
        this.notes = notes;
    }

    static Calibration none(String note) {
        return new Calibration(List.of(), List.of(note));
    }

    /** Starts the server. Where that is not possible nothing is measured, and a note says so. */
    static Calibration of(List<LoadPoint> points, Nims nims, Settings settings, Clock clock, PrintStream out) {
        List<LoadPoint> ends = CalibrationPlan.ends(points);
        DelayProcess server;
        try {
            server = DelayProcess.start(ends.stream()
                    .map(point -> CalibrationPlan.delay(point, settings.encodingFormat()))
                    .distinct()
                    .toList());
        } catch (IOException e) {
            return none("What this client adds was not measured: no server could be started for it (" + e.getMessage()
                    + ").");
        }
        List<Level> levels = new ArrayList<>();
        Calibration calibration = new Calibration(levels, List.of());
        AtomicInteger left = new AtomicInteger(ends.size());
        for (LoadPoint point : ends) {
            Nims.Prepared nim = nims.byWorkload().get(point.workload());
            Duration delay = CalibrationPlan.delay(point, settings.encodingFormat());
            AddedTime added = new AddedTime();
            LevelPlan plan = new LevelPlan(
                    "calibration " + (levels.size() + 1) + ": " + point.name(),
                    point,
                    URI.create(server.url(delay) + nim.route()),
                    asEmulated(nim.requests(), point.workload()),
                    Duration.ZERO,
                    CalibrationPlan.duration(point, delay),
                    settings.requestTimeout(),
                    Optional.empty());
            levels.add(new Level(
                    plan,
                    clock,
                    // As the levels have it, so that its cost is measured too.
                    List.of(new ClientWatch()),
                    Optional.of(added),
                    level -> {
                        if (level == levels.get(0)) {
                            out.println(ANNOUNCEMENT);
                        }
                    },
                    result -> {
                        out.println(calibration.keep(result, added, delay));
                        if (left.decrementAndGet() == 0) {
                            server.close();
                        }
                    }));
        }
        return calibration;
    }

    /** The same texts, by the name of the model that the server knows, and never refused for their length. */
    private static RequestFactory asEmulated(RequestFactory requests, Workload workload) {
        return new RequestFactory(
                workload == Workload.RERANKING ? EmbeddedNim.RERANKING_MODEL : EmbeddedNim.EMBEDDING_MODEL,
                requests.costs(),
                requests.counting(),
                requests.encodingFormat(),
                Truncate.END,
                requests.seed());
    }

    /** A line that says what was measured, or that nothing was. */
    private String keep(LoadPointResult result, AddedTime added, Duration delay) {
        Optional<ClientAdds> adds = result.samples().errorCount() > 0
                ? Optional.empty()
                : added.adds(
                        result.point().concurrency(), delay, result.samples().meanGapNanos());
        adds.ifPresent(found -> measured.put(result.point(), found));
        return "  " + result.point().description() + ": "
                + adds.map(found -> "p50 " + millis(found.p50Ms()) + "   p99 " + millis(found.p99Ms()) + "   ("
                                + found.samples() + " requests)")
                        .orElse("not measured, " + result.samples().errorCount() + " requests failed "
                                + result.samples().firstErrors());
    }

    private static String millis(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "+%.3f ms", value.getAsDouble()) : "unknown";
    }

    /** To be run before the levels, after the rehearsal, without a trace in Gatling's report. */
    List<Level> levels() {
        return levels;
    }

    /** What a reader must know, a sentence each. */
    List<String> notes() {
        return notes;
    }

    /** Hands a level what was measured for it. */
    LevelWatch of(LoadPoint point) {
        return new LevelWatch() {
            @Override
            public void measurementBegins() {}

            @Override
            public Observations measurementEnded() {
                return CalibrationPlan.nearest(point, measured.keySet())
                        .map(nearest -> Observations.of(measured.get(nearest)))
                        .orElse(Observations.NONE);
            }
        };
    }
}
