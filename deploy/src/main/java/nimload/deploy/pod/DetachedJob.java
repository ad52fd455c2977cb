package nimload.deploy.pod;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import nimload.deploy.DeployException;

/**
 * The one job that a pod runs for us, independent of any connection: started, followed through its log, stopped, and fetched once it has ended.
 * Everything here is safe to repeat after a lost response.
 */
public final class DetachedJob {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration UPLOAD = Duration.ofMinutes(30);

    /** Per read of log or results: seconds even over a slow line, without too many reads. */
    private static final int CHUNK = 4 << 20;

    private static final int LONG_POLL_SECONDS = 10;
    private static final int STOP_SECONDS = 20;

    private static final int WRONG_CHECKSUM = 3;
    private static final int TAKEN = 4;

    /** How far the job is. {@code LOST}: it ended without an exit code, e.g. because the container restarted. */
    public enum Phase {
        IDLE,
        RUNNING,
        ENDED,
        LOST
    }

    /** @param exitCode of an ended job */
    public record State(Phase phase, Optional<Integer> exitCode, String name) {}

    /**
     * What to run.
     *
     * @param name distinguishes this job from every other one
     * @param checksum of the archive that contains {@code command.get(0)}
     * @param variable an environment variable whose value stays off every command line and disk
     * @param file name of a file in the working directory, with {@code content}
     */
    public record Work(
            String name,
            String checksum,
            String variable,
            Optional<String> value,
            String file,
            String content,
            List<String> command) {}

    private final PodScript script;
    private final String pod;
    private final String home;
    private final Advice advice;

    /** @param home a writable folder in the pod; created if it is missing */
    public DetachedJob(PatientShell shell, String pod, String home, Advice advice) {
        this.script = new PodScript(shell, pod, home, advice);
        this.pod = pod;
        this.home = home;
        this.advice = advice;
    }

    /** Comes first. Checks that the pod has what is needed, including {@code programs}. */
    public void prepare(List<String> programs) throws InterruptedException {
        script.put(programs);
    }

    public State state() throws InterruptedException {
        return parseState(
                script.call("report the run's state", "state").text().lines().toList());
    }

    /** Uploads an archive and unpacks it, unless the pod already has it. Safe to repeat. */
    public void install(Archive archive, Consumer<String> note) throws InterruptedException {
        PodShell.Output has = script.attempt("has", archive.sha256());
        if (has.exitCode() == 0) {
            note.accept(archive.file().getFileName() + " is already in the pod");
            return;
        }
        note.accept("uploading " + archive.file().getFileName() + ", " + archive.megabytes() + " MB");
        PodShell.Output output = null;
        for (int attempt = 0; attempt < 2; attempt++) {
            output = script.attempt(
                    () -> Files.newInputStream(archive.file()),
                    UPLOAD,
                    "install",
                    archive.sha256(),
                    String.valueOf(archive.bytes()),
                    String.valueOf(PodShell.Input.FRAME));
            if (output.exitCode() != WRONG_CHECKSUM) {
                script.succeed("receive " + archive.file().getFileName(), output);
                return;
            }
        }
        throw new DeployException("pod " + pod + ": " + archive.file().getFileName()
                + " arrived corrupted twice: " + output.lastLine() + " instead of " + archive.sha256()
                + "; nothing was started. Check for a proxy between here and the cluster");
    }

    /** Starts the work. Safe to repeat with the same name; false if another job is in the pod. */
    public boolean start(Work work) throws InterruptedException {
        int size = work.content().getBytes(StandardCharsets.UTF_8).length;
        byte[] stdin = (work.value().orElse("") + "\n" + work.content()).getBytes(StandardCharsets.UTF_8);
        List<String> arguments = new ArrayList<>(
                List.of("start", work.name(), work.checksum(), work.variable(), work.file(), String.valueOf(size)));
        arguments.addAll(work.command());
        PodShell.Output output = script.attempt(PodShell.Input.of(stdin), START, arguments.toArray(String[]::new));
        if (output.exitCode() == TAKEN) {
            return false;
        }
        script.succeed("start the run", output);
        return true;
    }

