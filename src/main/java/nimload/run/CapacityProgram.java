package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import nimload.capacity.Limit;
import nimload.capacity.SearchPlan;
import nimload.plan.CapacitySettings;
import nimload.plan.CapacitySettings.By;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Shape;
import nimload.plan.Workload;

/** Searches, for each shape of request, the highest load at which the limits hold. */
final class CapacityProgram extends Program {
    private static final int SINGLE_REQUESTS = 5;

    /** A rate of a quarter of what one request after the other would reach is far from any queue. */
    private static final double START = 0.25;

    private final List<Search> searched = new ArrayList<>();
    private CapacitySettings settings;

    CapacityProgram() {
        super(EnumSet.allOf(Workload.class));
    }

    @Override
    boolean repeats() {
        return false;
    }

    @Override
    String settingsPrefix() {
        return "nim.capacity.";
    }

    @Override
    void read(SettingValues given) {
        settings = CapacitySettings.read(given);
        refuse(given, Setting.REPEAT, "a search repeats its steps as it needs");
        refuse(given, Setting.BASELINE, "a search has other steps each time");
        if (settings.rates().isEmpty()) {
            List.of(Setting.DURATION, Setting.WARM_UP, Setting.SAMPLES, Setting.PRECISION, Setting.MAX_DURATION)
                    .forEach(setting -> refuse(
                            given,
                            setting,
                            "a step is as long as its verdict needs; nim.capacity.maxDuration bounds all together"));
            refuse(given, Setting.SLO, "a search has its limits in nim.capacity.limit");
            refuse(
                    given,
                    Setting.GENERATOR,
                    "a search goes by what one generator sees; several keep the fixed rates of"
                            + " nim.capacity.rates");
        } else {
            List.of(
                            Setting.CAPACITY_LIMIT,
                            Setting.CAPACITY_START,
                            Setting.CAPACITY_MAX,
                            Setting.CAPACITY_PRECISION,
                            Setting.CAPACITY_MAX_DURATION)
                    .forEach(setting -> refuse(
                            given, setting, "fixed rates are not searched, and their limits are those of nim.slo"));
        }
        if (settings.by() == By.CONCURRENCY) {
            List.of(Setting.CAPACITY_ARRIVALS, Setting.CAPACITY_IN_FLIGHT)
                    .forEach(setting -> refuse(given, setting, "with nim.capacity.by=concurrency users send"));
        }
    }

    /** Each shape once; with fixed rates at each of them. */
    @Override
    List<LoadPoint> points(List<LoadPoint> grid) {
        Map<Shape, LoadPoint> shapes = new LinkedHashMap<>();
        grid.forEach(point -> shapes.putIfAbsent(point.shape(), point.atConcurrency(1)));
        if (settings.rates().isEmpty()) {
            return List.copyOf(shapes.values());
        }
        return shapes.values().stream()
                .flatMap(shape -> settings.rates().stream()
                        .map(rate -> shape.atConcurrency(settings.inFlight()).at(settings.load(rate))))
                .toList();
    }

    @Override
    Measured measurement(RunPlan run, Calibration calibration, RunReport report, Host host, RunThreads threads) {
        if (!settings.rates().isEmpty()) {
            return new Measured(Measurement.of(run, calibration, report, host).levels(host, threads), List.of());
        }
        Measurement.Watches watches = Measurement.Watches.of(run, calibration);
        List<LevelSeries> searches = new ArrayList<>();
        for (LoadPoint point : run.points()) {
            SingleRequest single = SingleRequest.of(run, point).waiting(longest(run, point));
            Search search = new Search(
                    point, settings, plan(single), single::millis, SINGLE_REQUESTS, run.patience(), System::nanoTime);
            searched.add(search);
            searches.add(new CapacityPhase(run, search, watches, report, host, threads));
        }
        report.searches(searches.size());
        report.measuresAsLongAsNeeded();
        return new Measured(List.of(), searches);
    }

    private SearchPlan plan(SingleRequest single) {
        boolean rate = settings.by() == By.RATE;
        double start = settings.start()
                .orElseGet(() -> rate
                        ? Math.min(settings.most(), Math.max(Load.LOWEST_RATE, START * oneAfterTheOther(single)))
                        : 1);
        double least = rate ? Math.min(start, Math.max(Load.LOWEST_RATE, start / Math.pow(2, 10))) : 1;
        return new SearchPlan(
                least,
                start,
                settings.most(),
                !rate,
                settings.precision(),
                CapacityPhase.MOST_STEPS,
                settings.longest().toMillis() / 1e3);
    }

    /** A single request may take as long as the limit says. */
    private Duration longest(RunPlan run, LoadPoint point) {
        double millis = settings.limitsOf(point.workload()).stream()
                .filter(limit -> !limit.errorsOnly())
                .mapToDouble(Limit::millis)
                .min()
                .orElse(0);
        Duration limit = Duration.ofMillis((long) Math.ceil(millis));
        Duration most = run.times().requestTimeout();
        return limit.compareTo(most) < 0 ? limit : most;
    }

    private boolean lost(LoadPoint point) {
        return searched.stream().anyMatch(search -> search.point().equals(point) && search.lost());
    }

    /** Requests per second. */
    private static double oneAfterTheOther(SingleRequest single) {
        double[] millis = IntStream.range(0, SINGLE_REQUESTS)
                .mapToObj(single::millis)
                .flatMapToDouble(OptionalDouble::stream)
                .sorted()
                .toArray();
        return millis.length == 0 ? 1 : 1e3 / millis[millis.length / 2];
    }

    /** Under too much load requests fail; that is what a search is to find out. */
    @Override
    boolean failsWithRequests() {
        return !settings.rates().isEmpty();
    }

    @Override
    List<String> problems(RunReport report) {
        return report.capacities().stream()
                .filter(capacity -> capacity.atLeast().isEmpty() || lost(capacity.point()))
                .map(capacity -> capacity.point().shape().description() + ": " + capacity.sentence())
                .toList();
    }
}
