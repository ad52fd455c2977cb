package nimload.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import nimload.UserError;
import nimload.faults.Connection.Message;
import nimload.nim.NimKind;
import nimload.nim.Routes;

/**
 * Stands in front of an emulator and does a script's faults to what it answers. What the emulator refuses, and what is no
 * request for vectors or a ranking, passes as it is and is not counted.
 */
public final class FaultServer implements AutoCloseable {
    private final Script script;
    private final URI emulator;
    private final int replica;
    private final Consumer<Done> log;
    private final Memory memory = new Memory();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "scripted-faults");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Map<Fault, Progress> progress = new HashMap<>();
    private final int port;
    private volatile ServerSocket listening;
    private volatile long stalledUntilNanos = System.nanoTime();
    private volatile boolean over;

    /** The requests that a fault selects, so far. */
    private static final class Progress {
        private final long firstNanos = System.nanoTime();
        private final Map<Connection, Integer> connections = new HashMap<>();
        private int lastConnection;
        private int requests;
    }

    /**
     * What was done to a request.
     *
     * @param tokens of each text or pair; empty without usage
     * @param faulty whether it got a fault
     * @param serviceNanos from its last byte to the answer's
     */
    record Done(OptionalInt tokens, boolean faulty, long serviceNanos) {}

    /**
     * @param port 0 for any free port
     * @param emulator that answers rightly
     * @param replica number of the server, from 1
     * @throws UserError if the port is taken
     */
    public static FaultServer start(int port, URI emulator, Script script, int replica) {
        return start(port, emulator, script, replica, done -> {});
    }

    static FaultServer start(int port, URI emulator, Script script, int replica, Consumer<Done> log) {
        try {
            return new FaultServer(listen(port), emulator, script, replica, log);
        } catch (IOException e) {
            throw new UserError(
                    "cannot listen on port " + port + " (" + e.getMessage()
                            + "); stop the process that uses it, or choose another port",
                    e);
        }
    }

    private FaultServer(ServerSocket listening, URI emulator, Script script, int replica, Consumer<Done> log) {
        this.listening = listening;
        this.port = listening.getLocalPort();
        this.emulator = emulator;
        this.script = script;
        this.replica = replica;
        this.log = log;
        threads.execute(() -> accept(listening));
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /** {@code http://127.0.0.1:port} */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
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
                // It went down, or is over.
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (Connection client = new Connection(socket);
                Connection upstream = new Connection(new Socket(emulator.getHost(), emulator.getPort()))) {
            open.add(client);
            try {
                boolean goesOn = true;
                for (Optional<Message> request = client.read();
                        request.isPresent() && !over && goesOn;
                        request = goesOn ? client.read() : Optional.empty()) {
                    answer(client, upstream, request.get());
                    goesOn = !request.get().header("connection").equalsIgnoreCase("close");
                }
            } finally {
                open.remove(client);
                synchronized (progress) {
                    progress.values().forEach(one -> one.connections.remove(client));
                }
            }
        } catch (IOException e) {
            // The client has gone, or the fault closed the connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Connection client, Connection upstream, Message request)
            throws IOException, InterruptedException {
        long arrived = System.nanoTime();
        Message right = upstream.exchange(request.withoutHeader("connection"));
        String path = request.word(1).split("\\?", 2)[0];
        Optional<NimKind> nim = Routes.kind(path);
        boolean spared =
                script.spares().filter(request.header("user-agent")::startsWith).isPresent();
        if (nim.isEmpty() || spared || !right.word(1).equals("200")) {
            client.write(right.bytes());
            return;
        }
        Call call = Call.of(nim.get(), request.body());
        OptionalLong tokens = Answer.tokens(right.body());
        OptionalInt tokensOfEach = tokens.isPresent()
                ? OptionalInt.of((int) (tokens.getAsLong() / call.items().size()))
                : OptionalInt.empty();
        boolean faulty = true;
        try {
            Optional<Fault> due = due(tokensOfEach, client);
            Scene scene = new Scene(request, call, right, client, upstream, this);
            awaitStall();
            faulty = due.isPresent() ? due.get().deed().done(scene) : scene.answerRightly();
        } finally {
            log.accept(new Done(tokensOfEach, faulty, System.nanoTime() - arrived));
        }
    }

    /** All faults count the request; the first whose turn it is is done. */
    private Optional<Fault> due(OptionalInt tokensOfEach, Connection client) {
        synchronized (progress) {
            List<Fault> due = script.faults().stream()
                    .filter(fault -> fault.when().selects(tokensOfEach, replica))
                    .filter(fault -> {
                        Progress of = progress.computeIfAbsent(fault, first -> new Progress());
                        of.requests++;
                        int connection = of.connections.computeIfAbsent(client, one -> ++of.lastConnection);
                        double seconds = (System.nanoTime() - of.firstNanos) / 1e9;
                        return fault.when().hits(of.requests, seconds, connection);
                    })
                    .toList();
            return due.stream().findFirst();
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            goDown();
        } catch (IOException e) {
            // Nothing is left to end.
        }
        threads.shutdownNow();
    }
}
