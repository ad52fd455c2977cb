package nimload.deploy.pod;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Runs a command in a container and waits for it to end. */
public interface PodShell {

    /**
     * What the command reads from stdin, in frames of {@value #FRAME} bytes. The command must know by itself where the input ends, and print one
     * byte after each frame: only then is the next one sent. Otherwise fabric8 with the JDK's WebSocket fails with "could not send" as soon as the
     * line is slower than the disk, because that WebSocket accepts no frame while another is in flight.
     */
    interface Input {
        /** Below the 64 KiB that many WebSocket servers and proxies accept in one frame. */
        int FRAME = 60 << 10;

        Input NONE = InputStream::nullInputStream;

        InputStream open() throws IOException;

        static Input of(byte[] bytes) {
            return () -> new ByteArrayInputStream(bytes);
        }
    }

    record Output(int exitCode, byte[] out, String err) {

        /** Stdout as text. */
        public String text() {
            return new String(out, StandardCharsets.UTF_8);
        }

        /** The last line of stderr, or of stdout if stderr is empty: what a failed command reports. */
        public String lastLine() {
            return (err.isBlank() ? text() : err)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((first, second) -> second)
                    .orElse("no output");
        }
    }

    /**
     * @param command and its arguments, which the pod's process list shows
     * @param limit after which the connection counts as lost
     * @throws ConnectionLost if it is unknown how the command ended; it may still be running
     * @throws nimload.deploy.DeployException if trying again would not help: no permission, no such program
     */
    Output run(List<String> command, Input input, Duration limit) throws ConnectionLost, InterruptedException;

    final class ConnectionLost extends Exception {
        private static final long serialVersionUID = 1;

        public ConnectionLost(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
