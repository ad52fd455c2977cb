package nimload.emulator;

import java.time.Duration;
import java.util.Optional;
import nimload.UserError;

/**
 * The embedded NIM on its own: {@code mvn test-compile exec:java@emulator}.
 *
 * <p>{@code -Demulator.port=8000} chooses the port, {@code -Demulator.fixedDelayMillis=5} replaces the modelled GPU by a fixed
 * delay, {@code -Demulator.slowdown=1.05} makes all its times so much longer. Runs until it is ended.
 */
public final class Emulator {
    private Emulator() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            run();
        } catch (UserError e) {
            System.err.println("✗ " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run() throws InterruptedException {
        int port = number("emulator.port", 8000);
        Optional<Duration> delay = Optional.ofNullable(System.getProperty("emulator.fixedDelayMillis"))
                .map(text -> Duration.ofMillis(number("emulator.fixedDelayMillis", 0)));
        double slowdown = slowdown();
        try (EmbeddedNim nim = delay.map(fixed -> EmbeddedNim.startWithFixedDelay(port, fixed))
                .orElseGet(() -> slowdown == 1 ? EmbeddedNim.start(port) : EmbeddedNim.startSlowed(port, slowdown))) {
            System.out.println(delay.map(fixed -> "server with a fixed delay of " + fixed.toMillis() + " ms")
                            .orElse(slowdown == 1 ? EmbeddedNim.LABEL : EmbeddedNim.slowedLabel(slowdown))
                    + " at " + nim.url() + " (Ctrl-C ends it)");
            Thread.currentThread().join();
        }
    }

    private static double slowdown() {
        String text = System.getProperty("emulator.slowdown", "1");
        if (!text.matches("\\d(\\.\\d{1,4})?") || Double.parseDouble(text) == 0) {
            throw new UserError("emulator.slowdown=" + text
                    + " is not a factor above 0 and below 10; give e.g. -Demulator.slowdown=1.05");
        }
        return Double.parseDouble(text);
    }

    private static int number(String property, int absent) {
        String text = System.getProperty(property, Integer.toString(absent));
        if (!text.matches("\\d{1,5}")) {
            throw new UserError(property + "=" + text + " is not a whole number; give e.g. -D" + property + "=8000");
        }
        return Integer.parseInt(text);
    }
}
