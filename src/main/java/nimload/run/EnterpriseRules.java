package nimload.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nimload.UserError;
import nimload.plan.Grid;
import nimload.plan.Setting;
import nimload.plan.SettingValues;

/** What a run on Gatling Enterprise cannot have, each refused with the reason. */
public final class EnterpriseRules {
    /** Gatling Enterprise ends a run with more: docs.gatling.io, "Various test limits". */
    private static final int MAX_SCENARIOS = 100;

    private static final List<Setting> FILES = List.of(
            Setting.ENDPOINTS,
            Setting.TLS_CA,
            Setting.SLO,
            Setting.BASELINE,
            Setting.GRID,
            Setting.TEXTS,
            Setting.QUERY_TEXTS,
            Setting.PASSAGE_TEXTS,
            Setting.RERANKING_TEXTS);

    private EnterpriseRules() {}

    /**
     * Called before anything is sent.
     *
     * @param loadGenerators of the whole run, in all locations
     * @throws UserError if there is more than one, or a setting needs a file that is not there
     */
    public static void check(SettingValues given, int loadGenerators) {
        if (loadGenerators != 1) {
            throw new UserError("this run has " + loadGenerators + " load generators, which would split each level's"
                    + " users between them, so that no level has its concurrency; give it one: size 1 at a single"
                    + " location");
        }
        given.find(Setting.RESULTS).ifPresent(results -> {
            throw new UserError(
                    results.origin() + "=" + results.value() + ": Gatling Enterprise keeps no files of a load"
                            + " generator; leave it out: the results are the log lines nimload-run and nimload-level");
        });
        for (Setting setting : FILES) {
            given.find(setting)
                    .filter(file -> setting != Setting.GRID || Grid.isFile(file.value()))
                    .filter(file -> !Files.isReadable(Path.of(file.value())))
                    .ifPresent(file -> {
                        throw new UserError(
                                file.origin() + "=" + file.value() + " is not a file on this load generator,"
                                        + " which has no files of the project; leave it out, or mount it into the pods of a"
                                        + " private location and give its path there");
                    });
        }
    }

    /** @throws UserError if there are more scenarios than Gatling Enterprise accepts */
    public static void checkScenarios(int scenarios) {
        if (scenarios > MAX_SCENARIOS) {
            throw new UserError("this run has " + scenarios + " scenarios, one per level and repeat and a few to"
                    + " prepare, and Gatling Enterprise accepts " + MAX_SCENARIOS
                    + "; give a lower nim.repeat or fewer levels");
        }
    }
}
