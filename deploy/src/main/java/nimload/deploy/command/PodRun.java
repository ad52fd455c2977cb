package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.Interrupts;
import nimload.deploy.cluster.Observer;
import nimload.deploy.load.FetchedRun;
import nimload.deploy.load.LoadPod;
import nimload.deploy.pod.Archive;
import nimload.deploy.pod.DetachedJob;
import nimload.deploy.pod.ExecShell;
import nimload.deploy.pod.PatientShell;
import nimload.deploy.pod.PodShell;

/** The one run of a pod, from its start to its results on this machine. */
final class PodRun {

    /** An exit code of ours, for a run that has none. */
    private static final int FAILED = 1;

    /** Of a log that nobody may have seen. */
    private static final int LAST_LINES = 20;

    private final Workplace work;
    private final Edges edges;
    private final Path results;
    private final PodTool tool;
    private final LoadPod pod;
    private final PatientShell shell;
    private final DetachedJob job;

    private PodRun(Workplace work, Path results, PodTool tool, LoadPod pod, PatientShell shell, DetachedJob job) {
        this.work = work;
        this.edges = work.edges;
        this.results = results;
        this.tool = tool;
        this.pod = pod;
        this.shell = shell;
        this.job = job;
    }

    /** @throws DeployException if there is no such pod */
    static PodRun in(Workplace work, PodTool tool, Path results, String home) {
        LoadPod pod = LoadPod.find(work.client(), work.settings.benchmark().namespace(), tool.pod());
        PatientShell shell = new PatientShell(
                new ExecShell(
                        work.client(),
                        pod.namespace(),
                        pod.name(),
                        pod.container().getName(),
                        tool.advice()),
                work.edges.time(),
                work.options.timeout,
                pod::requireThere,
                note -> work.edges.err().println("nimload-deploy run: " + note),
                tool.advice());
        DetachedJob job = new DetachedJob(shell, pod.name(), home, tool.advice());
        return new PodRun(work, results, tool, pod, shell, job);
    }

    /** First of a start: that the pod is fit for it and has no other run. */
    void claim() throws InterruptedException {
        tool.requireRoom(pod);
        job.prepare(tool.programs());
        refuseIfTaken(job.state());
    }

    /** Uploads what is run, and starts it. */
    void start(Archive archive, String what, DetachedJob.Work started) throws InterruptedException {
        pod.warnings(nimPods()).forEach(this::say);
        job.install(archive, this::say);
        if (!job.start(started)) {
            refuseIfTaken(job.state());
            throw new DeployException(pod + ": another run was there a moment ago; run again");
        }
        say("started in " + pod + ": " + what + "; Ctrl-C leaves it running: " + hint());
    }

    /** A name that no other run of the pod has. */
    String name(String what) {
        return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                        .withZone(ZoneOffset.UTC)
                        .format(edges.time().now())
                + "-" + what + "-"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
    }

    /** A command of the pod that changes nothing there. */
    PodShell.Output ask(List<String> command, Duration limit) throws InterruptedException {
        return shell.run(command, PodShell.Input.NONE, limit);
    }

    LoadPod pod() {
        return pod;
    }

    /** Ends the run and brings back what it has measured; 0 if there is none. A run that failed by itself and left nothing keeps its exit code. */
    int stop() throws InterruptedException {
        job.prepare(tool.programs());
        DetachedJob.State state = job.state();
        if (state.phase() == DetachedJob.Phase.IDLE) {
            say("no run is in " + pod);
            return 0;
        }
        boolean running = state.phase() == DetachedJob.Phase.RUNNING;
        job.stop();
        say((running ? "stopped: " : "had ended already: ") + state.name());
        DetachedJob.State end = job.state();
        boolean measured = fetch(end, LAST_LINES);
        return measured || running ? 0 : exitCode(end);
    }

    /** Follows the run that some earlier command has started. */
    int attach() throws InterruptedException, IOException {
        job.prepare(tool.programs());
        return followAndFetch();
    }

    /** Prints the run's log from its beginning to its end; the exit code is the run's. */
    int followAndFetch() throws InterruptedException, IOException {
        if (job.state().phase() == DetachedJob.Phase.IDLE) {
            throw new DeployException(
                    "no run is in " + pod + "; start one: " + tool.advice().run());
        }
        Interrupts.Registration registration = edges.interrupts()
                .during(() -> edges.err()
                        .println(
                                "nimload-deploy run: interrupted; what was started in " + pod + " goes on: " + hint()));
        DetachedJob.State end;
        try {
            end = job.follow(edges.out());
            fetch(end, 0); // its log was printed
        } finally {
            registration.close();
        }
        return exitCode(end);
    }

    /** @throws DeployException with the reason, where more is known than that it failed */
    private int exitCode(DetachedJob.State end) {
        if (end.phase() == DetachedJob.Phase.LOST) {
            throw new DeployException(pod + ": the run was killed before its end: "
                    + pod.lastEnd().orElse("it left no exit code")
                    + "; raise limits.memory if memory ran out, then run again");
        }
        int exitCode = end.exitCode().orElse(FAILED);
        tool.explain(exitCode);
        return exitCode;
    }

    /**
     * In this order: copied, compared, in place here, and only then removed there.
     *
     * @param lines of its log's end that are told if it left no results: the removal takes the log too, which may say why
     * @return whether it left results
     */
    private boolean fetch(DetachedJob.State end, int lines) throws InterruptedException {
        Optional<Path> run = bringBack(end.name(), lines);
        job.remove(end.name());
        if (run.isPresent()) {
            tool.finish(run.get());
        } else {
            say("the run ended before it measured anything: no results");
        }
        return run.isPresent();
    }

    private Optional<Path> bringBack(String name, int lines) throws InterruptedException {
        Path tar = results.resolve("." + name + ".tar");
        try {
            Files.createDirectories(results);
            try {
                job.fetch(tar);
                Optional<Path> run = tool.unpack(tar, results);
                if (run.isEmpty()) {
                    FetchedRun.lastLines(tar, lines).forEach(edges.err()::println);
                }
                return run;
            } finally {
                Files.deleteIfExists(tar);
            }
        } catch (IOException e) {
            throw new DeployException(
                    results + ": cannot be written (" + e
                            + "); the results stay in the pod: free space or give another --results DIR, then "
                            + tool.advice().attach(),
                    e);
        }
    }

    private void refuseIfTaken(DetachedJob.State state) {
        switch (state.phase()) {
            case IDLE -> {}
            case RUNNING ->
                throw new DeployException(
                        pod + ": run " + state.name() + " is going on, and two would measure each other; " + hint());
            case ENDED, LOST ->
                throw new DeployException(
                        pod + ": run " + state.name() + " has ended and its results were not fetched; "
                                + tool.advice().attach() + " fetches them, then run again");
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

    private String hint() {
        return tool.advice().attach() + " follows it, " + tool.advice().stop() + " ends it";
    }

    private void say(String line) {
        edges.out().println(line);
    }
}
