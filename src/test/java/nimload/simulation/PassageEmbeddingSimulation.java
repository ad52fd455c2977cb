package nimload.simulation;

import nimload.plan.Workload;

/** Long passages, embedded in batches. */
public final class PassageEmbeddingSimulation extends LevelSimulation {
    public PassageEmbeddingSimulation() {
        super(Workload.PASSAGE);
    }
}
