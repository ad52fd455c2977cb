package nimload.simulation;

import nimload.plan.Workload;

/** The published grid: all three workloads in one run and one report. */
public final class PublishedGridSimulation extends LevelSimulation {
    public PublishedGridSimulation() {
        super(Workload.QUERY, Workload.PASSAGE, Workload.RERANKING);
    }
}
