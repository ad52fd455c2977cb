package nimload.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nimload.emulator.FixedDelayServers;

/**
 * Servers with fixed delays in a separate JVM. It ends with {@link #close}, and also when this process is gone, since its
 * input then ends.
 */
final class DelayProcess implements AutoCloseable {
    /** On a busy machine; an idle one needs half a second. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);

    /** It lives for seconds: compiling at the highest level would cost the shared cores more than it gains. */
    private static final List<String> JVM_ARGUMENTS =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final Map<Duration, URI> urls;

    private DelayProcess(Process process, Map<Duration, URI> urls) {
        this.process = process;
        this.urls = urls;
    }

    /** @throws IOException with a one-line reason, if no process can be started or it does not serve */
    static DelayProcess start(List<Duration> delays) throws IOException {
        Process process = launch(delays);
        try {
            return new DelayProcess(
                    process,
                    CompletableFuture.supplyAsync(() -> urls(process, delays))
                            .orTimeout(START_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join());
        } catch (CompletionException e) {
            process.destroyForcibly();
            String reason = e.getCause() instanceof TimeoutException
                    ? "its process did not start within " + START_PATIENCE.toSeconds() + " s"
                    : e.getCause().getMessage();
            throw new IOException(reason, e);
        }
    }

    private static Process launch(List<Duration> delays) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_ARGUMENTS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FixedDelayServers.class.getName()));
        command.addAll(FixedDelayServers.arguments(delays));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // It needs no keys, and must not take this JVM's debugger port or agent a second time.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("NIM_")
                        || name.startsWith("SENSITIVE_")
                        || name.startsWith("NGC_")
                        || name.endsWith("JAVA_OPTIONS")
                        || name.equals("JAVA_TOOL_OPTIONS"));
        try {
            return builder.start();
        } catch (UnsupportedOperationException | SecurityException e) {
            throw new IOException(e.toString(), e);
        }
    }

    /** The JVM may print warnings between the lines. */
    private static Map<Duration, URI> urls(Process process, List<Duration> delays) {
        Map<Duration, URI> urls = new LinkedHashMap<>();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String last = "no output";
        try {
            for (Duration delay : delays) {
                String line = lines.readLine();
                while (line != null && !line.startsWith(FixedDelayServers.LINE)) {
                    last = line;
                    line = lines.readLine();
                }
                if (line == null) {
                    throw new IllegalStateException("its process ended with: " + last);
                }
                urls.put(delay, URI.create(line.substring(FixedDelayServers.LINE.length())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return urls;
    }

    URI url(Duration delay) {
        return urls.get(delay);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
