package nimload.run;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.emulator.TimesFile;
import nimload.plan.Grid;
import nimload.plan.LoadPoint;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.plan.WorkloadGrid;
import nimload.preflight.Endpoints;
import nimload.slo.Slo;
import nimload.slo.SloFile;

/**
 * What the user wants: the settings and the contents of the files that they name.
 *
 * @param texts the user's own, of the workloads that have some
 * @param effective what is in force, by name, given or not
 * @param times of the embedded NIM, if others than usual are given
 * @param slo as in its file
 * @param baseline the run to compare with, if one is given
 */
record Instructions(
        Settings settings,
        Map<Workload, TextFile> texts,
        Map<String, String> effective,
        Optional<TimesFile> times,
        Slo slo,
        Optional<Baseline> baseline) {

    /** @throws UserError if a setting or a file is not right */
    static Instructions read(Program program, Host host) {
        Set<Workload> workloads = program.workloads();
        SettingValues given = SettingValues.of(host.properties(), host.environment());
        Endpoints endpoints = given.find(Setting.ENDPOINTS)
                .map(file -> Endpoints.read(Path.of(file.value())))
                .orElse(Endpoints.NONE);
        Grid found = GridFile.read(given, program.grid());
        Grid grid = program.repeats() ? found : found.once();
        Settings settings = Settings.parse(given.orElse(endpoints.settings(), "endpoints file"), grid);
        Map<Workload, TextFile> texts =
                TextFiles.read(given, settings, running(workloads, settings), host.out()::println);
        Map<Workload, WorkloadGrid> levels = new EnumMap<>(settings.grids());
        texts.forEach((workload, file) -> levels.computeIfPresent(workload, (same, lists) -> lists.with(file.texts())));
        settings = settings.with(program.levels(levels, given));
        Map<String, String> effective = RunDescription.effective(settings, grid.name(), endpoints);
        List<LoadPoint> planned = settings.loadPoints(workloads);
        Optional<Baseline> baseline =
                settings.comparison().map(comparison -> Baseline.read(comparison, effective, planned));
        return new Instructions(
                settings, texts, effective, times(given, settings), SloFile.read(settings.slo()), baseline);
    }

    private static Optional<TimesFile> times(SettingValues given, Settings settings) {
        return given.find(Setting.EMBEDDED_TIMES).map(file -> {
            String name = Setting.EMBEDDED_TIMES.property() + "=" + file.value();
            settings.nims().values().stream()
                    .flatMap(nim -> nim.urls().stream())
                    .findFirst()
                    .ifPresent(url -> {
                        throw new UserError(name + " is for the embedded NIM, and " + url
                                + " is given to be loaded; leave out one of them");
                    });
            return TimesFile.read(name, Path.of(file.value()));
        });
    }

    /** Those of the simulation and the settings for which there is an address, or the embedded NIM. */
    private static Set<Workload> running(Set<Workload> workloads, Settings settings) {
        boolean embedded =
                settings.nims().values().stream().allMatch(nim -> nim.urls().isEmpty());
        return workloads.stream()
                .filter(settings.workloads()::contains)
                .filter(workload ->
                        embedded || !settings.nims().get(workload.nim()).urls().isEmpty())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Workload.class)));
    }
}
