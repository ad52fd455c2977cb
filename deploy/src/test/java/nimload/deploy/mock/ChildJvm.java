package nimload.deploy.mock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The real main in a separate JVM, for what only a process shows: signals, its command line, all of its output, its exit code. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final Path out;
    private final Path err;

    private ChildJvm(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * @param folder with nims.yaml; output goes to out.log and err.log in {@code scratch}
     * @param classPath selects the entries of this JVM's class path for the child
     */
    public static ChildJvm start(
            Path folder,
            Path scratch,
            Map<String, String> environment,
            Predicate<String> classPath,
            String... arguments)
            throws IOException {
        Files.createDirectories(scratch.resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + scratch.resolve("tmp"),
                "-Dnimload.deploy.dir=" + folder,
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                        .filter(classPath)
                        .collect(Collectors.joining(java.io.File.pathSeparator)),
                "nimload.deploy.Main"));
        command.addAll(List.of(arguments));
        Path out = scratch.resolve("out.log");
        Path err = scratch.resolve("err.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase().contains("proxy") || name.equals("KUBERNETES_SERVICE_HOST"));
        builder.environment().put("https_proxy", "http://127.0.0.1:1"); // nothing elsewhere is reached
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start(), out, err);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String commandLine() throws IOException {
        return Files.readString(Path.of("/proc/" + pid() + "/cmdline")).replace('\0', ' ');
    }

    /** {@code kill -INT} and so on. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
    }

    public int exitCode(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + seconds + " s");
        }
        return process.exitValue();
    }

    public String out() throws IOException {
        return Files.readString(out);
    }

    public String err() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
