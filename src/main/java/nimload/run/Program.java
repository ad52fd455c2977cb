package nimload.run;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Workload;
import nimload.plan.WorkloadGrid;

/** What a simulation measures, before its settings and NIMs are known. */
public abstract class Program {
    private static final Map<String, String> OWN_SETTINGS = Map.of(
            "nim.capacity.",
            "CapacitySimulation",
            "nim.pipeline.",
            "RetrievalPipelineSimulation",
            "nim.soak.",
            "SoakSimulation");

    private final Set<Workload> workloads;

    Program(Set<Workload> workloads) {
        this.workloads = Set.copyOf(workloads);
    }

    /** The levels of the grid, of these workloads. */
    public static Program grid(Workload first, Workload... others) {
        return grid(EnumSet.of(first, others));
    }

    static Program grid(Set<Workload> workloads) {
        return new Program(workloads) {
            @Override
            Measured measurement(
                    RunPlan run, Calibration calibration, RunReport report, Host host, RunThreads threads) {
                return new Measured(
                        Measurement.of(run, calibration, report, host).levels(host, threads), List.of());
            }
        };
    }

    /** A search for the highest load at which limits hold. */
    public static Program capacity() {
        return new CapacityProgram();
    }

    /** Searches of a retrieval pipeline, without and with ingestion. */
    public static Program pipeline() {
        return new PipelineProgram();
    }

    /** A mix at constant rates for hours. */
    public static Program soak() {
        return new SoakProgram();
    }

    /** Those that it can run; settings may leave out some. */
    Set<Workload> workloads() {
        return workloads;
    }

    /**
     * The levels that are known before the run.
     *
     * @param grid those of the settings that the NIMs take
     */
    List<LoadPoint> points(List<LoadPoint> grid) {
        return grid;
    }

    /** The measured part of the run. */
    abstract Measured measurement(
            RunPlan run, Calibration calibration, RunReport report, Host host, RunThreads threads);

    /**
     * What is measured, one after the other.
     *
     * @param levels that are known before the run
     * @param series of levels that depend on each other; after the levels
     * @param searches of a retrieval pipeline; after the series
     * @param together levels that run at the same time; after the searches
     */
    record Measured(List<Level> levels, List<LevelSeries> series, List<PipelineLevel> searches, List<Level> together) {
        Measured(List<Level> levels, List<LevelSeries> series) {
            this(levels, series, List.of(), List.of());
        }
    }

    /** Whether its levels run as often as a grid says. */
    boolean repeats() {
        return true;
    }

    /** The grid in force if the user names none. */
    String grid() {
        return PublishedGrid.NAME;
    }

    /**
     * The levels of the grid as this program needs them.
     *
     * @throws UserError if it cannot run with them
     */
    Map<Workload, WorkloadGrid> levels(Map<Workload, WorkloadGrid> grids, SettingValues given) {
        return grids;
    }

    /** The directory of an earlier run that goes on; empty for a new one. */
    Optional<Path> continued() {
        return Optional.empty();
    }

    /** Whether a failed request fails the run, or is part of what it is to find out. */
    boolean failsWithRequests() {
        return true;
    }

    /** What fails the run besides a level that has failures; empty for none. */
    List<String> problems(RunReport report) {
        return List.of();
    }

    /** With which the settings begin that only this program has; empty for none. */
    String settingsPrefix() {
        return "";
    }

    /**
     * Reads them.
     *
     * @throws UserError if one is not right
     */
    void read(SettingValues given) {}

    /** @throws UserError if a setting is given that makes no sense here */
    final void refuse(SettingValues given, Setting setting, String why) {
        given.find(setting).ifPresent(value -> {
            throw new UserError(value.origin() + "=" + value.value() + " is not for "
                    + OWN_SETTINGS.get(settingsPrefix()) + ": " + why + "; leave it out");
        });
    }

    /** @throws UserError if there are settings of another program */
    final void check(SettingValues given) {
        for (Setting setting : Setting.values()) {
            OWN_SETTINGS.forEach((prefix, simulation) -> {
                if (setting.property().startsWith(prefix) && !prefix.equals(settingsPrefix())) {
                    given.find(setting).ifPresent(value -> {
                        throw new UserError(value.origin() + "=" + value.value() + " is for " + simulation
                                + "; leave it out, or give -Dgatling.simulationClass=nimload.simulation." + simulation);
                    });
                }
            });
        }
        read(given);
    }
}
