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

/** The one run in a pod, from its start to its results on this machine. */
final class PodRun {

    /** Our own exit code, for a run that left none. */
    private static final int FAILED = 1;

    /** Shown of a log that nobody may have seen. */
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

    /** Comes before a start: checks that the pod is suitable and has no other run. */
    void claim() throws InterruptedException {
        tool.requireRoom(pod);
        job.prepare(tool.programs());
        refuseIfTaken(job.state());
    }

    /** Uploads the archive and starts the run. */
    void start(Archive archive, String what, DetachedJob.Work started) throws InterruptedException {
        pod.warnings(nimPods()).forEach(this::say);
        job.install(archive, this::say);
        if (!job.start(started)) {
            refuseIfTaken(job.state());
            throw new DeployException(pod + ": another run was just here; run again");
        }
        say("started in " + pod + ": " + what + "; Ctrl-C leaves it running: " + hint());
    }

    /** A name that no other run in the pod has. */
    String name(String what) {
        return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                        .withZone(ZoneOffset.UTC)
                        .format(edges.time().now())
                + "-" + what + "-"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
    }

    /** Runs a command in the pod that changes nothing there. */
    PodShell.Output ask(List<String> command, Duration limit) throws InterruptedException {
        return shell.run(command, PodShell.Input.NONE, limit);
    }

    LoadPod pod() {
        return pod;
    }

    /** Ends the run and fetches what it measured; 0 if there is no run. A run that failed on its own without results keeps its exit code. */
    int stop() throws InterruptedException {
        job.prepare(tool.programs());
        DetachedJob.State state = job.state();
        if (state.phase() == DetachedJob.Phase.IDLE) {
            say("no run in " + pod);
            return 0;
        }
        boolean running = state.phase() == DetachedJob.Phase.RUNNING;
        job.stop();
        say((running ? "stopped: " : "already ended: ") + state.name());
        DetachedJob.State end = job.state();
        boolean measured = fetch(end, LAST_LINES);
        return measured || running ? 0 : exitCode(end);
    }

    /** Follows the run that an earlier command started. */
    int attach() throws InterruptedException, IOException {
        job.prepare(tool.programs());
        return followAndFetch();
    }

    /** Prints the run's log from beginning to end; returns the run's exit code. */
    int followAndFetch() throws InterruptedException, IOException {
        if (job.state().phase() == DetachedJob.Phase.IDLE) {
            throw new DeployException(
                    "no run in " + pod + "; start one with " + tool.advice().run());
        }
        Interrupts.Registration registration = edges.interrupts()
                .during(() -> edges.err()
                        .println("nimload-deploy run: interrupted; the run in " + pod + " continues: " + hint()));
        DetachedJob.State end;
        try {
            end = job.follow(edges.out());
            fetch(end, 0); // its log is already printed
        } finally {
            registration.close();
        }
        return exitCode(end);
    }

    /** @throws DeployException with the reason, if more is known than that it failed */
    private int exitCode(DetachedJob.State end) {
        if (end.phase() == DetachedJob.Phase.LOST) {
            throw new DeployException(pod + ": the run was killed before it ended: "
                    + pod.lastEnd().orElse("it left no exit code")
                    + "; raise limits.memory if memory ran out, then run again");
        }
        int exitCode = end.exitCode().orElse(FAILED);
        tool.explain(exitCode);
        return exitCode;
    }

    /**
     * In this order: copy, compare, move into place here, and only then remove there.
     *
     * @param lines how many lines from the end of the log to print if there are no results: removal deletes the log too, which may say why
     * @return whether there are results
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
                            + "); the results stay in the pod: free up space or use another --results DIR, then "
                            + tool.advice().attach(),
                    e);
        }
    }

    private void refuseIfTaken(DetachedJob.State state) {
        switch (state.phase()) {
            case IDLE -> {}
            case RUNNING ->
                throw new DeployException(pod + ": run " + state.name()
                        + " is in progress, and two runs would distort each other; " + hint());
            case ENDED, LOST ->
                throw new DeployException(
                        pod + ": run " + state.name() + " has ended but its results were not fetched; "
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
