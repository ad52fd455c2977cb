package nimload.run;

import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

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
        Map<String, String> properties, Map<String, String> environment, Clock clock, boolean disk, PrintStream out) {}
