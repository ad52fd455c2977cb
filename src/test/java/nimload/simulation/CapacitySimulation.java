package nimload.simulation;

import io.gatling.javaapi.core.Simulation;
import nimload.run.Benchmark;
import nimload.run.Program;

/** The highest rate of requests, or number of users, at which limits hold. */
public final class CapacitySimulation extends Simulation {
    private final Benchmark benchmark = Preparation.benchmark(Program.capacity());

    public CapacitySimulation() {
        setUp(Levels.oneAfterAnother(benchmark)).protocols(Levels.protocol()).assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }
}
