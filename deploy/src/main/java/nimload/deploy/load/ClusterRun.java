package nimload.deploy.load;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.Interrupts;
import nimload.deploy.diagnosis.Diagnosis;
import nimload.deploy.settings.NimSettings;
import org.apache.commons.io.output.CloseShieldOutputStream;
import org.apache.commons.io.output.TeeOutputStream;

/** One run in the cluster, from its Job to its results on this machine. */
public final class ClusterRun {

    /** The tool of what several generators left: their runs are still to be merged. */
    public static final String GENERATORS = "generators";

    private static final Duration POLL = Duration.ofSeconds(2);

    /** Gatling ends within seconds; what still runs then is killed with the pod. */
    private static final Duration STOP = Duration.ofSeconds(30);

    /** Below this, this machine's clock tells the user when a run begins. */
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

    /** Shown of a console that nobody may have seen. */
    private static final int LAST_LINES = 20;

    private static final String HINT = "run --attach follows it, run --stop ends it";
    private static final String LOST = "; everything in it is lost, run again";

    private final KubernetesClient client;
    private final Edges edges;
    private final RunJob runJob;
    private final Supplier<Diagnosis> diagnose;
    private final Supplier<List<Pod>> nimPods;
    private final Path results;
    private final Duration limit;

    /**
     * @param diagnose why the pod has not begun
     * @param nimPods the pods that the run measures, as far as this user may see them
     * @param results where fetched runs go
     * @param limit longest time until the run begins, and without a connection later
     */
    public ClusterRun(
            KubernetesClient client,
            Edges edges,
            RunJob runJob,
            Supplier<Diagnosis> diagnose,
            Supplier<List<Pod>> nimPods,
            Path results,
            Duration limit) {
        this.client = client;
        this.edges = edges;
        this.runJob = runJob;
        this.diagnose = diagnose;
        this.nimPods = nimPods;
        this.results = results;
        this.limit = limit;
    }

    /**
     * What came back.
     *
     * @param tool that made it; empty for a simulation, {@link #GENERATORS} for one of several generators
     * @param folder empty if the run ended before it measured anything; of several generators it has each one's run in a
     *     directory
     */
    public record Fetched(String tool, int exitCode, Optional<Path> folder) {}

    /** Nothing more can come from a pod, whatever becomes of the others. */
    private static final class Lost extends DeployException {
        private static final long serialVersionUID = 1L;

        Lost(String message) {
            super(message);
        }
    }

    /** A run's pod: one, or that of each generator. */
    private record Place(Job job, int index) {}

    /** @throws DeployException if there is a run already */
    public void start(RunJob.Spec spec, List<NimSettings> nims) {
        if (!runJob.create(spec, nims)) {
            Job job = runJob.find().orElseThrow(() -> new DeployException("another run was just here; run again"));
            List<Optional<RunPod>> pods = places(job).stream()
                    .map(place -> runJob.pod(job, place.index()).map(RunPod::new))
                    .toList();
            if (RunJob.failure(job).isEmpty()
                    && pods.stream().anyMatch(pod -> pod.flatMap(RunPod::lost).isEmpty())) {
                // What is lost measures no more than what has ended.
                boolean ended = pods.stream()
                        .allMatch(pod -> pod.flatMap(RunPod::lost).isPresent()
                                || pod.flatMap(RunPod::end).isPresent());
                throw new DeployException("run " + stamp(job)
                        + (ended
                                ? " has ended but its results were not fetched; run --attach fetches them, then run again"
                                : " is in progress, and two runs would distort each other; " + HINT));
            }
            // Over, with nothing left to fetch.
            runJob.delete();
            start(spec, nims);
            return;
        }
        say("created job " + RunJob.NAME + ": " + spec.name() + "; Ctrl-C leaves it running: " + HINT);
    }

