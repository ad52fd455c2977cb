package nimload.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A client's connection, on which a server can break off wherever it likes. */
final class Connection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** @param headers by their names in lower case */
    record Request(String method, String path, Map<String, String> headers, byte[] body) {
        boolean isPost() {
            return method.equals("POST");
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
    }

    /** The next request; empty if the client has closed. */
    Optional<Request> read() throws IOException {
        String first = line();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            String[] parts = header.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String[] parts = first.split(" ");
        return Optional.of(new Request(parts[0], parts[1], headers, body));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** A whole answer. */
    void send(int status, byte[] body) throws IOException {
        send(status, "", body);
    }

    /** @param headers each with its end of line */
    void send(int status, String headers, byte[] body) throws IOException {
        write(join(head(status, headers + "Content-Length: " + body.length + "\r\n"), body));
    }

    static byte[] head(int status, String headers) {
        return ascii("HTTP/1.1 " + status + " Some Reason\r\nContent-Type: application/json\r\n" + headers + "\r\n");
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Breaks it off: what the client has not read is lost, and it learns at once. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends it in good order: the client reads what was sent, then the end. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Waits until the client closes. */
    void awaitClient() throws IOException {
        while (in.read() >= 0) {
            // Nothing that it sends matters.
        }
    }
}
