package nimload.run;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.Endpoints;
import nimload.preflight.NimClient;
import nimload.preflight.Trust;
import nimload.results.RunDirectory;
import nimload.slo.Slo;
import nimload.slo.SloFile;

/**
 * A run, prepared: the settings are checked, the NIMs were asked, the texts' costs are learnt, the levels are known. It
 * remains to run the levels, one after another.
 */
public final class Benchmark {
    private static final Duration EMBEDDED_DURATION = Duration.ofSeconds(5);
    private static final Duration EMBEDDED_WARM_UP = Duration.ofSeconds(1);
    private static final Duration REAL_DURATION = Duration.ofSeconds(30);
    private static final Duration REAL_WARM_UP = Duration.ofSeconds(5);

    private final Settings settings;
    private final List<Level> rehearsals;
    private final Calibration calibration;
    private final List<Level> levels;
    private final Slo slo;
    private final RunReport report;
    private final Optional<Baseline> baseline;
    private Optional<Baseline.Outcome> comparison = Optional.empty();

    private Benchmark(
            Settings settings,
            List<Level> rehearsals,
            Calibration calibration,
            List<Level> levels,
            Slo slo,
            RunReport report,
            Optional<Baseline> baseline) {
        this.settings = settings;
        this.slo = slo;
        this.rehearsals = rehearsals;
        this.calibration = calibration;
        this.levels = levels;
        this.report = report;
        this.baseline = baseline;
    }

    /**
     * Prepares a run, up to and including a few requests to the NIMs.
     *
     * @param workloads those that the simulation runs
     * @param systemProperties all of them
     * @param environment all of it
     * @param disk whether results may be written; otherwise they are lines on {@code out}
     * @param out for progress
     * @throws UserError for whatever would make the run fail
     */
    public static Benchmark prepare(
            Set<Workload> workloads,
            Map<String, String> systemProperties,
            Map<String, String> environment,
            boolean disk,
            PrintStream out) {
        SettingValues given = SettingValues.of(systemProperties, environment);
        Endpoints endpoints = given.find(Setting.ENDPOINTS)
                .map(file -> Endpoints.read(Path.of(file.value())))
                .orElse(Endpoints.NONE);
        Settings settings = Settings.parse(given.orElse(endpoints.settings(), "endpoints file"), PublishedGrid.load());
        Map<String, String> effective = RunDescription.effective(settings, endpoints);
        Optional<Baseline> baseline = Baseline.read(settings, effective, settings.loadPoints(workloads));
        Slo wholeSlo = SloFile.read(settings.slo());
        Nims nims = Nims.prepare(workloads, settings);
        baseline.ifPresent(other -> other.requireSameKind(nims.emulated()));
        Duration duration = settings.duration().orElse(nims.emulated() ? EMBEDDED_DURATION : REAL_DURATION);
        Duration warmUp = settings.warmUp().orElse(nims.emulated() ? EMBEDDED_WARM_UP : REAL_WARM_UP);
        List<LoadPoint> points = settings.loadPoints(nims.byWorkload().keySet());
        points.forEach(
                point -> nims.byWorkload().get(point.workload()).requests().wordsOf(point));
        Slo slo = wholeSlo.forRun(points);
        Clock clock = Clock.systemDefaultZone();
        LocalDateTime now = LocalDateTime.now(clock);
        Optional<RunDirectory> directory =
                disk ? Optional.of(RunDirectory.create(settings.results(), now)) : Optional.empty();
        Calibration calibration = settings.calibrate()
                ? Calibration.of(points, nims, settings, clock, out)
                : Calibration.none("nim.calibrate=false: what this client adds was not measured.");
        RunInfo run = new RunInfo(
                RunDescription.tool(),
                directory.map(RunDirectory::id).orElseGet(() -> RunDirectory.nameOf(now)),
                clock.instant(),
                nims.targets(),
                duration,
                warmUp,
                settings.given(),
                effective,
                RunDescription.client(),
                RunDescription.notes(settings, nims, calibration, wholeSlo, slo),
                points.size(),
                settings.repeat());
        RunReport report = new RunReport(run, slo, directory, out);
        nims.targets()
                .forEach((kind, target) -> out.println(kind + ": " + target.model() + " at " + target.url()
                        + (target.emulated() ? ", " + EmbeddedNim.LABEL : "")));
        report.begun();
        ServerWatches servers =
                new ServerWatches(new NimClient(Trust.context(settings.tls()), settings.apiKey()), duration);
        List<Level> levels = new ArrayList<>();
        for (int repeat = 1; repeat <= settings.repeat(); repeat++) {
            // The whole grid again, so that what changes with time reaches every level alike.
            String suffix = settings.repeat() == 1 ? "" : " (repeat " + repeat + " of " + settings.repeat() + ")";
            for (LoadPoint point : points) {
                Nims.Prepared nim = nims.byWorkload().get(point.workload());
                LevelPlan plan = new LevelPlan(
                        point.name() + suffix,
                        point,
                        URI.create(nim.target().url() + nim.route()),
                        nim.requests(),
                        warmUp,
                        duration,
                        settings.requestTimeout(),
                        settings.apiKey());
                levels.add(new Level(
                        plan,
                        clock,
                        watches(point, calibration, servers.of(nim.target())),
                        Optional.empty(),
                        level -> out.println(level.point().announcement() + suffix),
                        result -> {
                            report.levelClosed(result);
                            if (result.samples().successes() == 0) {
                                levels.forEach(Level::abandon);
                            }
                        }));
            }
        }
        return new Benchmark(
                settings,
                settings.rehearsal() ? Rehearsal.of(points, settings, clock, out) : List.of(),
                calibration,
                levels,
                slo,
                report,
                baseline);
    }

    /** The client is watched innermost: users whose loops wait while the server's page is read would seem late. */
    private static List<LevelWatch> watches(LoadPoint point, Calibration calibration, LevelWatch server) {
        return List.of(calibration.of(point), server, new ClientWatch());
    }

    public Settings settings() {
        return settings;
    }

    /** To be run before the levels, without a trace in any result: they run this client's code hot. */
    public List<Level> rehearsals() {
        return rehearsals;
    }

    /** To be run after the rehearsals and before the levels, likewise without a trace: they measure this client. */
    public List<Level> calibrations() {
        return calibration.levels();
    }

    /** In the order in which they are to run. */
    public List<Level> levels() {
        return levels;
    }

    /** What each of the levels must keep to; without limits if there is none. */
    public Slo slo() {
        return slo;
    }

    /**
     * Ends the run: its page is written.
     *
     * @return what makes the run a failure beyond failed requests, a line each; with {@code nim.strict} every level not valid
     */
    public List<String> verdict() {
        levels.forEach(Level::awaitClosed);
        report.writePage();
        List<String> problems = new ArrayList<>(report.problems());
        report.results().forEach(result -> {
            List<String> reasons = settings.strict() ? result.reasonsAgainst() : result.failures();
            if (!reasons.isEmpty()) {
                problems.add(result.point().name() + " not valid: " + String.join("; ", reasons));
            }
        });
        comparison().ifPresent(outcome -> problems.addAll(outcome.problems()));
        return problems;
    }

    /** What is to be read at the end of the run, one that was cut short and has no verdict too. */
    public String summary() {
        levels.forEach(Level::awaitClosed);
        return report.summary()
                + comparison().map(outcome -> "\n" + outcome.text()).orElse("");
    }

    /** Made once, when all levels that there will be are closed. */
    private synchronized Optional<Baseline.Outcome> comparison() {
        if (comparison.isEmpty()) {
            comparison = baseline.map(report::compareWith);
        }
        return comparison;
    }
}
