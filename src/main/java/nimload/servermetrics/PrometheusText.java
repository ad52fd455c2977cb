package nimload.servermetrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parses pages in Prometheus text format 0.0.4, and in OpenMetrics where samples look the same. A line that is neither
 * a sample nor a comment is skipped and counted, so that additions to a NIM's page do not hide the rest.
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
     * @param linesSkipped lines that are neither samples nor comments
     */
    public record Page(List<Sample> samples, int linesSkipped) {
        public Page {
            samples = List.copyOf(samples);
        }
    }

    private PrometheusText() {}

    /** Accepts any text; a page may have no samples. */
    public static Page parse(String text) {
        List<Sample> samples = new ArrayList<>();
        int skipped = 0;
        // Not String.lines(), which also splits at a lone carriage return: a label value may hold one.
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
