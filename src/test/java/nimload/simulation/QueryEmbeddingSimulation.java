package nimload.simulation;

import io.gatling.javaapi.core.Simulation;
import nimload.plan.Workload;
import nimload.run.Benchmark;
import nimload.run.Program;

/** Short queries, embedded one at a time. */
public final class QueryEmbeddingSimulation extends Simulation {
    private final Benchmark benchmark = Preparation.benchmark(Program.grid(Workload.QUERY));

    public QueryEmbeddingSimulation() {
        setUp(Levels.oneAfterAnother(benchmark)).protocols(Levels.protocol()).assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }
}
