package nimload.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nimload.UserError;
import nimload.plan.Grid;
import nimload.plan.LoadPoint;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Share;

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
     * @throws UserError if there are several and the program runs on one, or there is no instant at which they begin, or a
     *     setting needs a file that is not there
     */
    public static void check(Program program, SettingValues given, int loadGenerators) {
        given.find(Setting.GENERATOR).ifPresent(generator -> {
            throw new UserError(generator.origin() + "=" + generator.value() + ": Gatling Enterprise numbers the load"
                    + " generators of a run itself; leave it out");
        });
        if (loadGenerators > 1) {
            requireSeveral(program, given, loadGenerators);
        }
        if (loadGenerators > 1 && given.find(Setting.START_AT).isEmpty()) {
            throw new UserError(
                    "this run has " + loadGenerators + " load generators, which cannot agree on an instant to"
                            + " begin; give it in package.conf's systemProperties, later than they start and prepare, e.g."
                            + " \"nim.startAt\" = \"2026-11-26T17:00:00Z\", or give the run one: size 1 at a single location");
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

    /** The user gave no number of a generator, so a program that refuses one must not name it. */
    private static void requireSeveral(Program program, SettingValues given, int loadGenerators) {
        program.check(given);
        try {
            program.check(
                    given.orElse(Map.of(Setting.GENERATOR, new Share(1, loadGenerators).text()), "Gatling Enterprise"));
        } catch (UserError runsOnOne) {
            throw new UserError(
                    "this run has " + loadGenerators + " load generators, and its simulation with these settings runs"
                            + " on one; give it one: size 1 at a single location",
                    runsOnOne);
        }
    }

    /**
     * Gatling Enterprise deals the users of a scenario out to the load generators. It does not say which of them gets one more
     * where they cannot be dealt out evenly.
     *
     * @throws UserError if there is a level of the closed model whose users cannot
     */
    public static void checkUsers(List<LoadPoint> levels, int loadGenerators) {
        levels.stream()
                .filter(level -> level.load().closed() && level.concurrency() % loadGenerators != 0)
                .findFirst()
                .ifPresent(level -> {
                    throw new UserError(level.description() + ": " + loadGenerators
                            + " load generators cannot share its"
                            + " users evenly; give concurrencies that " + loadGenerators + " divides, e.g. -Dnim."
                            + level.workload().key() + ".concurrency=" + loadGenerators + "," + 2 * loadGenerators);
                });
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
