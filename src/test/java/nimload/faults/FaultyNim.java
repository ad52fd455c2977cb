package nimload.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import nimload.emulator.EmbeddedNim;
import nimload.faults.Connection.Request;
import nimload.nim.ModelList;
import nimload.nim.NimError;
import nimload.nim.NimKind;
import nimload.nim.Routes;

/**
 * A NIM of both kinds on loopback that answers rightly, but does one fault to some requests of one level. What comes before
 * the load is always answered rightly. It logs what it did.
 */
final class FaultyNim implements AutoCloseable {
    /** As every request of a preflight says. */
    private static final String PREFLIGHT = "Java-http-client";

    private static final Duration SERVICE = Duration.ofMillis(2);

    private final Fault fault;
    private final int faultyTokens;
    private final PostLog log = new PostLog();
    private final Memory memory = new Memory();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Progress> levels = new HashMap<>();
    private final int port;
    private volatile ServerSocket listening;
    private volatile long stalledUntilNanos = System.nanoTime();
    private volatile boolean over;

    /** How far a level has come. */
    private static final class Progress {
        private final long firstNanos = System.nanoTime();
        private final Map<Connection, Integer> connections = new HashMap<>();
        private int posts;
    }

    /** @param faultyTokens per item, which only the faulty level's texts have */
    FaultyNim(Fault fault, int faultyTokens) throws IOException {
        this.fault = fault;
        this.faultyTokens = faultyTokens;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
        threads.execute(() -> accept(listening));
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        return socket;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    PostLog log() {
        return log;
    }

    Memory memory() {
        return memory;
    }

    /** Ends all connections and takes no new ones. */
    void goDown() throws IOException {
        listening.close();
        for (Connection connection : open) {
            connection.close();
        }
    }

    /** Goes down, and comes back later. */
    void restart(Duration down) throws IOException {
        goDown();
        threads.execute(() -> {
            try {
                Scene.pause(down);
                listening = listen(port);
                accept(listening);
            } catch (IOException e) {
                throw new IllegalStateException("cannot come back on port " + port, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** For so long, every answer waits. */
    void stall(Duration time) {
        stalledUntilNanos = System.nanoTime() + time.toNanos();
    }

    private void awaitStall() throws InterruptedException {
        long left = stalledUntilNanos - System.nanoTime();
        if (left > 0) {
            Scene.pause(Duration.ofNanos(left));
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket socket = from.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException | RejectedExecutionException e) {
                // It went down, or the test is over.
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (Connection connection = new Connection(socket)) {
            open.add(connection);
            try {
                for (Optional<Request> request = connection.read();
                        request.isPresent() && !over;
                        request = connection.read()) {
                    answer(connection, request.get());
                }
            } finally {
                open.remove(connection);
            }
        } catch (IOException e) {
            // The client has gone, or the fault closed the connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Connection connection, Request request) throws IOException, InterruptedException {
        if (!request.isPost()) {
            get(connection, request.path());
            return;
        }
        long arrived = System.nanoTime();
        Post post;
        try {
            post = request.path().equals(Routes.RANKING)
                    ? Post.ranking(request.body())
                    : Post.embedding(request.body());
        } catch (NimError e) {
            connection.send(e.status(), e.toJson());
            return;
        }
        if (request.header("user-agent").startsWith(PREFLIGHT)) {
            connection.send(200, Answer.to(post).json());
            return;
        }
        boolean faulty = true;
        try {
            faulty = underLoad(post, connection, arrived);
        } finally {
            log.add(new PostLog.Entry(post.tokensPerItem(), faulty, System.nanoTime() - arrived));
        }
    }

    private boolean underLoad(Post post, Connection connection, long arrived) throws IOException, InterruptedException {
        int tokens = post.tokensPerItem();
        int number;
        int connectionNumber;
        double seconds;
        synchronized (levels) {
            Progress progress = levels.computeIfAbsent(tokens, level -> new Progress());
            number = ++progress.posts;
            connectionNumber = progress.connections.computeIfAbsent(connection, one -> progress.connections.size() + 1);
            seconds = (arrived - progress.firstNanos) / 1e9;
        }
        Scene scene = new Scene(post, Answer.to(post), connection, seconds, this);
        Scene.pause(SERVICE);
        if (tokens != faultyTokens) {
            return scene.answerRightly();
        }
        awaitStall();
        return fault.when().hits(number, seconds, connectionNumber)
                ? fault.deed().done(scene)
                : scene.answerRightly();
    }

    private static void get(Connection connection, String path) throws IOException {
        switch (path) {
            case Routes.READY -> connection.send(200, Connection.ascii("{\"status\":\"ready\"}"));
            case Routes.MODELS ->
                connection.send(
                        200,
                        new ModelList(List.of(
                                        EmbeddedNim.model(NimKind.EMBEDDING), EmbeddedNim.model(NimKind.RERANKING)))
                                .toJson());
            default -> connection.send(404, Connection.ascii("{\"detail\":\"Not Found\"}"));
        }
    }

    @Override
    public void close() throws IOException {
        over = true;
        goDown();
        threads.shutdownNow();
    }
}
