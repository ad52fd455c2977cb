package nimload.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A connection on which a server can break off wherever it likes. */
final class Connection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /**
     * A request or an answer.
     *
     * @param first line
     * @param headers a line each
     */
    record Message(String first, List<String> headers, byte[] body) {
        /** Of the first line. */
        String word(int place) {
            String[] words = first.split(" ");
            return words.length > place ? words[place] : "";
        }

        /** Empty if there is none. */
        String header(String name) {
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        Message withoutHeader(String name) {
            return new Message(
                    first,
                    headers.stream()
                            .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                            .toList(),
                    body);
        }

        byte[] bytes() {
            return join(ascii(first + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n"), body);
        }
    }

    Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
    }

    /**
     * The next message; empty if the other side has closed.
     *
     * @throws IOException also for a body of unknown length
     */
    Optional<Message> read() throws IOException {
        String first = line();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        List<String> headers = new ArrayList<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            headers.add(header);
        }
        Message head = new Message(first, headers, new byte[0]);
        if (head.header("expect").equalsIgnoreCase("100-continue")) {
            write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
        }
        if (!head.header("transfer-encoding").isEmpty()) {
            send(411, "Connection: close\r\n", ascii("{\"detail\":\"Length Required\"}"));
            throw new IOException("a body of unknown length");
        }
        String length = head.header("content-length");
        byte[] body = length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
        return Optional.of(new Message(first, headers, body).withoutHeader("expect"));
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

    /** Sends a message, and waits for the answer to it. */
    Message exchange(Message request) throws IOException {
        write(request.bytes());
        return read().orElseThrow(() -> new IOException("closed without an answer"));
    }

    /** @param headers each with its end of line */
    void send(int status, String headers, byte[] body) throws IOException {
        write(join(head(status, headers + "Content-Length: " + body.length + "\r\n"), body));
    }

    static byte[] head(int status, String headers) {
        String type =
                headers.toLowerCase(Locale.ROOT).contains("content-type:") ? "" : "Content-Type: application/json\r\n";
        return ascii(
                "HTTP/1.1 " + status + (status == 200 ? " OK" : " Scripted fault") + "\r\n" + type + headers + "\r\n");
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
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

    /** Waits until the other side closes. */
    void awaitEnd() throws IOException {
        while (in.read() >= 0) {
            // Nothing that it sends matters.
        }
    }
}
