package nimload.simulation;

import io.gatling.javaapi.core.Simulation;
import nimload.plan.Workload;
import nimload.run.Benchmark;
import nimload.run.Program;

/** Long passages, embedded in batches. */
public final class PassageEmbeddingSimulation extends Simulation {
    private final Benchmark benchmark = Preparation.benchmark(Program.grid(Workload.PASSAGE));

    public PassageEmbeddingSimulation() {
        setUp(Levels.oneAfterAnother(benchmark)).protocols(Levels.protocol()).assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }
}
