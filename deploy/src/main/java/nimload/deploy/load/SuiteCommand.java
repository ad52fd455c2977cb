package nimload.deploy.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import nimload.deploy.DeployException;

/**
 * Runs the root project's import of another tool's files, or its merge of several generators' runs, in a separate JVM with the classes of the
 * suite's archive: this module cannot see them at compile time.
 */
public final class SuiteCommand {

    private static final String IMPORT = "nimload.imports.Import";
    private static final String MERGE = "nimload.merge.Merge";

    private final Path suite;
    private final Path scratch;

    /**
     * @param suite the root project's target/nimload-suite.tar, which may be missing
     * @param scratch a folder to unpack it into; deleted before and after
     */
    public SuiteCommand(Path suite, Path scratch) {
        this.suite = suite;
        this.scratch = scratch;
    }

    /**
     * Turns the files under {@code artifacts} into a run under {@code results}.
     *
     * @param say receives the output of the import
     * @throws DeployException with the command that does the same by hand, if the import fails
     */
    public void importRun(Path artifacts, Path results, Consumer<String> say) throws InterruptedException {
        run(
                "import",
                IMPORT,
                List.of(artifacts.toString(), "--out", results.toString()),
                "the files are in " + artifacts,
                say);
    }

    /**
     * Makes one run under {@code results} of those that several generators left.
     *
     * @param parts has a directory per generator, in which its run is
     * @throws DeployException with the command that does the same by hand, if the merge fails
     */
    public void merge(Path parts, Path results, Consumer<String> say) throws InterruptedException {
        List<String> arguments = new ArrayList<>();
        try (Stream<Path> generators = Files.list(parts)) {
            generators
                    .map(generator -> generator.resolve("latest"))
                    .filter(Files::exists)
                    .map(Path::toString)
                    .sorted()
                    .forEach(arguments::add);
        } catch (IOException e) {
            throw new DeployException(parts + ": cannot be read (" + e + "); make it readable, then merge by hand", e);
        }
        if (arguments.isEmpty()) {
            say.accept("no generator has finished a level, so there is nothing to merge");
            return;
        }
        arguments.addAll(List.of("--out", results.toString()));
        run("merge", MERGE, arguments, "the generators' runs are in " + parts, say);
    }

    private void run(String name, String main, List<String> arguments, String where, Consumer<String> say)
            throws InterruptedException {
        String byHand = where + "; " + name + " them with mvn compile exec:java@" + name + " -Dexec.args=\""
                + String.join(" ", arguments) + "\" in the root project";
        if (!Files.isRegularFile(suite)) {
            throw new DeployException(suite + ": not found (mvn package -DskipTests builds it), and it contains the "
                    + name + "; " + byHand);
        }
        try {
            Unpacking.delete(scratch);
            Unpacking.extract(suite, scratch, entry -> entry.startsWith("classes/") || entry.startsWith("lib/"));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dfile.encoding=UTF-8",
                    "-Dstdout.encoding=UTF-8",
                    "-Dstderr.encoding=UTF-8",
                    "-cp",
                    String.join(
                            java.io.File.pathSeparator,
                            List.of(scratch.resolve("classes").toString(), scratch.resolve("lib") + "/*")),
                    main));
            command.addAll(arguments);
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> output;
            try (var out = process.inputReader(StandardCharsets.UTF_8)) {
                output = out.lines().toList();
            }
            int exitCode = process.waitFor();
            Unpacking.delete(scratch);
            if (exitCode != 0) {
                throw new DeployException("the " + name + " failed: "
                        + output.stream().reduce((first, second) -> second).orElse("no output") + "; " + byHand);
            }
            output.forEach(say);
        } catch (IOException e) {
            throw new DeployException("the " + name + " could not be started (" + e + "); " + byHand, e);
        }
    }
}
