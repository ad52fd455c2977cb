package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.Interrupts;
import nimload.deploy.cluster.BenchmarkPods;
import nimload.deploy.cluster.Observer;
import nimload.deploy.load.FetchedRun;
import nimload.deploy.load.InClusterEndpoints;
import nimload.deploy.load.LoadPod;
import nimload.deploy.load.PodJava;
import nimload.deploy.load.RunSettings;
import nimload.deploy.load.Suite;
import nimload.deploy.pod.DetachedJob;
import nimload.deploy.pod.ExecShell;
import nimload.deploy.pod.PatientShell;
import nimload.deploy.pod.PodShell;

/** The one run of the load-generator pod, from its start to its results on this machine. */
final class PodRun {

    private static final String KEY = "NIM_API_KEY";
    private static final String ENDPOINTS = "endpoints.json";
    private static final List<String> PROGRAMS = List.of("java");
    private static final String HINT = "run --attach follows it, run --stop ends it";

    /** An exit code of ours, for a run that has none. */
    private static final int FAILED = 1;

    private final Workplace work;
    private final Edges edges;
    private final Path results;
    private final LoadPod pod;
    private final PatientShell shell;
    private final DetachedJob job;

    private PodRun(Workplace work, Path results, LoadPod pod, PatientShell shell, DetachedJob job) {
        this.work = work;
        this.edges = work.edges;
        this.results = results;
        this.pod = pod;
        this.shell = shell;
        this.job = job;
    }

    /** @throws DeployException if there is no such pod */
    static PodRun in(Workplace work, Path results, String home) {
        LoadPod pod =
                LoadPod.find(work.client(), work.settings.benchmark().namespace(), BenchmarkPods.Kind.LOAD_GENERATOR);
        PatientShell shell = new PatientShell(
                new ExecShell(
                        work.client(),
                        pod.namespace(),
                        pod.name(),
                        pod.container().getName()),
                work.edges.time(),
                work.options.timeout,
                pod::requireThere,
                note -> work.edges.err().println("nimload-deploy run: " + note));
        DetachedJob job = new DetachedJob(shell, pod.name(), home);
        return new PodRun(work, results, pod, shell, job);
    }

    /** Starts a simulation, unless the pod would falsify it or has another run. */
    void start(Suite suite, String simulation, RunSettings settings, boolean embedded) throws InterruptedException {
        pod.requireRoom();
        job.prepare(PROGRAMS);
        refuseIfTaken(job.state());
        Optional<String> endpoints = embedded ? Optional.empty() : endpoints(settings);
        requireJava();
        pod.warnings(nimPods()).forEach(this::say);
        job.install(suite.archive(), this::say);
        String name = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                        .withZone(ZoneOffset.UTC)
                        .format(edges.time().now())
                + "-" + simulation.substring(simulation.lastIndexOf('.') + 1) + "-"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
        List<String> command = new ArrayList<>(List.of(Suite.COMMAND, simulation));
        // Directories are named and reports dated by the clock of whoever started it.
        command.add("-Duser.timezone=" + ZoneId.systemDefault().getId());
        endpoints.ifPresent(json -> command.add("-Dnim.endpoints=" + ENDPOINTS));
        command.addAll(settings.arguments());
        boolean started = job.start(new DetachedJob.Work(
                name, suite.archive().sha256(), KEY, key(), ENDPOINTS, endpoints.orElse(""), command));
        if (!started) {
            refuseIfTaken(job.state());
            throw new DeployException(pod + ": another run was there a moment ago; run again");
        }
        say("started in " + pod + ": " + simulation + "; Ctrl-C leaves it running: " + HINT);
    }

    /** Ends the run and brings back what it has measured; 0 if there is none. */
    int stop() throws InterruptedException {
        job.prepare(PROGRAMS);
        DetachedJob.State state = job.state();
        if (state.phase() == DetachedJob.Phase.IDLE) {
            say("no run is in " + pod);
            return 0;
        }
        job.stop();
        say((state.phase() == DetachedJob.Phase.RUNNING ? "stopped: " : "had ended already: ") + state.name());
        fetch(job.state());
        return 0;
    }

    /** Follows the run that some earlier command has started. */
    int attach() throws InterruptedException, IOException {
        job.prepare(PROGRAMS);
        return followAndFetch();
    }

