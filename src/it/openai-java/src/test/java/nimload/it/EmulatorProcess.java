package nimload.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** nimload's emulator in a JVM of its own, so that none of its classes is on the client's class path. */
final class EmulatorProcess {
    private static final String CLASS_PATH = "nimload.classpath";
    private static final Pattern URL = Pattern.compile(" at (http://127\\.0\\.0\\.1:\\d+) ");

    private final Process process;

    private EmulatorProcess(Process process) {
        this.process = process;
    }

    /** On any free port; {@link #awaitUrl()} tells which. */
    static EmulatorProcess start() throws IOException {
        String classPath = System.getProperty(CLASS_PATH, "");
        if (classPath.isBlank()) {
            throw new IllegalStateException(
                    "no class path of nimload's emulator: give -D" + CLASS_PATH + "=<its classes and jars>");
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new EmulatorProcess(
                new ProcessBuilder(java, "-Demulator.port=0", "-cp", classPath, "nimload.emulator.Emulator")
                        .redirectErrorStream(true)
                        .start());
    }

    /** Reads what the emulator prints until it names its address, or ends. */
    URI awaitUrl() throws IOException {
        StringBuilder printed = new StringBuilder();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher url = URL.matcher(line);
            if (url.find()) {
                return URI.create(url.group(1));
            }
            printed.append(line).append('\n');
        }
        throw new IllegalStateException("the emulator ended before it named its address:\n" + printed);
    }

    void end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
