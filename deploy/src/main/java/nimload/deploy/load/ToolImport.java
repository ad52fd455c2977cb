package nimload.deploy.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import nimload.deploy.DeployException;

/**
 * Runs the root project's import of another tool's files, in a separate JVM with the classes of the suite's archive: this module cannot see them at
 * compile time.
 */
public final class ToolImport {

    private static final String MAIN = "nimload.imports.Import";

    private final Path suite;
    private final Path scratch;

    /**
     * @param suite the root project's target/nimload-suite.tar, which may be missing
     * @param scratch a folder to unpack it into; deleted before and after
     */
    public ToolImport(Path suite, Path scratch) {
        this.suite = suite;
        this.scratch = scratch;
    }

    /**
     * Turns the files under {@code artifacts} into a run under {@code results}.
     *
     * @param say receives the output of the import
     * @throws DeployException with the command that does the same by hand, if the import fails
     */
    public void run(Path artifacts, Path results, Consumer<String> say) throws InterruptedException {
        String byHand =
                "the files are in " + artifacts + "; import them with mvn compile exec:java@import -Dexec.args=\""
                        + artifacts + " --out " + results + "\" in the root project";
        if (!Files.isRegularFile(suite)) {
            throw new DeployException(
                    suite + ": not found (mvn package -DskipTests builds it), and it contains the import; " + byHand);
        }
        try {
            Unpacking.delete(scratch);
            Unpacking.extract(suite, scratch, entry -> entry.startsWith("classes/") || entry.startsWith("lib/"));
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Dfile.encoding=UTF-8",
                            "-Dstdout.encoding=UTF-8",
                            "-Dstderr.encoding=UTF-8",
                            "-cp",
                            String.join(
                                    java.io.File.pathSeparator,
                                    List.of(scratch.resolve("classes").toString(), scratch.resolve("lib") + "/*")),
                            MAIN,
                            artifacts.toString(),
                            "--out",
                            results.toString())
                    .redirectErrorStream(true)
                    .start();
            List<String> output;
            try (var out = process.inputReader(StandardCharsets.UTF_8)) {
                output = out.lines().toList();
            }
            int exitCode = process.waitFor();
            Unpacking.delete(scratch);
            if (exitCode != 0) {
                throw new DeployException("the import failed: "
                        + output.stream().reduce((first, second) -> second).orElse("no output") + "; " + byHand);
            }
            output.forEach(say);
        } catch (IOException e) {
            throw new DeployException("the import could not be started (" + e + "); " + byHand, e);
        }
    }
}