    /**
     * Brings the run its suite if it waits for one, prints its console from beginning to end, and fetches its results.
     *
     * @param suite called if the run waits for it
     */
    public Fetched follow(Supplier<Suite> suite) throws InterruptedException {
        Job job = runJob.find().orElseThrow(() -> new DeployException("no run here; start one with run"));
        if (Boolean.TRUE.equals(job.getSpec().getSuspend())) {
            throw new DeployException(
                    "run " + stamp(job)
                            + " was created but never started, because its command was interrupted; run --stop removes it, then run again");
        }
        AtomicReference<String> goesOn = new AtomicReference<>("continues: " + HINT);
        Interrupts.Registration registration = edges.interrupts()
                .during(() ->
                        edges.err().println("nimload-deploy run: interrupted; run " + stamp(job) + " " + goesOn.get()));
        Place place = new Place(job, 0);
        try {
            if (RunJob.generators(job) > 1) {
                return followAll(job, suite, goesOn);
            }
            RunPod pod = awaitBegin(place, suite);
            Files.createDirectories(results);
            try (OutputStream file = Files.newOutputStream(console(place));
                    OutputStream both = new TeeOutputStream(CloseShieldOutputStream.wrap(edges.out()), file)) {
                pod = followToEnd(place, pod, both);
            }
            return fetch(place, pod);
        } catch (IOException e) {
            throw unwritable(e);
        } finally {
            registration.close();
            deleteConsoles(job);
        }
    }

