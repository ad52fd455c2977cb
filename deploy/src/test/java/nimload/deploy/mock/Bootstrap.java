package nimload.deploy.mock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import nimload.deploy.Edges;
import nimload.deploy.EnvironmentProxy;
import nimload.deploy.Time;
import nimload.deploy.command.Deploy;

/** The commands, run as a user would run them, with stand-in charts from disk, a mock cluster and a clock that tests control. */
public final class Bootstrap implements AutoCloseable {

    public static final String KEY = "nvapi-THIS-IS-THE-KEY-0123456789";

    public record Result(int exitCode, String out, String err) {}

    public final MockCluster cluster = new MockCluster();
    public final FakeKubelet kubelet = new FakeKubelet(cluster.client());
    public final Map<String, String> environment = new ConcurrentHashMap<>();
    public final Path folder;

    /** Reaches this machine only: whatever is elsewhere, such as nvcr.io, refuses the connection. */
    public HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .proxy(new EnvironmentProxy(Map.of("https_proxy", "http://127.0.0.1:1")::get))
            .build();

    public boolean terminal;

    /** What the command would print now if a signal arrived. */
    public volatile Runnable lastWords = () -> {};

    public Runnable whileSleeping = kubelet::step;
    public final ScriptedTime time = new ScriptedTime(() -> whileSleeping.run());

    /** @param folder an empty one; it gets the stand-in charts, nims.yaml and the manifests */
    public Bootstrap(Path folder) throws IOException {
        this.folder = folder;
        StandInCharts.folder("text-embedding-nim", folder);
        StandInCharts.folder("text-reranking-nim", folder);
        settings("");
        Files.createDirectories(folder.resolve("manifests"));
        Files.copy(Path.of("manifests/run.yaml"), folder.resolve("manifests/run.yaml"));
        environment.put("NGC_API_KEY", KEY);
        environment.put(
                "KUBECONFIG", cluster.kubeconfig(folder.resolve("kubeconfig")).toString());
    }

    /** Writes nims.yaml: the stand-in charts, with these lines at the end. */
    public void settings(String embeddingLines, String... more) throws IOException {
        Files.writeString(
                folder.resolve("nims.yaml"),
                "embedding:\n  chart: text-embedding-nim\n" + embeddingLines.indent(2)
                        + "reranking:\n  chart: text-reranking-nim\n" + String.join("\n", more) + "\n");
    }

    public Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Edges edges = new Edges(
                folder,
                environment::get,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                time,
                http,
                words -> {
                    lastWords = words;
                    return () -> lastWords = () -> {};
                },
                code -> {
                    throw new AssertionError("a signal arrived: " + code);
                });
        int exitCode = Deploy.commandLine(edges).execute(arguments);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** For what needs only a folder and an environment; the clock is the real one. */
    public static Edges edges(Path folder, UnaryOperator<String> environment) {
        return new Edges(folder, environment, System.out, System.err, false, Time.SYSTEM, null, null, code -> {});
    }

    @Override
    public void close() {
        cluster.close();
    }
}