    /** Copies the job's log to {@code out}, from the beginning until the job has ended. */
    public State follow(OutputStream out) throws InterruptedException, IOException {
        String name = state().name();
        for (long offset = 0; ; ) {
            PodShell.Output output = script.call(
                    "read the run's log",
                    "log",
                    String.valueOf(offset),
                    String.valueOf(CHUNK),
                    String.valueOf(LONG_POLL_SECONDS));
            int stateEnd = endOfLine(output.out(), 0);
            int begin = endOfLine(output.out(), stateEnd);
            State state = parseState(List.of(line(output.out(), 0, stateEnd), name));
            int size = Integer.parseInt(line(output.out(), stateEnd, begin));
            // Fewer bytes than announced: the rest is requested next.
            int arrived = output.out().length - begin;
            out.write(output.out(), begin, arrived);
            out.flush();
            offset += arrived;
            if (state.phase() == Phase.IDLE) {
                throw new DeployException(
                        "pod " + pod + ": the run is gone; another " + advice.attach() + " or --stop fetched it");
            }
            if (state.phase() != Phase.RUNNING && arrived == size && size < CHUNK) {
                return state;
            }
        }
    }

    /** Asks the job to end, and kills it if it does not; does nothing if there is no job. */
    public void stop() throws InterruptedException {
        script.call("stop the run", "stop", String.valueOf(STOP_SECONDS));
    }

    /**
     * Writes the job's log, exit code and working directory to a tar, and compares its checksum.
     *
     * @throws DeployException if the pod cannot read them or they arrive corrupted; they then stay in the pod
     */
    public void fetch(Path tar) throws InterruptedException, IOException {
        PodShell.Output sum = script.call("read the results", "sum");
        if (!sum.err().isBlank()) {
            throw new DeployException("pod " + pod + " cannot read the results: " + sum.lastLine());
        }
        String[] sizeAndSum = sum.text().strip().split(" ");
        long size = Long.parseLong(sizeAndSum[0]);
        String got = "";
        for (int attempt = 0; attempt < 2; attempt++) {
            try (OutputStream out = Files.newOutputStream(tar)) {
                for (long offset = 0; offset < size; ) {
                    byte[] part = script.call(
                                    "read the results", "fetch", String.valueOf(offset), String.valueOf(CHUNK))
                            .out();
                    out.write(part);
                    offset += part.length;
                    if (part.length == 0) {
                        break;
                    }
                }
            }
            got = Archive.sha256(tar);
            if (got.equals(sizeAndSum[1])) {
                return;
            }
        }
        throw new DeployException(
                "pod " + pod + ": the results arrived corrupted twice: " + Files.size(tar) + " of " + size
                        + " bytes, checksum " + got + " instead of " + sizeAndSum[1]
                        + "; they stay in the pod, " + advice.attach() + " fetches them");
    }

    /** Removes an ended job from the pod, so that the next can start; the unpacked archive stays. */
    public void remove(String name) throws InterruptedException {
        script.call("remove the run", "remove", name);
    }

    private State parseState(List<String> lines) {
        String[] words =
                lines.isEmpty() ? new String[] {"nothing"} : lines.get(0).split(" ");
        String name = lines.size() > 1 ? lines.get(1) : "";
        return switch (words[0]) {
            case "idle" -> new State(Phase.IDLE, Optional.empty(), name);
            case "running" -> new State(Phase.RUNNING, Optional.empty(), name);
            case "ended" -> new State(Phase.ENDED, Optional.of(Integer.valueOf(words[1])), name);
            case "lost" -> new State(Phase.LOST, Optional.empty(), name);
            default ->
                throw new DeployException("pod " + pod + ": pod.sh printed \"" + String.join(" ", words)
                        + "\" instead of a state; delete " + home + " in the pod and run again");
        };
    }

    private static int endOfLine(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, bytes.length);
    }

    private static String line(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII).strip();
    }
}
