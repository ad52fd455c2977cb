package nimload.run;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import nimload.measure.LoadPointResult;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;

/** What a simulation measures, before its settings and NIMs are known. */
public abstract class Program {
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
            Phase measurement(RunPlan run, Calibration calibration, RunReport report, Host host) {
                return Measurement.of(run, calibration, report, host.out());
            }
        };
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
    List<LoadPoint> points(List<LoadPoint> grid, Instructions instructions) {
        return grid;
    }

    /** The measured part of the run. */
    abstract Phase measurement(RunPlan run, Calibration calibration, RunReport report, Host host);

    /** Whether a failed request fails the run, or is part of what it is to find out. */
    boolean failsWithRequests() {
        return true;
    }

    /** What fails the run besides a level that has failures; empty for none. */
    List<String> problems(List<LoadPointResult> levels) {
        return List.of();
    }
}
