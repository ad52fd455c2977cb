package nimload.simulation;

import static io.gatling.javaapi.core.CoreDsl.deploymentInfo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Share;
import nimload.preflight.Trust;
import nimload.run.Benchmark;
import nimload.run.EnterpriseRules;
import nimload.run.Host;
import nimload.run.MavenWatch;
import nimload.run.Program;

/** Prepares a run from this process's properties and environment, or ends the process with one line. */
final class Preparation {
    private Preparation() {}

    static Benchmark benchmark(Program program) {
        boolean enterprise = deploymentInfo.runId != null;
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, System::getProperty));
        Host host = new Host(properties, System.getenv(), Clock.systemDefaultZone(), !enterprise, System.out);
        if (!enterprise) {
            MavenWatch.begin(() -> System.exit(1));
        }
        try {
            Benchmark benchmark = enterprise ? onEnterprise(program, host) : Benchmark.prepare(program, host);
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> benchmark.lastWords().ifPresent(System.out::println), "last words"));
            Launcher.prepared(benchmark);
            benchmark.settings().tls().caFile().ifPresent(Preparation::trust);
            return benchmark;
        } catch (UserError e) {
            System.err.println("✗ " + e.getMessage());
            if (enterprise) {
                throw e;
            }
            // Thrown, it would reach the user twice, each time below a page of Gatling's stack.
            System.exit(Launcher.notBegun());
            throw e;
        }
    }

    private static Benchmark onEnterprise(Program program, Host host) {
        int generators = deploymentInfo.numberOfLoadGeneratorsInRun;
        EnterpriseRules.check(program, SettingValues.of(host.properties(), host.environment()), generators);
        Map<String, String> properties = new HashMap<>(host.properties());
        if (generators > 1) {
            properties.put(
                    Setting.GENERATOR.property(),
                    new Share(deploymentInfo.indexOfLoadGeneratorInRun + 1, generators).text());
        }
        Benchmark benchmark = Benchmark.prepare(
                program, new Host(properties, host.environment(), host.clock(), host.disk(), host.out()));
        EnterpriseRules.checkUsers(
                benchmark.levels().stream().map(level -> level.plan().point()).toList(), generators);
        EnterpriseRules.checkScenarios(
                benchmark.unreportedLevels().size() + benchmark.levels().size() + 1);
        return benchmark;
    }

    /** Of a scenario: Gatling Enterprise deals out what each load generator injects to all of them. */
    static int injected(int usersOfThisGenerator) {
        return usersOfThisGenerator * deploymentInfo.numberOfLoadGeneratorsInRun;
    }

    /** Gatling reads its configuration before the simulation, but the JVM's trust store only when it first connects. */
    private static void trust(Path caFile) {
        char[] password = "certificates are public".toCharArray();
        try {
            Path store = Files.createTempFile("nimload-trust", ".p12");
            store.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(store)) {
                Trust.keyStore(caFile).store(out, password);
            }
            System.setProperty("javax.net.ssl.trustStore", store.toString());
            System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
            System.setProperty("javax.net.ssl.trustStorePassword", new String(password));
        } catch (IOException | GeneralSecurityException e) {
            throw new UserError("nim.tls.ca=" + caFile + " cannot be handed to Gatling (" + e + ")", e);
        }
    }
}
