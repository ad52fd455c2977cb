package nimload.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.UserError;
import nimload.nim.Routes;
import nimload.simulation.GatlingRun;

/** Runs this suite and its emulator in JVMs of their own, as a user does. */
final class Suite {
    private static final Pattern EMULATOR_URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    private Suite() {}

    /** Gatling's plugin starts its JVM so; {@code benchmark.jvmArgs} are those that this project adds. */
    static List<String> jvmArguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx1G",
                "-XX:MaxInlineLevel=20",
                "-XX:MaxTrivialSize=12",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED"));
        arguments.addAll(List.of(System.getProperty("benchmark.jvmArgs", "").split(",")));
        return arguments;
    }

    /** A java with this class path; what it prints is one stream. */
    static Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", GatlingRun.classPath()));
        arguments.stream().filter(argument -> !argument.isEmpty()).forEach(command::add);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /**
     * A run of the grid in a JVM of its own, until its end. Its results are then in {@code results/latest}.
     *
     * @param settings as on the command line, {@code -Dnim.duration=5s}
     */
    static void run(List<String> settings, Path results) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(jvmArguments());
        command.addAll(settings);
        command.addAll(List.of(
                "-Dnim.results=" + results,
                "io.gatling.app.Gatling",
                "--simulation",
                "nimload.simulation.PublishedGridSimulation",
                "--results-folder",
                results.resolve("gatling").toString(),
                "--no-reports"));
        Process run = start(command);
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (run.waitFor() != 0) {
            throw new UserError("the run failed:\n" + output);
        }
    }

    /**
     * The address of an emulator that was just started, once it has answered. It comes after the warnings of Java 25, and the
     * first answer of a cold JVM on a busy machine may take longer than a run waits for it.
     *
     * @throws UserError with all that was printed, if the emulator ended without an address
     */
    static String urlOf(Process server) throws IOException, InterruptedException {
        BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
        StringBuilder printed = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher url = EMULATOR_URL.matcher(line);
            if (url.find()) {
                HttpRequest ready = HttpRequest.newBuilder(URI.create(url.group() + Routes.READY))
                        .build();
                HttpClient.newHttpClient().send(ready, HttpResponse.BodyHandlers.discarding());
                return url.group();
            }
            printed.append('\n').append(line);
        }
        throw new UserError("the emulator did not start; it printed:" + printed);
    }
}
