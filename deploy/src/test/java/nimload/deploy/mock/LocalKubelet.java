package nimload.deploy.mock;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Answers exec requests to the mock cluster as a kubelet does, over a WebSocket and in version 4 of the protocol (no end of stdin), by running the
 * command in a process on this machine. It is not a container: commands see this machine's files and programs.
 */
public final class LocalKubelet implements AutoCloseable {

    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;

    /** Every command that ran, its words joined by spaces. */
    public final List<String> commands = new CopyOnWriteArrayList<>();

    /** Added to the environment of commands, or replacing parts of it. */
    public final Map<String, String> environment = new ConcurrentHashMap<>(Map.of(
            "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"))); // this very Java

    /** Commands whose connection breaks before their response; each predicate is asked until it returns true. */
    public final List<Predicate<String>> broken = new CopyOnWriteArrayList<>();

    /** Commands that run to their end but whose response is lost; each predicate is asked once per command. */
    public final List<Predicate<String>> lost = new CopyOnWriteArrayList<>();

    /** The program that {@code java} runs. */
    public volatile String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** A program that the image does not have. */
    public volatile String missing = "";

    /** Changes a command's stdout. */
    public volatile Garbling garbling = (command, bytes) -> bytes;

    public interface Garbling {
        byte[] of(String command, byte[] stdout);
    }

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "kubelet");
        thread.setDaemon(true);
        return thread;
    });

    /** For {@link MockCluster#intercept}. */
    public MockResponse answer(RecordedRequest request) {
        if (!request.getPath().matches("/api/v1/namespaces/[^/]+/pods/[^/]+/exec\\?.*")) {
            return null;
        }
        List<String> command = Stream.of(
                        request.getPath().replaceFirst("[^?]*\\?", "").split("&"))
                .filter(parameter -> parameter.startsWith("command="))
                .map(parameter -> URLDecoder.decode(parameter.substring("command=".length()), StandardCharsets.UTF_8))
                .toList();
        return new MockResponse().withWebSocketUpgrade(new Session(command));
    }

    private final class Session extends WebSocketListener {
        private final List<String> command;
        private final ExecutorService stdin = Executors.newSingleThreadExecutor();
        private volatile Process process;

        Session(List<String> command) {
            this.command = command;
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            String line = String.join(" ", command);
            commands.add(line);
            try {
                if (command.get(0).equals(missing)) {
                    throw new IOException(missing);
                }
                ProcessBuilder builder =
                        new ProcessBuilder(command.get(0).equals("java") ? List.of(java, "-version") : command);
                builder.environment().keySet().removeIf(name -> name.startsWith("NIM_"));
                builder.environment().putAll(environment);
                process = builder.start();
            } catch (IOException e) {
                send(
                        socket,
                        STATUS,
                        Serialization.asJson(failure(
                                        "InternalError", "executable file not found in $PATH: " + e.getMessage(), -1))
                                .getBytes(StandardCharsets.UTF_8));
                socket.close(1000, "");
                return;
            }
            threads.execute(() -> {
                try {
                    serve(socket, line);
                } catch (Exception e) {
                    socket.close(1011, String.valueOf(e));
                } finally {
                    stdin.shutdown();
                }
            });
        }

        private void serve(WebSocket socket, String line) throws Exception {
            Future<?> errors = threads.submit(() -> {
                pump(socket, STDERR, process.getErrorStream().readAllBytes());
                return null;
            });
            boolean silent = lost.stream().anyMatch(loses -> loses.test(line));
            InputStream stdout = process.getInputStream();
            byte[] buffer = new byte[32 << 10];
            for (int size = stdout.read(buffer); size > 0; size = stdout.read(buffer)) {
                if (broken.stream().anyMatch(breaks -> breaks.test(line))) {
                    send(socket, STDOUT, Arrays.copyOf(buffer, size / 2));
                    socket.close(1001, "gone");
                    return;
                }
                if (!silent || line.contains(" install ")) {
                    send(socket, STDOUT, garbling.of(line, Arrays.copyOf(buffer, size)));
                }
            }
            int exitCode = process.waitFor();
            errors.get();
            if (silent) {
                socket.close(1001, "gone");
                return;
            }
            send(
                    socket,
                    STATUS,
                    (exitCode == 0
                                    ? "{\"metadata\":{},\"status\":\"Success\"}"
                                    : Serialization.asJson(failure("NonZeroExitCode", "command terminated", exitCode)))
                            .getBytes(StandardCharsets.UTF_8));
            socket.close(1000, "");
        }

        @Override
        public void onMessage(WebSocket socket, byte[] bytes) {
            if (bytes.length < 2 || bytes[0] != 0) {
                return;
            }
            stdin.execute(() -> {
                try {
                    OutputStream to = process.getOutputStream();
                    to.write(bytes, 1, bytes.length - 1);
                    to.flush();
                } catch (IOException ended) {
                    // The command may stop reading early.
                }
            });
        }

        @Override
        public void onClosed(WebSocket socket, int code, String reason) {
            stdin.shutdown();
        }
    }

    private static Map<String, Object> failure(String reason, String message, int exitCode) {
        return Map.of(
                "metadata",
                Map.of(),
                "status",
                "Failure",
                "message",
                message,
                "reason",
                reason,
                "details",
                Map.of(
                        "causes",
                        exitCode < 0
                                ? List.of()
                                : List.of(Map.of("reason", "ExitCode", "message", String.valueOf(exitCode)))));
    }

    /** In frames of 32 KiB, as the kubelet sends them. */
    private static void pump(WebSocket socket, int channel, byte[] bytes) {
        for (int from = 0; from < bytes.length; from += 32 << 10) {
            send(socket, channel, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + (32 << 10))));
        }
    }

    private static void send(WebSocket socket, int channel, byte[] bytes) {
        byte[] frame = new byte[bytes.length + 1];
        frame[0] = (byte) channel;
        System.arraycopy(bytes, 0, frame, 1, bytes.length);
        socket.send(frame);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
