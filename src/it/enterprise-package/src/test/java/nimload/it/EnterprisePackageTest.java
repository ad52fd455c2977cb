package nimload.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.it.JavaProcess.Given;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package as Gatling Enterprise gets it: what is in it, and that it runs where there is nothing else of nimload. */
class EnterprisePackageTest {
    private static final long LARGEST = 9_000_000;
    private static final String GRID = "nimload.simulation.PublishedGridSimulation";
    private static final String KEY = "nvapi-key-of-the-test";

    private static JavaProcess nim;
    private static String url;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startTheEmulatorFromThePackage(@TempDir Path anywhere) throws IOException, InterruptedException {
        // Its modelled GPU would make this five times as long.
        nim = JavaProcess.start(
                anywhere,
                Map.of(),
                List.of(),
                List.of("-Demulator.port=0", "-Demulator.fixedDelayMillis=2", "nimload.emulator.Emulator"));
        url = nim.await(Pattern.compile(" at (http://127\\.0\\.0\\.1:\\d+) "));
        // The first answer of a cold JVM on a busy machine may take longer than a run waits for it.
        requestsAnswered();
    }

    @AfterAll
    static void endIt() throws InterruptedException {
        nim.end();
    }

    @Test
    void isAtMost9MB() throws IOException {
        long size = Files.size(Given.enterprisePackage());
        System.out.printf(
                "%s: %.2f MB of %d%n", Given.enterprisePackage().getFileName(), size / 1e6, LARGEST / 1_000_000);
        assertThat(size).isLessThanOrEqualTo(LARGEST);
    }

    @Test
    void theDescriptorDeploysEverySimulationThatTheManifestNames() throws IOException {
        try (JarFile jar = new JarFile(Given.enterprisePackage().toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Gatling-Version")).isNotBlank();
            assertThat(manifest.getValue("Java-Version")).isEqualTo("17");
            assertThat(manifest.getValue("Gatling-Simulations").split(","))
                    .hasSize(7)
                    .containsExactlyInAnyOrderElementsOf(descriptor().getConfigList("simulations").stream()
                            .map(simulation -> simulation.getString("simulation"))
                            .toList());
        }
        assertThat(descriptor().hasPath("default.simulation.locations"))
                .as("one who has no private location can deploy too")
                .isFalse();
    }

    @Test
    void holdsTheDataAndNeitherWhatGatlingBringsNorClusterOrBrowserLibraries() throws IOException {
        Set<String> inPackage = entries(Given.enterprisePackage());
        assertThat(inPackage)
                .contains(
                        "nimload/simulation/PublishedGridSimulation.class",
                        "published-grid.json",
                        "common-words.txt",
                        "h200-service-times.json",
                        "gatling.conf",
                        "org/HdrHistogram/Histogram.class");
        assertThat(inPackage.stream()
                        .filter(entry -> Stream.of(
                                        "io/gatling/",
                                        "io/netty/",
                                        "scala/",
                                        "ch/qos/logback/",
                                        "io/fabric8/",
                                        "com/marcnuri/",
                                        "org/openqa/selenium/",
                                        "com/tngtech/archunit/",
                                        "net/bytebuddy/",
                                        "com/openai/")
                                .anyMatch(entry::startsWith)))
                .isEmpty();
        Set<String> twice = new TreeSet<>();
        for (Path jar : Given.bundle()) {
            entries(jar).stream()
                    .filter(entry -> entry.endsWith(".class") && inPackage.contains(entry))
                    .forEach(twice::add);
        }
        assertThat(twice)
                .as("classes that Gatling brings, and the package again")
                .isEmpty();
    }

    @Test
    void runsAloneInAnEmptyFolderAndItsLogHoldsTheRun() throws Exception {
        JavaProcess run = start(1);

        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(directory.resolve("empty")).isEmptyDirectory();
        assertThat(run.output()).doesNotContain(KEY);
        assertThat(run.output().lines().filter(line -> line.startsWith("▶ "))).hasSize(23);
        assertThat(run.output().lines().filter(line -> line.startsWith("nimload-level ")))
                .hasSize(23)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(16_000));
        JsonNode read = resultsIn(run.output());
        assertThat(read.required("complete").booleanValue()).isTrue();
        assertThat(read.required("emulated").booleanValue()).isTrue();
        assertThat(read.required("settings").required("nim.apiKey").textValue()).isEqualTo("***");
        assertThat(read.required("levels")).hasSize(23).allSatisfy(level -> {
            assertThat(level.required("requests").longValue()).isPositive();
            assertThat(level.required("errors").longValue()).isZero();
            assertThat(level.required("latencyMs").required("max").doubleValue())
                    .isPositive();
            assertThat(level.required("latencyHistogram").required("data").textValue())
                    .isNotBlank();
            assertThat(level.required("timeline")).isNotEmpty();
        });
    }

