package nimload.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.SoakSettings;
import nimload.plan.Workload;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.results.Soak;
import nimload.results.SoakFindings;
import nimload.results.TargetResults;

/** A mix of workloads at constant rates for hours. */
final class SoakProgram extends Program {
    /** What a slice adds to results.json at most: for the client and the servers, and for each workload. */
    static final int MOST_BYTES = 4 << 10;

    /** Of each kilobyte of slices: results.json, its copy on the page, and the points of the page's charts. */
    private static final int COPIES = 3;

    /** The levels' rows, their page and its charts' program, and what other tools read, whatever the slices. */
    private static final long BESIDES = 1 << 20;

    private SoakSettings settings;
    private Optional<RunResults> before = Optional.empty();
    private SoakPhase phase;

    SoakProgram() {
        super(EnumSet.allOf(Workload.class));
    }

    @Override
    String settingsPrefix() {
        return "nim.soak.";
    }

    @Override
    void read(SettingValues given) {
        settings = SoakSettings.read(given);
        refuse(given, Setting.GENERATOR, "its slices are counted by one generator");
        refuse(given, Setting.REPEAT, "a soak runs once");
        refuse(given, Setting.DURATION, "a soak has its own, nim.soak.duration");
        List.of(Setting.SAMPLES, Setting.PRECISION, Setting.MAX_DURATION)
                .forEach(setting -> refuse(given, setting, "a soak is as long as nim.soak.duration"));
        refuse(given, Setting.BASELINE, "a soak is compared with itself, hour by hour");
        refuse(given, Setting.SLO, "a soak shows how its numbers move");
        settings.continued().ifPresent(this::readBefore);
    }

    private void readBefore(Path directory) {
        if (!ResultsFile.find(directory).endsWith(ResultsFile.NAME)) {
            throw new UserError(
                    "nim.soak.continue=" + directory + ": not a run's directory, in which the soak could go on;"
                            + " give the directory of one that was cut short");
        }
        RunResults run = ResultsFile.read(directory);
        String given = "nim.soak.continue=" + directory + ": ";
        Soak soak = run.soak()
                .orElseThrow(() -> new UserError(
                        given + "the run there is not a soak; give the directory of one that was cut short"));
        if (soak.complete()) {
            throw new UserError(
                    given + "all " + soak.slicesPlanned() + " slices are there; leave it out to begin a new soak");
        }
        before = Optional.of(run);
        settings =
                settings.as(soak.mix(), soak.slicesPlanned(), Duration.ofMillis(Math.round(1e3 * soak.sliceSeconds())));
    }

    /** The run's own directory, also where the user names {@code latest}. */
    @Override
    Optional<Path> continued() {
        return settings.continued().map(path -> {
            try {
                return ResultsFile.find(path).toRealPath().getParent();
            } catch (IOException e) {
                throw new UserError(
                        "nim.soak.continue=" + path + " cannot be read (" + e + "); give a soak's directory", e);
            }
        });
    }

    /** The first shape of each workload in the mix. */
    @Override
    List<LoadPoint> points(List<LoadPoint> grid) {
        List<LoadPoint> mix = settings.mix(grid);
        if (mix.size() < settings.rates().size()) {
            throw new UserError("the soak's mix has " + words(settings) + ", and this run has no "
                    + settings.rates().keySet().stream()
                            .filter(workload -> mix.stream().noneMatch(point -> point.workload() == workload))
                            .findFirst()
                            .orElseThrow()
                            .key()
                    + " level; give its NIM's URL, or leave its rate out");
        }
        before.flatMap(RunResults::soak).filter(soak -> !soak.mix().equals(mix)).ifPresent(soak -> {
            throw new UserError("nim.soak.continue: the soak there sends " + shapes(soak.mix())
                    + "; this run would send " + shapes(mix) + "; give the settings with which it began");
        });
        return mix;
    }

    private static String shapes(List<LoadPoint> mix) {
        return mix.stream().map(point -> point.shape().description()).collect(Collectors.joining(" and "));
    }

    private static String words(SoakSettings settings) {
        StringBuilder words = new StringBuilder();
        for (Workload workload : Workload.values()) {
            Double rate = settings.rates().get(workload);
            if (rate != null) {
                words.append(words.isEmpty() ? "" : ", ")
                        .append(workload.key())
                        .append(String.format(
                                Locale.ROOT, " %s/s", rate == Math.rint(rate) ? "" + Math.round(rate) : rate));
            }
        }
        return words.toString();
    }

    @Override
    Measured measurement(RunPlan run, Calibration calibration, RunReport report, Host host, RunThreads threads) {
        before.ifPresent(earlier -> {
            Map<NimKind, String> models = new EnumMap<>(NimKind.class);
            run.nims().targets().forEach((kind, target) -> models.put(kind, target.model()));
            requireModelsOf(earlier, run.points(), models);
            report.continues(
                    earlier.info().started(),
                    "The soak was cut short and continued: the levels' rows are of its last part, its slices of all.");
        });
        Soak soak = before.flatMap(RunResults::soak)
                .map(Soak::goingOn)
                .orElseGet(() -> new Soak(
                        settings.slices(),
                        settings.slice().toMillis() / 1e3,
                        run.points(),
                        List.of(),
                        Optional.empty()));
        phase = new SoakPhase(run, settings, soak, calibration, report, host, threads);
        announce(soak, host);
        report.measures(soak.slicesPlanned() * soak.sliceSeconds());
        report.soaked(soak, Optional.empty());
        return new Measured(List.of(), List.of(), List.of(), phase.levels(host, threads));
    }

    /**
     * A NIM without a part in the mix does not matter, here or there.
     *
     * @throws UserError if a NIM of the mix has another model than before
     */
    static void requireModelsOf(RunResults earlier, List<LoadPoint> mix, Map<NimKind, String> models) {
        mix.stream().map(point -> point.workload().nim()).distinct().forEach(kind -> {
            String model = models.get(kind);
            Optional.ofNullable(earlier.info().targets().get(kind.key()))
                    .map(TargetResults::model)
                    .filter(before -> !before.equals(model))
                    .ifPresent(before -> {
                        throw new UserError("nim.soak.continue: the soak there measured " + before
                                + ", this run would measure " + model + "; give that NIM, or begin a new soak");
                    });
        });
    }

    private void announce(Soak soak, Host host) {
        long most = BESIDES
                + COPIES
                        * (long) soak.slicesPlanned()
                        * MOST_BYTES
                        * (1 + soak.mix().size());
        host.out()
                .println(String.format(
                        Locale.ROOT,
                        "soak: %s for %s in %d slices of %s%s; its files take %d MB at most, since no request is kept by itself",
                        words(settings),
                        SoakFindings.text(settings.slice().multipliedBy(soak.slicesPlanned())),
                        soak.slicesPlanned(),
                        SoakFindings.text(settings.slice()),
                        soak.slices().isEmpty() ? "" : ", " + soak.slices().size() + " of them done",
                        (most + (1 << 20) - 1) >> 20));
    }

    @Override
    List<String> problems(RunReport report) {
        return phase.problems();
    }
}
