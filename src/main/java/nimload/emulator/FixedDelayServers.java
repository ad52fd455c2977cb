package nimload.emulator;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers with a fixed delay each, in a process of their own that another one starts to measure itself against. Arguments:
 * the delays in µs. Prints {@value #LINE} and a URL for each, in their order, and ends as soon as its input ends, which it
 * does when the process that started it is gone, however that went.
 */
public final class FixedDelayServers {
    /** How a line begins that holds a URL. */
    public static final String LINE = "fixed delay at ";

    private FixedDelayServers() {}

    /** The arguments for some delays. */
    public static List<String> arguments(List<Duration> delays) {
        return delays.stream()
                .map(delay -> Long.toString(delay.toNanos() / 1000))
                .toList();
    }

    public static void main(String[] args) throws IOException {
        List<EmbeddedNim> servers = new ArrayList<>();
        for (String micros : args) {
            EmbeddedNim server = EmbeddedNim.startWithFixedDelay(0, Duration.ofNanos(1000 * Long.parseLong(micros)));
            servers.add(server);
            URI url = server.url();
            System.out.println(LINE + url);
        }
        while (System.in.read() >= 0) {
            // Only its end means something.
        }
        servers.forEach(EmbeddedNim::close);
    }
}
