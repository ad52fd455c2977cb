package nimload.simulation;

import io.gatling.javaapi.core.Simulation;
import nimload.plan.Workload;
import nimload.run.Benchmark;
import nimload.run.Program;

/** The published grid: all three workloads in one run and one report. */
public final class PublishedGridSimulation extends Simulation {
    private final Benchmark benchmark =
            Preparation.benchmark(Program.grid(Workload.QUERY, Workload.PASSAGE, Workload.RERANKING));

    public PublishedGridSimulation() {
        setUp(Levels.oneAfterAnother(benchmark)).protocols(Levels.protocol()).assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }
}
