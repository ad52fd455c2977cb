package nimload.deploy.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.BenchmarkPods;
import nimload.deploy.load.FetchedRun;
import nimload.deploy.load.InClusterEndpoints;
import nimload.deploy.load.LoadPod;
import nimload.deploy.load.PodJava;
import nimload.deploy.load.RunSettings;
import nimload.deploy.load.Suite;
import nimload.deploy.pod.Advice;
import nimload.deploy.pod.DetachedJob;
import nimload.deploy.pod.PodShell;

/** This project's own simulations, in the load-generator pod. */
final class SimulationTool implements PodTool {

    private static final String KEY = "NIM_API_KEY";
    private static final String ENDPOINTS = "endpoints.json";
    private static final Advice ADVICE = new Advice(
            "run",
            "set benchmark.loadGeneratorImage in the settings file to an image with sh, tar and a JRE 17 or later"
                    + " (eclipse-temurin:17-jre has them), then run up --pod load-generator");

    private final Workplace work;

    SimulationTool(Workplace work) {
        this.work = work;
    }

    /** Starts a simulation, unless the pod would distort it or already has a run. */
    void start(PodRun run, Suite suite, String simulation, RunSettings settings, boolean embedded)
            throws InterruptedException {
        run.claim();
        Optional<String> endpoints = embedded ? Optional.empty() : endpoints(settings);
        requireJava(run);
        List<String> command = new ArrayList<>(List.of(Suite.COMMAND, simulation));
        // The starting machine's time zone names the directories and dates the reports.
        command.add("-Duser.timezone=" + ZoneId.systemDefault().getId());
        endpoints.ifPresent(json -> command.add("-Dnim.endpoints=" + ENDPOINTS));
        command.addAll(settings.arguments());
        run.start(
                suite.archive(),
                simulation,
                new DetachedJob.Work(
                        run.name(simulation.substring(simulation.lastIndexOf('.') + 1)),
                        suite.archive().sha256(),
                        KEY,
                        key(),
                        ENDPOINTS,
                        endpoints.orElse(""),
                        command));
    }

    private Optional<String> endpoints(RunSettings settings) {
        Optional<String> endpoints = InClusterEndpoints.of(
                work.endpointsFile().read(),
                work.context(),
                work.options.nims(),
                work.client(),
                work.edges.out()::println);
        if (endpoints.isEmpty() && !settings.namesANim()) {
            throw new DeployException(work.edges.target().resolve("endpoints.json")
                    + ": has none of the selected NIMs, so there is nothing to measure; run up, or add -D nim.embedding.url=http://… or"
                    + " -D nim.reranking.url=http://…; --embedded tries it without a NIM");
        }
        return endpoints;
    }

    private static void requireJava(PodRun run) throws InterruptedException {
        PodShell.Output printed = run.ask(List.of("java", "-version"), Duration.ofSeconds(60));
        Optional<Integer> feature = PodJava.feature(printed.err() + printed.text());
        if (printed.exitCode() != 0
                || feature.filter(version -> version >= PodJava.NEEDED).isEmpty()) {
            throw new DeployException(
                    run.pod() + ": its image has "
                            + feature.map(version -> "Java " + version)
                                    .orElse("no known Java (" + printed.lastLine() + ")")
                            + ", but the simulations need "
                            + PodJava.NEEDED
                            + " or later; set benchmark.loadGeneratorImage in the settings file, then run up --pod load-generator");
        }
    }

    private Optional<String> key() {
        Optional<String> key =
                Optional.ofNullable(work.edges.environment().apply(KEY)).filter(value -> !value.isEmpty());
        if (key.filter(value -> value.contains("\n")).isPresent()) {
            throw new DeployException(KEY + ": contains a line break, which no key has; export only the key");
        }
        return key;
    }

    @Override
    public BenchmarkPods.Kind pod() {
        return BenchmarkPods.Kind.LOAD_GENERATOR;
    }

    @Override
    public Advice advice() {
        return ADVICE;
    }

    @Override
    public List<String> programs() {
        return List.of("java");
    }

    @Override
    public void requireRoom(LoadPod pod) {
        pod.requireFreeCpu();
        pod.requireMemory();
    }

    @Override
    public Optional<Path> unpack(Path tar, Path results) throws IOException {
        return FetchedRun.unpack(tar, results, "");
    }

    @Override
    public void finish(Path run) {
        work.edges.out().println("results are in " + run);
        if (Files.exists(run.resolve("gatling/index.html"))) {
            work.edges.out().println("Gatling's report: " + run.resolve("gatling/index.html"));
        }
    }

    @Override
    public void explain(int exitCode) {
        // The run's own console says why.
    }
}
