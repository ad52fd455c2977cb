package nimload.deploy.mock;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP proxy on a loopback port that connects every CONNECT to one local port, whatever host it names; without one it answers 502. */
public final class LoopbackProxy implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final int target;

    /** @param target the port that is reached through it, or 0 */
    public LoopbackProxy(int target) throws IOException {
        this.target = target;
        inBackground(() -> {
            while (true) {
                Socket client = socket.accept();
                inBackground(() -> serve(client));
            }
        });
    }

    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** The request line, and the Proxy-Authorization after it if there is one. */
    public List<String> requests() {
        return requests;
    }

    private void serve(Socket client) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head += (char) next;
        }
        String authorization = head.lines()
                .filter(line -> line.toLowerCase().startsWith("proxy-authorization: "))
                .map(line -> line.substring(20))
                .findFirst()
                .orElse("");
        requests.add(head.lines().findFirst().orElse("") + authorization);
        if (target == 0) {
            answer(client, "502 Bad Gateway");
            client.close();
            return;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        answer(client, "200 Connection established");
        inBackground(() -> {
            server.getInputStream().transferTo(client.getOutputStream());
            client.close();
        });
        in.transferTo(server.getOutputStream());
        server.close();
    }

    private static void answer(Socket client, String status) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(("HTTP/1.1 " + status + "\r\n" + (status.startsWith("2") ? "" : "Content-Length: 0\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // closed by either side
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
