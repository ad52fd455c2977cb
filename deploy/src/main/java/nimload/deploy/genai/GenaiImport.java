package nimload.deploy.genai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import nimload.deploy.DeployException;
import nimload.deploy.pod.Unpacking;

/**
 * The root project's import of genai-perf's files, in a JVM of its own with the classes of the suite's archive: this module knows none of them when it is
 * compiled.
 */
public final class GenaiImport {

    private static final String MAIN = "nimload.imports.Import";

    private final Path suite;
    private final Path scratch;

    /**
     * @param suite target/nimload-suite.tar of the root project, which may be missing
     * @param scratch a folder to unpack it into, which is removed before and after
     */
    public GenaiImport(Path suite, Path scratch) {
        this.suite = suite;
        this.scratch = scratch;
    }

    /**
     * Makes a run under {@code results} of the files under {@code artifacts}.
     *
     * @param say is told what the import says
     * @throws DeployException with the command that does the same by hand, if it can't be done
     */
    public void run(Path artifacts, Path results, Consumer<String> say) throws InterruptedException {
        String byHand =
                "the files are in " + artifacts + ", make a run of them with mvn exec:java@import -Dexec.args=\""
                        + artifacts + " --out " + results + "\" in the root project";
        if (!Files.isRegularFile(suite)) {
            throw new DeployException(
                    suite + ": is not there (mvn package -DskipTests makes it), and it holds the import; " + byHand);
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
            List<String> said;
            try (var out = process.inputReader(StandardCharsets.UTF_8)) {
                said = out.lines().toList();
            }
            int exitCode = process.waitFor();
            Unpacking.delete(scratch);
            if (exitCode != 0) {
                throw new DeployException("the import failed: "
                        + said.stream().reduce((first, second) -> second).orElse("it says nothing") + "; " + byHand);
            }
            said.forEach(say);
        } catch (IOException e) {
            throw new DeployException("the import could not be started (" + e + "); " + byHand, e);
        }
    }
}
