package nimload.it;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM with nothing on its class path but the package, Gatling's bundle, and what stands before them. */
final class JavaProcess {
    private final Process process;
    private final BufferedReader lines;
    private final StringBuilder output = new StringBuilder();

    private JavaProcess(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param before the package on the class path */
    static JavaProcess start(Path directory, Map<String, String> environment, List<Path> before, List<String> arguments)
            throws IOException {
        List<String> classPath = new ArrayList<>();
        before.forEach(path -> classPath.add(path.toString()));
        classPath.add(Given.enterprisePackage().toString());
        Given.bundle().forEach(path -> classPath.add(path.toString()));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                // The engine's own, by docs.gatling.io, "Kubernetes locations configuration".
                "-XX:MaxInlineLevel=20",
                "-XX:MaxTrivialSize=12",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                // For the simulation.log of open-source Gatling, which the engine does not write.
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                String.join(File.pathSeparator, classPath)));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("NIM_"));
        builder.environment().putAll(environment);
        return new JavaProcess(builder.start());
    }

    /** Reads what it prints until a line has the pattern's first group in it, which is returned. */
    String await(Pattern pattern) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.append(line).append('\n');
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new IllegalStateException("ended without a line with " + pattern + ":\n" + output);
    }

    int exitCode() throws IOException, InterruptedException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.append(line).append('\n');
        }
        return process.waitFor();
    }

    String output() {
        return output.toString();
    }

    void end() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** What the build hands over. */
    static final class Given {
        private Given() {}

        static Path enterprisePackage() {
            return Path.of(property("nimload.package"));
        }

        static Path descriptor() {
            return Path.of(property("nimload.descriptor"));
        }

        static Path engineEmulation() {
            return Path.of(property("engine.emulation"));
        }

        static List<Path> bundle() {
            return Arrays.stream(property("gatling.bundle").split(File.pathSeparator))
                    .map(Path::of)
                    .toList();
        }

        private static String property(String name) {
            String value = System.getProperty(name, "");
            if (value.isBlank()) {
                throw new IllegalStateException("the system property " + name + " is missing, see this project's pom");
            }
            return value;
        }
    }
}
