package nimload.servermetrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pages in the text format of Prometheus, version 0.0.4, and of OpenMetrics where it writes the same samples. A line that
 * is neither a sample nor a comment is skipped and counted: what a NIM adds to its page must not hide the rest of it.
 */
public final class PrometheusText {
    /**
     * One sample line, without its timestamp.
     *
     * @param value may be NaN or infinite
     */
    public record Sample(String name, Map<String, String> labels, double value) {
        public Sample {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * @param samples in the order of the page
     * @param linesSkipped that were not understood
     */
    public record Page(List<Sample> samples, int linesSkipped) {
        public Page {
            samples = List.copyOf(samples);
        }
    }

    private PrometheusText() {}

    /** Any text is a page, of no samples if need be. */
    public static Page parse(String text) {
        List<Sample> samples = new ArrayList<>();
        int skipped = 0;
        // Only these end a line: String.lines() would do the same, but a label's value may hold other line separators.
        for (String line : text.split("\r?\n")) {
            String stripped = line.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            Optional<Sample> sample = new SampleLine(stripped).parse();
            sample.ifPresent(samples::add);
            if (sample.isEmpty()) {
                skipped++;
            }
        }
        return new Page(samples, skipped);
    }
}
