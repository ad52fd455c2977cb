package nimload.simulation;

import io.gatling.javaapi.core.Simulation;
import nimload.run.Benchmark;
import nimload.run.Program;

/** Searches that embed a query and have passages ranked, alone and while passages are ingested. */
public final class RetrievalPipelineSimulation extends Simulation {
    private final Benchmark benchmark = Preparation.benchmark(Program.pipeline());

    public RetrievalPipelineSimulation() {
        setUp(Levels.oneAfterAnother(benchmark)).protocols(Levels.protocol()).assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }
}
