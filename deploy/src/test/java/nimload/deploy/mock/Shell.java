package nimload.deploy.mock;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One of our scripts, run by this machine's sh as a pod's sh runs it. */
public final class Shell {

    private final Path script;
    private final Path directory;
    private final Path bin;

    public record Ended(int exitCode, String out, String err) {}

    /** @param directory an empty one to run it in; programs in its {@code bin} take precedence over this machine's */
    public Shell(Class<?> owner, String script, Path directory) throws IOException {
        this.directory = directory;
        this.bin = Files.createDirectory(directory.resolve("bin"));
        this.script = directory.resolve(script);
        try (var in = owner.getResourceAsStream(script)) {
            Files.copy(in, this.script);
        }
    }

    /** Replaces one of this machine's programs. */
    public void program(String name, String lines) throws IOException {
        executable(bin.resolve(name), lines);
    }

    public static void executable(Path file, String lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
        file.toFile().setExecutable(true);
    }

    /** Runs the script to its end; its stdin ends after {@code stdin}. */
    public Ended run(String stdin, String... arguments) throws Exception {
        List<String> command = Stream.concat(Stream.of("sh", script.toString()), Stream.of(arguments))
                .toList();
        Path err = Files.createTempFile(directory, "stderr", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile());
        builder.environment().merge("PATH", bin + ":", (path, ours) -> ours + path);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(stdin.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // The script may stop reading early.
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        String stderr = Files.readString(err);
        Files.delete(err);
        return new Ended(exitCode, out, stderr);
    }
}