    /** Prints the run's log from its beginning to its end; the exit code is the run's. */
    int followAndFetch() throws InterruptedException, IOException {
        if (job.state().phase() == DetachedJob.Phase.IDLE) {
            throw new DeployException("no run is in " + pod + "; start one: run");
        }
        Interrupts.Registration registration = edges.interrupts()
                .during(() -> edges.err()
                        .println("nimload-deploy run: interrupted; what was started in " + pod + " goes on: " + HINT));
        DetachedJob.State end;
        try {
            end = job.follow(edges.out());
            fetch(end);
        } finally {
            registration.close();
        }
        if (end.phase() == DetachedJob.Phase.LOST) {
            throw new DeployException(pod + ": the run was killed before its end: "
                    + pod.lastEnd().orElse("it left no exit code")
                    + "; raise limits.memory if memory ran out, then run again");
        }
        return end.exitCode().orElse(FAILED);
    }

    /** In this order: copied, compared, in place here, and only then removed there. */
    private void fetch(DetachedJob.State end) throws InterruptedException {
        Optional<Path> run = bringBack(end.name());
        job.remove(end.name());
        run.ifPresentOrElse(
                path -> {
                    say("results are in " + path);
                    if (Files.exists(path.resolve("gatling/index.html"))) {
                        say("Gatling's report: " + path.resolve("gatling/index.html"));
                    }
                },
                () -> say("the run ended before it measured anything: no results"));
    }

    private Optional<Path> bringBack(String name) throws InterruptedException {
        Path tar = results.resolve("." + name + ".tar");
        try {
            Files.createDirectories(results);
            try {
                job.fetch(tar);
                return FetchedRun.unpack(tar, results);
            } finally {
                Files.deleteIfExists(tar);
            }
        } catch (IOException e) {
            throw new DeployException(
                    results + ": cannot be written (" + e
                            + "); the results stay in the pod: free space or give another --results DIR, then run"
                            + " --attach",
                    e);
        }
    }

    private void refuseIfTaken(DetachedJob.State state) {
        switch (state.phase()) {
            case IDLE -> {}
            case RUNNING ->
                throw new DeployException(
                        pod + ": run " + state.name() + " is going on, and two would measure each other; " + HINT);
            case ENDED, LOST ->
                throw new DeployException(pod + ": run " + state.name()
                        + " has ended and its results were not fetched; run --attach fetches them, then run again");
        }
    }

    private Optional<String> endpoints(RunSettings settings) {
        Optional<String> endpoints = InClusterEndpoints.of(
                work.endpointsFile().read(), work.context(), work.options.nims(), work.client(), this::say);
        if (endpoints.isEmpty() && !settings.namesANim()) {
            throw new DeployException(edges.target().resolve("endpoints.json")
                    + ": names no NIM that is wanted here, so nothing can be measured; run up, or give -D nim.embedding.url=http://… or"
                    + " -D nim.reranking.url=http://…; --embedded tries it without a NIM");
        }
        return endpoints;
    }

    private void requireJava() throws InterruptedException {
        PodShell.Output printed = shell.run(List.of("java", "-version"), PodShell.Input.NONE, Duration.ofSeconds(60));
        Optional<Integer> feature = PodJava.feature(printed.err() + printed.text());
        if (printed.exitCode() != 0
                || feature.filter(version -> version >= PodJava.NEEDED).isEmpty()) {
            throw new DeployException(pod + ": its Java is "
                    + feature.map(String::valueOf).orElse("unknown (" + printed.lastWords() + ")")
                    + ", and the simulations need "
                    + PodJava.NEEDED
                    + " or later; set benchmark.loadGeneratorImage in the settings file, then up --pod load-generator");
        }
    }

    private List<Pod> nimPods() {
        Observer observer = work.observer();
        return work.options.nims().stream()
                .flatMap(nim -> Observer.permitted(() -> observer.pods(work.settings.of(nim)))
                        .map(List::stream)
                        .orElse(Stream.empty()))
                .toList();
    }

    private Optional<String> key() {
        Optional<String> key =
                Optional.ofNullable(edges.environment().apply(KEY)).filter(value -> !value.isEmpty());
        if (key.filter(value -> value.contains("\n")).isPresent()) {
            throw new DeployException(KEY + " holds a line break, which no key has; export the key alone");
        }
        return key;
    }

    private void say(String line) {
        edges.out().println(line);
    }
}
