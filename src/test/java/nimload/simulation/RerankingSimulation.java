package nimload.simulation;

import nimload.plan.Workload;

/** Passages ranked by relevance to a query. */
public final class RerankingSimulation extends LevelSimulation {
    public RerankingSimulation() {
        super(Workload.RERANKING);
    }
}
