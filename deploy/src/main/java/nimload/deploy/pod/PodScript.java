package nimload.deploy.pod;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nimload.deploy.DeployException;

/** pod.sh of this package, inside a pod: uploaded anew by each command, so that both halves have the same version. */
final class PodScript {

    /** Longer than the script's own waits, for actions that transfer little. */
    private static final Duration SHORT = Duration.ofSeconds(60);

    /** What the script needs besides sh. */
    private static final List<String> TOOLS = List.of("tar", "sha256sum", "head", "tail", "wc", "grep");

    private final PatientShell shell;
    private final String pod;
    private final String home;
    private final Advice advice;

    PodScript(PatientShell shell, String pod, String home, Advice advice) {
        this.shell = shell;
        this.pod = pod;
        this.home = home;
        this.advice = advice;
    }

    /** @throws DeployException naming what the image lacks, of the script's own needs and {@code programs} */
    void put(List<String> programs) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "sh", "-c", "for tool; do command -v \"$tool\" >/dev/null 2>&1 || printf '%s ' \"$tool\"; done", "sh"));
        command.addAll(TOOLS);
        command.addAll(programs);
        String missing = shell.run(command, PodShell.Input.NONE, SHORT).text().strip();
        if (!missing.isEmpty()) {
            throw new DeployException(
                    "pod " + pod + ": its image has no " + missing.replace(" ", ", no ") + "; " + advice.image());
        }
        byte[] script = read();
        succeed(
                "write " + home,
                shell.run(
                        List.of(
                                "sh",
                                "-c",
                                "mkdir -p \"$1\" && head -c \"$2\" >\"$1/pod.sh.$$\" && [ \"$(wc -c <\"$1/pod.sh.$$\")\" -eq \"$2\" ]"
                                        + " && mv \"$1/pod.sh.$$\" \"$1/pod.sh\"",
                                "sh",
                                home,
                                String.valueOf(script.length)),
                        PodShell.Input.of(script),
                        SHORT));
    }

    /** An action that must succeed; {@code what} it does is part of the message if it fails. */
    PodShell.Output call(String what, String... arguments) throws InterruptedException {
        PodShell.Output output = attempt(PodShell.Input.NONE, SHORT, arguments);
        succeed(what, output);
        return output;
    }

    /** An action whose exit code has a meaning. */
    PodShell.Output attempt(String... arguments) throws InterruptedException {
        return attempt(PodShell.Input.NONE, SHORT, arguments);
    }

    PodShell.Output attempt(PodShell.Input input, Duration limit, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", home + "/pod.sh", home));
        command.addAll(List.of(arguments));
        return shell.run(command, input, limit);
    }

    void succeed(String what, PodShell.Output output) {
        if (output.exitCode() != 0) {
            String full = output.err().contains("No space left on device")
                    ? "no space left in " + home + "; free some, or use another --dir: "
                    : "";
            throw new DeployException("pod " + pod + " cannot " + what + ": " + full + output.lastLine());
        }
    }

    private static byte[] read() {
        try (InputStream in = PodScript.class.getResourceAsStream("pod.sh")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
