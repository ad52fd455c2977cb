package nimload.run;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * The process that runs the load.
 *
 * @param properties all system properties
 * @param environment all environment variables
 * @param clock for the time of day; durations are measured with {@link System#nanoTime()}
 * @param disk whether results may be written; otherwise they are lines on {@code out}
 * @param out for progress
 */
public record Host(
        Map<String, String> properties, Map<String, String> environment, Clock clock, boolean disk, PrintStream out) {

    /** The machine's, which in a container is the pod's. */
    String name() {
        return Optional.ofNullable(environment.get("HOSTNAME")).orElseGet(() -> {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "unknown";
            }
        });
    }
}
