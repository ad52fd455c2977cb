package nimload.simulation;

import io.gatling.javaapi.core.Simulation;
import nimload.run.Benchmark;
import nimload.run.Program;

/** A mix of all workloads at constant rates for hours. */
public final class SoakSimulation extends Simulation {
    private final Benchmark benchmark = Preparation.benchmark(Program.soak());

    public SoakSimulation() {
        setUp(Levels.oneAfterAnother(benchmark)).protocols(Levels.protocol()).assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }
}
