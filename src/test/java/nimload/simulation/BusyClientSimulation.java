package nimload.simulation;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Simulation;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import nimload.plan.Workload;
import nimload.run.Benchmark;

/** The query embeddings by a client whose only event loop is busy with nothing half of the time. */
public final class BusyClientSimulation extends Simulation {
    private static final long BUSY_MILLIS = 40;

    private final Benchmark benchmark = Preparation.benchmark(Workload.QUERY);

    public BusyClientSimulation() {
        setUp(scenario("slow")
                        .exec(session -> {
                            EventLoop loop = session.asScala().eventLoop();
                            loop.scheduleAtFixedRate(
                                    BusyClientSimulation::spin, BUSY_MILLIS, 2 * BUSY_MILLIS, TimeUnit.MILLISECONDS);
                            return session;
                        })
                        .injectOpen(atOnceUsers(1))
                        .andThen(Levels.oneAfterAnother(benchmark)))
                .protocols(Levels.protocol(benchmark.settings()))
                .assertions(Levels.assertions(benchmark));
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }

    private static void spin() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
