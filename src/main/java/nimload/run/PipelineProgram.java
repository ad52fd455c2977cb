package nimload.run;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.PipelineSettings;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Workload;
import nimload.plan.WorkloadGrid;

/** Searches of a retrieval pipeline, first without ingestion and then with it. */
final class PipelineProgram extends Program {
    private PipelineSettings settings;

    PipelineProgram() {
        super(EnumSet.allOf(Workload.class));
    }

    @Override
    boolean repeats() {
        return false;
    }

    @Override
    String settingsPrefix() {
        return "nim.pipeline.";
    }

    @Override
    void read(SettingValues given) {
        settings = PipelineSettings.read(given);
        refuse(given, Setting.WORKLOADS, "a search needs its steps");
        refuse(given, Setting.QUERY_CONCURRENCY, "give nim.pipeline.users or nim.pipeline.rate");
        refuse(given, Setting.RERANKING_CONCURRENCY, "give nim.pipeline.users or nim.pipeline.rate");
        refuse(given, Setting.PASSAGE_CONCURRENCY, "give nim.pipeline.ingest");
        refuse(given, Setting.GENERATOR, "its searches are counted by one generator");
        refuse(given, Setting.REPEAT, "its two levels are compared with each other");
        refuse(given, Setting.BASELINE, "its two levels are compared with each other");
        refuse(given, Setting.SLO, "its steps are no levels of the grid");
    }

    @Override
    Set<Workload> workloads() {
        return settings.ingestion().isPresent() ? super.workloads() : EnumSet.of(Workload.QUERY, Workload.RERANKING);
    }

    @Override
    String grid() {
        return PipelineSettings.GRID;
    }

    @Override
    Map<Workload, WorkloadGrid> levels(Map<Workload, WorkloadGrid> grids, SettingValues given) {
        return settings.steps(grids, given);
    }

    @Override
    List<LoadPoint> points(List<LoadPoint> grid) {
        for (Workload step : workloads()) {
            if (grid.stream().noneMatch(point -> point.workload() == step)) {
                throw new UserError(
                        "a search embeds and reranks, and there is no NIM that can run " + step.key()
                                + "; give both -Dnim.embedding.url=… and -Dnim.reranking.url=…, or neither for the embedded NIM");
            }
        }
        return grid;
    }

    @Override
    Measured measurement(RunPlan run, Calibration calibration, RunReport report, Host host, RunThreads threads) {
        PipelinePhase phase = PipelinePhase.of(run, settings, calibration, report, host);
        List<PipelineLevel> levels = phase.levelsOfSearches(host, threads);
        report.planned(levels.stream().mapToInt(PipelineLevel::steps).sum());
        return new Measured(List.of(), List.of(), levels, List.of());
    }
}
