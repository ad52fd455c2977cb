package nimload.simulation;

import nimload.plan.Workload;

/** Short queries, embedded one at a time. */
public final class QueryEmbeddingSimulation extends LevelSimulation {
    public QueryEmbeddingSimulation() {
        super(Workload.QUERY);
    }
}
