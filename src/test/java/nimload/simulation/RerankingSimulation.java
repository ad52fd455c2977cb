package nimload.simulation;

import io.gatling.javaapi.core.Simulation;
import nimload.plan.Workload;
import nimload.run.Benchmark;
import nimload.run.Program;

/** Passages ranked by relevance to a query. */
public final class RerankingSimulation extends Simulation {
    private final Benchmark benchmark = Preparation.benchmark(Program.grid(Workload.RERANKING));

    public RerankingSimulation() {
        setUp(Levels.oneAfterAnother(benchmark)).protocols(Levels.protocol()).assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }
}
