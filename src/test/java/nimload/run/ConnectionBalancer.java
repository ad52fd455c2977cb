package nimload.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Chooses one of several servers at random for each connection, as kube-proxy does. */
public final class ConnectionBalancer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param seed of its choices */
    public ConnectionBalancer(List<URI> servers, long seed) throws IOException {
        Random random = new Random(seed);
        threads.execute(() -> {
            try {
                while (true) {
                    Socket client = listening.accept();
                    URI chosen = servers.get(random.nextInt(servers.size()));
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), chosen.getPort());
                    open.addAll(Set.of(client, server));
                    threads.execute(() -> copy(client, server));
                    threads.execute(() -> copy(server, client));
                }
            } catch (IOException e) {
                // Closed.
            }
        });
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // One side has closed.
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