    /** Ends the run and fetches what it measured; does nothing if there is none. */
    public Optional<Fetched> stop() throws InterruptedException {
        Optional<Job> found = runJob.find();
        if (found.isEmpty()) {
            say("no run here");
            return Optional.empty();
        }
        Job job = found.get();
        if (RunJob.generators(job) > 1) {
            return stopAll(job);
        }
        Place place = new Place(job, 0);
        RunPod pod = runJob.pod(job, 0).map(RunPod::new).filter(RunPod::began).orElse(null);
        if (pod == null || pod.lost().isPresent()) {
            runJob.delete();
            say("stopped: " + stamp(job) + "; "
                    + (pod == null
                            ? "it had not begun"
                            : "its pod " + pod.lost().get()));
            return Optional.empty();
        }
        boolean running = pod.end().isEmpty();
        if (running) {
            askToEnd(place);
            pod = awaitEnd(place);
        }
        say((running ? "stopped: " : "already ended: ") + stamp(job));
        Path console = console(place);
        RunPod stopped = pod;
        try {
            Files.createDirectories(results);
            try (OutputStream file = Files.newOutputStream(console)) {
                patiently(place, () -> {
                    new RunConsole(client, stopped, file).follow();
                    return null;
                });
            }
            List<String> lines = new String(Files.readAllBytes(console), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            Fetched fetched = fetch(place, pod);
            if (fetched.folder().isEmpty()) {
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(edges.err()::println);
            }
            return Optional.of(running ? new Fetched(fetched.tool(), 0, fetched.folder()) : fetched);
        } catch (IOException e) {
            throw unwritable(e);
        } finally {
            deleteConsoles(job);
        }
    }

    /**
     * As {@link #follow}, of several generators: none is started before all of them wait for it.
     *
     * @param goesOn gets what the run does if this command ends now
     */
    private Fetched followAll(Job job, Supplier<Suite> suite, AtomicReference<String> goesOn)
            throws InterruptedException, IOException {
        List<Place> places = places(job);
        Optional<Instant> begun = RunJob.startAt(job);
        if (begun.isEmpty()) {
            goesOn.set("waits, for " + RunJob.WAIT_SECONDS / 60
                    + " min at most; nothing is sent until run --attach, run --stop ends it");
            for (Place place : places) {
                awaitBegin(place, suite);
            }
            requireWaiting(places);
        }
        Files.createDirectories(results);
        Map<Place, String> lost = new LinkedHashMap<>();
        Duration before = edges.time().elapsed();
        Map<Place, Optional<ClockOffset>> waiting = new LinkedHashMap<>();
        for (Place place : places) {
            orLost(place, lost, () -> clock(place, begun.isPresent()).ifPresent(clock -> waiting.put(place, clock)));
        }
        Duration took = edges.time().elapsed().minus(before);
        Instant startAt = begun.orElseGet(() -> startAt(job, waiting.values(), took));
        if (!waiting.isEmpty()) {
            goesOn.set("may lack generators that have no start yet: run --attach gives it to them, run --stop ends it");
        }
        for (Place place : waiting.keySet()) {
            orLost(
                    place,
                    lost,
                    () -> patiently(place, () -> {
                        RunPod pod = current(place);
                        if (pod.end().isEmpty()) {
                            new PodExec(client, pod).start(startAt, waiting.get(place));
                        }
                        return null;
                    }));
        }
        goesOn.set("continues: " + HINT);
        for (Place place : places) {
            orLost(place, lost, () -> {
                try (OutputStream file = Files.newOutputStream(console(place));
                        OutputStream both = place.index() == 0
                                ? new TeeOutputStream(CloseShieldOutputStream.wrap(edges.out()), file)
                                : file) {
                    followToEnd(place, current(place), both);
                }
            });
        }
        return fetchAll(job, places, lost, Set.of());
    }

    /** A run that began without one of its generators would send less than its levels say. */
    private void requireWaiting(List<Place> places) throws InterruptedException {
        for (Place place : places) {
            Optional<ContainerStateTerminated> end =
                    patiently(place, () -> current(place).end());
            if (end.isPresent()) {
                runJob.delete();
                throw new DeployException(
                        "generator " + (place.index() + 1) + " ended before all of them waited (exit code "
                                + end.get().getExitCode() + "; one waits at most " + RunJob.WAIT_SECONDS
                                + " s); nothing was sent, run again");
            }
        }
    }

    /**
     * The clock of a generator that waits for its start, as far as its date tells it; empty for one that does not wait.
     *
     * @param begun whether it may have its start: what measures is then left alone
     */
    private Optional<Optional<ClockOffset>> clock(Place place, boolean begun) throws InterruptedException {
        return patiently(place, () -> {
            RunPod pod = current(place);
            PodExec exec = new PodExec(client, pod);
            // Nothing can be executed in a container that has ended.
            return pod.end().isPresent() || begun && exec.hasStart()
                    ? Optional.empty()
                    : Optional.of(exec.clock(edges.time()::now));
        });
    }

    /**
     * Sets when the first level begins, by the pods' clocks: the preparation after the last of them has its start.
     *
     * @param took to compare all clocks
     */
    private Instant startAt(Job job, Collection<Optional<ClockOffset>> clocks, Duration took) {
        Duration ahead =
                ClockOffset.median(clocks.stream().flatMap(Optional::stream).toList());
        // Per generator two requests, after six to compare its clock.
        Duration handingOut = took.dividedBy(3);
        Instant startAt =
                runJob.markStart(edges.time().now().plus(ahead).plus(handingOut).plus(RunJob.preparation(job)));
        say("all " + RunJob.generators(job) + " generators wait; the first level begins at " + startAt
                + (ahead.abs().compareTo(CLOCKS_AGREE) < 0
                        ? ""
                        : " by the pods' clocks, which are " + ahead.abs().toSeconds() + " s "
                                + (ahead.isNegative() ? "behind" : "ahead of") + " this machine's"));
        return startAt;
    }

    private interface Step {
        void run() throws InterruptedException, IOException;
    }

    /** Does this for a generator unless it is lost, and takes note if it is now. */
    private void orLost(Place place, Map<Place, String> lost, Step step) throws InterruptedException, IOException {
        if (lost.containsKey(place)) {
            return;
        }
        try {
            step.run();
        } catch (Lost e) {
            note("generator " + (place.index() + 1) + ": " + e.getMessage());
            lost.put(place, e.getMessage());
        }
    }

    /** Ends all generators at once, and fetches what they measured; empty if none had its start. */
    private Optional<Fetched> stopAll(Job job) throws InterruptedException {
        if (RunJob.startAt(job).isEmpty()) {
            runJob.delete();
            say("stopped: " + stamp(job) + "; it had not begun");
            return Optional.empty();
        }
        List<Place> places = places(job);
        Map<Place, String> lost = new LinkedHashMap<>();
        Set<Place> stopped = new HashSet<>();
        try {
            Files.createDirectories(results);
            for (Place place : places) {
                orLost(place, lost, () -> {
                    if (patiently(place, () -> current(place)).end().isEmpty()) {
                        stopped.add(place);
                        askToEnd(place);
                    }
                });
            }
            for (Place place : places) {
                orLost(place, lost, () -> {
                    RunPod ended = awaitEnd(place);
                    try (OutputStream file = Files.newOutputStream(console(place))) {
                        patiently(place, () -> {
                            new RunConsole(client, ended, file).follow();
                            return null;
                        });
                    }
                });
            }
            say("stopped: " + stamp(job));
            return Optional.of(fetchAll(job, places, lost, stopped));
        } catch (IOException e) {
            throw unwritable(e);
        } finally {
            deleteConsoles(job);
        }
    }

    /**
     * Each generator's run into a directory of its number; what one has lost costs the others nothing.
     *
     * @param stopped whose exit code tells only that
     */
    private Fetched fetchAll(Job job, List<Place> places, Map<Place, String> lost, Set<Place> stopped)
            throws InterruptedException, IOException {
        Path parts = results.resolve(stamp(job) + "-generators");
        List<Path> folders = new ArrayList<>();
        List<Integer> exitCodes = new ArrayList<>();
        for (Place place : places) {
            orLost(place, lost, () -> {
                RunPod pod = current(place);
                copy(place, pod, parts.resolve("" + (place.index() + 1)), "").ifPresent(folders::add);
                exitCodes.add(stopped.contains(place) ? 0 : exitCode(pod));
                killed(pod).ifPresent(reason -> note("generator " + (place.index() + 1) + ": " + reason));
            });
        }
        int exitCode = Stream.concat(exitCodes.stream(), Stream.of(lost.isEmpty() ? 0 : 1))
                .reduce(0, Math::max);
        runJob.delete();
        if (folders.isEmpty()) {
            say("the run ended before it measured anything: no results");
        }
        return new Fetched(GENERATORS, exitCode, folders.isEmpty() ? Optional.empty() : Optional.of(parts));
    }

    private static List<Place> places(Job job) {
        return IntStream.range(0, RunJob.generators(job))
                .mapToObj(index -> new Place(job, index))
                .toList();
    }

    private Path console(Place place) {
        return hidden(place.job(), (place.index() + 1) + ".log");
    }

    private void askToEnd(Place place) throws InterruptedException {
        patiently(place, () -> {
            // It may end before it is asked to, and nothing can be executed in a container that has ended.
            RunPod now = current(place);
            if (now.end().isEmpty()) {
                new PodExec(client, now).stop();
            }
            return null;
        });
    }

    private RunPod awaitEnd(Place place) throws InterruptedException {
        Duration deadline = edges.time().elapsed().plus(STOP);
        RunPod now = patiently(place, () -> current(place));
        while (now.end().isEmpty() && edges.time().elapsed().compareTo(deadline) < 0) {
            edges.time().sleep(POLL);
            now = patiently(place, () -> current(place));
        }
        return now;
    }

    private RunPod awaitBegin(Place place, Supplier<Suite> suite) throws InterruptedException {
        Job job = place.job();
        Duration deadline = edges.time().elapsed().plus(limit);
        String said = "";
        while (true) {
            Optional<Job> now = patiently(() -> {}, runJob::find);
            Optional<String> failure = now.isEmpty() ? Optional.of("it was deleted") : RunJob.failure(now.get());
            if (failure.isPresent()) {
                throw new DeployException(
                        "the job of run " + stamp(job) + " ended before the run began: " + failure.get() + LOST);
            }
            Optional<RunPod> found =
                    patiently(() -> {}, () -> runJob.pod(job, place.index())).map(RunPod::new);
            if (found.isPresent()) {
                RunPod pod = found.get();
                try {
                    pod.requireRoom(toolOf(job).isEmpty());
                } catch (DeployException e) {
                    runJob.delete();
                    throw e;
                }
                if (pod.began()) {
                    pod.warnings(nimPods.get()).forEach(this::say);
                    return pod;
                }
                if (pod.receives()) {
                    upload(place, pod, suite.get());
                } else if (pod.lost().isPresent()) {
                    throw new DeployException(pod + " " + pod.lost().get() + ", before the run began"
                            + (RunJob.generators(job) > 1 ? "; run --stop, then run again" : LOST));
                }
            }
            Diagnosis diagnosis = patiently(() -> {}, diagnose::get);
            // It may have begun, and ended, since it was looked at above.
            boolean began = patiently(() -> {}, () -> runJob.pod(job, place.index()))
                    .map(RunPod::new)
                    .filter(RunPod::began)
                    .isPresent();
            if (diagnosis.state() == Diagnosis.State.FAILED && !began) {
                runJob.delete();
                throw new DeployException("the run cannot begin: " + diagnosis);
            }
            if (edges.time().elapsed().compareTo(deadline) >= 0) {
                throw new DeployException("the run has not begun after " + limit.toSeconds() + " s: " + diagnosis
                        + ". The job stays: " + HINT);
            }
            if (!began && !diagnosis.text().equals(said)) {
                said = diagnosis.text();
                say(said);
            }
            edges.time().sleep(POLL);
        }
    }

    private void upload(Place place, RunPod pod, Suite suite) throws InterruptedException {
        Job job = place.job();
        if (!suite.sha256().equals(suiteOf(job))) {
            throw new DeployException(suite.file() + ": is not the suite of run " + stamp(job)
                    + ", which still waits for it; run --stop, then run again");
        }
        say("uploading " + suite.file().getFileName() + ", " + Math.round(suite.bytes() / 1e6) + " MB");
        PodExec exec = new PodExec(client, pod);
        // After a lost answer the pod may have gone on with what it received.
        Attempt<Boolean> send = () -> !current(place).receives() || exec.send(suite);
        if (!patiently(place, send) && !patiently(place, send)) {
            runJob.delete();
            throw new DeployException(pod + ": " + suite.file().getFileName()
                    + " arrived corrupted twice; nothing was started. Check for a proxy between here and the cluster");
        }
        while (patiently(place, () -> current(place)).receives()) {
            edges.time().sleep(POLL);
        }
    }

    private RunPod followToEnd(Place place, RunPod began, OutputStream out) throws InterruptedException, IOException {
        RunConsole console = new RunConsole(client, began, out);
        while (true) {
            RunPod pod = patiently(place, () -> current(place));
            patiently(place, () -> {
                console.follow();
                return null;
            });
            // In this order: a console that is read after the end is complete.
            if (pod.end().isPresent()) {
                return pod;
            }
            edges.time().sleep(POLL);
        }
    }

    /** In this order: copy, compare, move into place here, and only then remove there. */
    private Fetched fetch(Place place, RunPod pod) throws InterruptedException, IOException {
        Job job = place.job();
        int exitCode = exitCode(pod);
        String tool = toolOf(job);
        Optional<Path> folder = copy(place, pod, results, tool.isEmpty() ? "" : "-" + tool);
        runJob.delete();
        folder.ifPresentOrElse(
                run -> say("results are in " + run),
                () -> say("the run ended before it measured anything: no results"));
        killed(pod).ifPresent(reason -> {
            throw new DeployException(reason);
        });
        return new Fetched(tool, exitCode, folder);
    }

    /** The reason, if the run was killed for its memory. */
    private static Optional<String> killed(RunPod pod) {
        return pod.end()
                .filter(end -> "OOMKilled".equals(end.getReason()))
                .map(end -> pod + ": the run was killed before it ended: OOMKilled (exit code " + end.getExitCode()
                        + "); raise limits.memory in deploy/manifests/run.yaml, then run again");
    }

    private static int exitCode(RunPod pod) {
        return pod.end().map(ContainerStateTerminated::getExitCode).orElse(137);
    }

    /** Copies what a pod keeps into a new directory in {@code to}. */
    private Optional<Path> copy(Place place, RunPod pod, Path to, String suffix)
            throws InterruptedException, IOException {
        if (!pod.keepsResults()) {
            throw new Lost(pod + " " + pod.lost().orElse("no longer keeps the results") + LOST);
        }
        Path tar = hidden(place.job(), "tar");
        try {
            PodExec exec = new PodExec(client, pod);
            if (!patiently(place, () -> exec.fetch(tar)) && !patiently(place, () -> exec.fetch(tar))) {
                throw new DeployException(pod
                        + ": the results arrived corrupted twice; they stay there, run --attach fetches them. Check for a proxy between"
                        + " here and the cluster");
            }
            return FetchedRun.unpack(tar, console(place), exitCode(pod), to, suffix);
        } finally {
            Files.deleteIfExists(tar);
        }
    }

    private interface Attempt<T> {
        T run() throws PodExec.ConnectionLost, InterruptedException, IOException;
    }

    /** Repeats what a lost connection interrupts, until the pod is known to be gone or the limit is reached. */
    private <T> T patiently(Place place, Attempt<T> attempt) throws InterruptedException {
        return patiently(() -> current(place), attempt);
    }

    /** @param requireThere called after each failure; throws if trying again is pointless */
    private <T> T patiently(Runnable requireThere, Attempt<T> attempt) throws InterruptedException {
        Duration lost = null;
        while (true) {
            try {
                T result = attempt.run();
                if (lost != null) {
                    note("reconnected");
                }
                return result;
            } catch (IOException e) {
                throw unwritable(e);
            } catch (PodExec.ConnectionLost | KubernetesClientException e) {
                if (e instanceof KubernetesClientException refused
                        && refused.getCode() != 0
                        && refused.getCode() < 500) {
                    throw refused;
                }
                if (lost == null) {
                    lost = edges.time().elapsed();
                    note("connection lost (" + e.getMessage() + "); retrying");
                } else if (edges.time().elapsed().minus(lost).compareTo(limit) >= 0) {
                    throw new DeployException(
                            "no connection for " + limit.toSeconds() + " s (" + e.getMessage()
                                    + "); the run there continues: run --attach follows it once the cluster answers again",
                            e);
                }
                edges.time().sleep(POLL);
                unlessAway(requireThere);
            }
        }
    }

    /** An API server that does not answer says nothing about the pod. */
    private static void unlessAway(Runnable requireThere) {
        try {
            requireThere.run();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 0 && e.getCode() < 500) {
                throw e;
            }
        }
    }