    @Test
    void refusesSeveralLoadGeneratorsWithoutAnInstantBeforeAnythingIsSent() throws Exception {
        String before = requestsAnswered();
        JavaProcess run = start(2);

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output())
                .contains("✗ this run has 2 load generators, which cannot agree on an instant to begin");
        assertThat(requestsAnswered()).isEqualTo(before);
    }

    private JavaProcess start(int loadGenerators) throws IOException {
        Config simulation = descriptor().getConfigList("simulations").stream()
                .filter(candidate -> candidate.getString("simulation").equals(GRID))
                .findFirst()
                .orElseThrow()
                .withFallback(descriptor().getConfig("default.simulation"));
        List<String> arguments = new ArrayList<>(List.of(
                "-Demulated.loadGenerators=" + loadGenerators,
                "-Dnim.rehearsal=false",
                "-Dnim.calibrate=false",
                "-Dnim.duration=100ms",
                "-Dnim.warmup=0s"));
        texts(simulation.getConfig("parameters.systemProperties"))
                .forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        arguments.addAll(List.of(
                "io.gatling.app.Gatling",
                "--simulation",
                GRID,
                "--results-folder",
                directory.resolve("gatling").toString()));
        return JavaProcess.start(
                Files.createDirectory(directory.resolve("empty")),
                texts(simulation.getConfig("parameters.environmentVariables")),
                List.of(Given.engineEmulation()),
                arguments);
    }

    /** Read as Gatling's plugin reads it, which sends no more than this to Gatling Enterprise. */
    private static Config descriptor() {
        Config environment =
                ConfigFactory.parseMap(Map.of("NIM_EMBEDDING_URL", url, "NIM_RERANKING_URL", url, "NIM_API_KEY", KEY));
        return ConfigFactory.parseFile(Given.descriptor().toFile())
                .withFallback(environment)
                .resolve()
                .getConfig("gatling.enterprise.package");
    }

    private static Map<String, String> texts(Config config) {
        return config.root().unwrapped().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().toString()));
    }

    /** What the package's own reader makes of a log that was copied from a pod's. */
    private JsonNode resultsIn(String log) throws Exception {
        Path copied = Files.writeString(
                directory.resolve("copied.log"),
                log.lines()
                        .map(line -> "2026-11-22T15:00:00.000000001Z stdout F " + line)
                        .collect(Collectors.joining("\n")));
        List<URL> classPath =
                new ArrayList<>(List.of(Given.enterprisePackage().toUri().toURL()));
        for (Path jar : Given.bundle()) {
            classPath.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> file = loader.loadClass("nimload.results.ResultsFile");
            Object results = file.getMethod("read", Path.class).invoke(null, copied);
            return new ObjectMapper()
                    .readTree((String) file.getMethod("json", Object.class).invoke(null, results));
        }
    }

    private static String requestsAnswered() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url + "/v1/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("nv_inference_request_success"))
                .collect(Collectors.joining());
    }

    private static Set<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return new HashSet<>(file.stream().map(JarEntry::getName).toList());
        }
    }
}
