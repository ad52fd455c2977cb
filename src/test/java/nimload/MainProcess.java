package nimload;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A main class in its own JVM, with the exit code and the two streams that a shell would see. */
public final class MainProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final BufferedReader err;

    private MainProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.err = process.errorReader(StandardCharsets.UTF_8);
    }

    /** @param arguments of the JVM, the main class, and its own */
    public static MainProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return new MainProcess(new ProcessBuilder(command).start());
    }

    /** The next line on standard output that holds this; whatever is logged before it does not matter. */
    public String awaitLine(String part) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("ended without a line with " + part + ": " + err());
    }

    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after 60 s");
        }
        return process.exitValue();
    }

    /** What is left on standard output, up to its end. */
    public String out() {
        return out.lines().collect(Collectors.joining("\n"));
    }

    /** Standard error, up to its end. */
    public String err() {
        return err.lines().collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