    /** @throws DeployException with the reason, if nothing more can come from the pod */
    private RunPod current(Place place) {
        RunPod pod = runJob.pod(place.job(), place.index())
                .map(RunPod::new)
                .orElseThrow(() -> new Lost("the pod of run " + stamp(place.job()) + " was deleted" + LOST));
        if (pod.lost().isPresent()) {
            throw new Lost(pod + " " + pod.lost().get() + LOST);
        }
        return pod;
    }

    private Path hidden(Job job, String kind) {
        return results.resolve("." + stamp(job) + "." + kind);
    }

    private static String stamp(Job job) {
        return job.getMetadata().getAnnotations().getOrDefault(RunJob.STAMP, RunJob.NAME);
    }

    /** Empty for a simulation. */
    private static String toolOf(Job job) {
        return job.getMetadata().getAnnotations().getOrDefault(RunJob.TOOL, "");
    }

    private static String suiteOf(Job job) {
        return job.getMetadata().getAnnotations().getOrDefault(RunJob.SUITE, "");
    }

    private DeployException unwritable(IOException e) {
        return new DeployException(
                results + ": cannot be written (" + e
                        + "); the results stay in the pod: free up space or use another --results DIR, then run --attach",
                e);
    }

    private void deleteConsoles(Job job) {
        for (Place place : places(job)) {
            try {
                Files.deleteIfExists(console(place));
            } catch (IOException left) {
                // A hidden file stays behind; the results are what matters.
            }
        }
    }

    private void say(String line) {
        edges.out().println(line);
    }

    private void note(String line) {
        edges.err().println("nimload-deploy run: " + line);
    }
}
