package nimload.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nimload.UserError;
import nimload.plan.Grid;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.Endpoints;
import nimload.slo.Slo;
import nimload.slo.SloFile;

/**
 * What the user wants: the settings and the contents of the files that they name.
 *
 * @param effective what is in force, by name, given or not
 * @param slo as in its file
 * @param baseline the run to compare with, if one is given
 */
record Instructions(Settings settings, Map<String, String> effective, Slo slo, Optional<Baseline> baseline) {

    /** @throws UserError if a setting or a file is not right */
    static Instructions read(Set<Workload> workloads, Host host) {
        SettingValues given = SettingValues.of(host.properties(), host.environment());
        Endpoints endpoints = given.find(Setting.ENDPOINTS)
                .map(file -> Endpoints.read(Path.of(file.value())))
                .orElse(Endpoints.NONE);
        Grid grid = GridFile.read(given);
        Settings settings = Settings.parse(given.orElse(endpoints.settings(), "endpoints file"), grid);
        Map<String, String> effective = RunDescription.effective(settings, grid.name(), endpoints);
        Optional<Baseline> baseline = settings.comparison()
                .map(comparison -> Baseline.read(comparison, effective, settings.loadPoints(workloads)));
        return new Instructions(settings, effective, SloFile.read(settings.slo()), baseline);
    }
}
