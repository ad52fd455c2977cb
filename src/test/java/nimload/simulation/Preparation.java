package nimload.simulation;

import static io.gatling.javaapi.core.CoreDsl.deploymentInfo;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.plan.Workload;
import nimload.run.Benchmark;

/** Prepares a run from this process's properties and environment, or ends it with one line. */
final class Preparation {
    private Preparation() {}

    static Benchmark benchmark(Set<Workload> workloads) {
        boolean enterprise = deploymentInfo.runId != null;
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, System::getProperty));
        try {
            return Benchmark.prepare(workloads, properties, System.getenv(), !enterprise, System.out);
        } catch (UserError e) {
            if (enterprise) {
                throw e;
            }
            // Thrown, it would reach the user twice, each time under a page of Gatling's stack.
            System.err.println("✗ " + e.getMessage());
            System.exit(1);
            throw e;
        }
    }
}
