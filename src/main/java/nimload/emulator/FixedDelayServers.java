package nimload.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of fixed-delay servers, which another process starts to measure itself. Arguments: the delays in µs. Prints
 * {@value #LINE} and a URL per server, in the order of the delays. Exits when its standard input ends, so never
 * outlives the process that started it.
 */
public final class FixedDelayServers {
    /** Start of each line with a URL. */
    public static final String LINE = "fixed delay at ";

    private FixedDelayServers() {}

    /** The command-line arguments for these delays. */
    public static List<String> arguments(List<Duration> delays) {
        return delays.stream()
                .map(delay -> Long.toString(delay.toNanos() / 1000))
                .toList();
    }

    public static void main(String[] args) throws IOException {
        serve(List.of(args), System.in, System.out);
    }

    /** @param delaysMicros one server per delay */
    static void serve(List<String> delaysMicros, InputStream in, PrintStream out) throws IOException {
        List<EmbeddedNim> servers = new ArrayList<>();
        for (String micros : delaysMicros) {
            EmbeddedNim server = EmbeddedNim.startWithFixedDelay(0, Duration.ofNanos(1000 * Long.parseLong(micros)));
            servers.add(server);
            out.println(LINE + server.url());
        }
        while (in.read() >= 0) {
            // Only the end of the input matters.
        }
        servers.forEach(EmbeddedNim::close);
    }
}
