package nimload.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** nimload's tools that make pages, each in a JVM of its own. */
final class ReportProcess {
    private static final String CLASS_PATH = "nimload.classpath";

    private ReportProcess() {}

    /** Makes the page of a run's directory. */
    static Path make(Path directory) throws IOException, InterruptedException {
        run("nimload.exports.ReportCommand", directory.toString());
        return directory.resolve("report.html");
    }

    /** @throws IllegalStateException if the tool fails; the message holds what it printed */
    static void run(String mainClass, String... arguments) throws IOException, InterruptedException {
        String classPath = System.getProperty(CLASS_PATH, "");
        if (classPath.isBlank()) {
            throw new IllegalStateException(
                    "no class path of nimload: give -D" + CLASS_PATH + "=<its classes and jars>");
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("no page was made:\n" + printed);
        }
    }
}
