package nimload.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.nim.Json;
import nimload.page.GatlingNote;

/** A run in a separate JVM, started as Gatling's plugin starts it. */
public final class GatlingRun {
    private static final String GATLING = "io.gatling.app.Gatling";

    private final Process process;
    private final Path results;
    private final StringBuilder output = new StringBuilder();
    private final BufferedReader lines;

    private GatlingRun(Process process, Path results) {
        this.process = process;
        this.results = results;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    public static GatlingRun start(
            Path directory, Map<String, String> environment, String simulation, String... settings) throws IOException {
        return start(GATLING, directory, environment, simulation, List.of(settings), List.of());
    }

    /** With nimload's own exit code, as {@code run.sh} starts it. */
    public static GatlingRun launch(
            Path directory,
            Map<String, String> environment,
            String simulation,
            List<String> settings,
            String... arguments)
            throws IOException {
        return start(Launcher.class.getName(), directory, environment, simulation, settings, List.of(arguments));
    }

    /** Without Gatling's own report, which takes a second. */
    public static GatlingRun startWithoutReport(Path directory, String simulation, List<String> settings)
            throws IOException {
        return start(GATLING, directory, Map.of(), simulation, settings, List.of("--no-reports"));
    }

    private static GatlingRun start(
            String mainClass,
            Path directory,
            Map<String, String> environment,
            String simulation,
            List<String> settings,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.prefs.PreferencesFactory=" + NoVersionCheck.class.getName(),
                "-Dnim.rehearsal=false",
                "-Dnim.calibrate=false",
                "-Dnim.results=" + directory.resolve("results")));
        settings.stream().map(setting -> "-D" + setting).forEach(command::add);
        command.addAll(List.of(
                mainClass,
                "--simulation",
                "nimload.simulation." + simulation,
                "--results-folder",
                directory.resolve("gatling").toString(),
                "--run-description",
                GatlingNote.TEXT));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("NIM_") || name.startsWith("GITHUB_"));
        builder.environment().putAll(environment);
        return new GatlingRun(builder.start(), directory.resolve("results"));
    }

    /** Maven's exec:java loads this class from a list of URLs; a plain java from its class path. */
    public static String classPath() {
        if (GatlingRun.class.getClassLoader() instanceof URLClassLoader loader) {
            return Stream.of(loader.getURLs())
                    .map(url -> Path.of(URI.create(url.toString())).toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    /** Reads the console until a line begins so. */
    void awaitLine(String beginning) throws IOException {
        if (!reaches(beginning)) {
            throw new IllegalStateException("ended without the line " + beginning + "…:\n" + output);
        }
    }

    /** Likewise; false if it ends without such a line. */
    boolean reaches(String beginning) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.append(line).append('\n');
            if (line.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    void terminate() {
        // By its handle: Process.destroy() would close its output as well.
        process.toHandle().destroy();
    }

    /** Ends it so that it can do nothing more. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** The processes that it has started. */
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** Waits for the end. */
    public int exitCode() throws IOException, InterruptedException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.append(line).append('\n');
        }
        return process.waitFor();
    }

    public String output() {
        return output.toString();
    }

    List<String> csv() throws IOException {
        return Files.readAllLines(results.resolve("latest").resolve("results.csv"));
    }

    public JsonNode json() throws IOException {
        return Json.MAPPER.readTree(Files.readAllBytes(results.resolve("latest").resolve("results.json")));
    }

    /** {@code src/it/results-schema} holds real runs' files against the written schema. */
    void keepForTheSchemasTest(String name) throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "real-results"));
        Files.writeString(kept.resolve(name + ".json"), json().toPrettyString());
    }

    public boolean hasResults() {
        return Files.exists(results);
    }
}
