package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.nim.EncodingFormat;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;

/** Which levels are calibrated, against what delay and for how long. */
final class CalibrationPlan {
    private static final double SHORTEST_DELAY_MILLIS = 2;

    /**
     * Requests and answers of all users a millisecond, at most: enough for a fast NIM's small answers (5,000 a second), and
     * for large ones several times what an H200 sends, but not so much that two cores do nothing else and each request
     * mostly waits for the others.
     */
    private static final double KILOBYTES_PER_MILLISECOND = 200;

    private static final double KILOBYTES_PER_TOKEN = 0.006;
    private static final double KILOBYTES_PER_VECTOR_OF_FLOATS = 19;
    private static final double KILOBYTES_PER_VECTOR_OF_BASE64 = 5.5;

    /** p99 needs 100. */
    private static final int REQUESTS = 110;

    /** What the client adds to large answers, its gap to the next send included. */
    private static final double ADDED_MILLIS = 2.5;

    /** With its warm-up it is under a second, and Gatling starts the next level at a full one. */
    private static final double SHORTEST_MILLIS = 500;

    private static final double LONGEST_MILLIS = 1500;

    private CalibrationPlan() {}

    /** Each shape at its highest concurrency, which makes the server hot, and at its lowest if that is another. */
    static List<LoadPoint> ends(List<LoadPoint> points) {
        Map<LoadPoint, List<LoadPoint>> byShape = new LinkedHashMap<>();
        points.forEach(point -> byShape.computeIfAbsent(at(point, 1), shape -> new ArrayList<>())
                .add(point));
        Comparator<LoadPoint> byConcurrency = Comparator.comparingInt(LoadPoint::concurrency);
        return byShape.values().stream()
                .flatMap(shape -> List.of(
                        shape.stream().max(byConcurrency).orElseThrow(),
                        shape.stream().min(byConcurrency).orElseThrow())
                        .stream())
                .distinct()
                .toList();
    }

    /** Of the points of the same shape the one whose concurrency is nearest; of two the higher. */
    static Optional<LoadPoint> nearest(LoadPoint point, Collection<LoadPoint> measured) {
        return measured.stream()
                .filter(other -> at(other, 1).equals(at(point, 1)))
                .min(Comparator.comparingInt((LoadPoint other) -> Math.abs(other.concurrency() - point.concurrency()))
                        .thenComparing(
                                Comparator.comparingInt(LoadPoint::concurrency).reversed()));
    }

    private static LoadPoint at(LoadPoint point, int concurrency) {
        return new LoadPoint(point.workload(), point.inputTokens(), point.queryTokens(), point.items(), concurrency);
    }

    /** As short as small requests allow, longer for many users and large answers; whole milliseconds. */
    static Duration delay(LoadPoint point, EncodingFormat encoding) {
        double millis = point.concurrency() * kilobytes(point, encoding) / KILOBYTES_PER_MILLISECOND;
        return Duration.ofMillis(Math.round(Math.max(SHORTEST_DELAY_MILLIS, millis)));
    }

    private static double kilobytes(LoadPoint point, EncodingFormat encoding) {
        double sent = KILOBYTES_PER_TOKEN * (point.queryTokens() + (double) point.inputTokens() * point.items());
        if (point.workload() == Workload.RERANKING) {
            return sent;
        }
        double vector =
                encoding == EncodingFormat.FLOAT ? KILOBYTES_PER_VECTOR_OF_FLOATS : KILOBYTES_PER_VECTOR_OF_BASE64;
        return sent + vector * point.items();
    }

    /** As long as p99 needs, if that is about a second. */
    static Duration duration(LoadPoint point, Duration delay) {
        double millis = REQUESTS * (delay.toMillis() + ADDED_MILLIS) / point.concurrency();
        return Duration.ofMillis(Math.round(Math.max(SHORTEST_MILLIS, Math.min(LONGEST_MILLIS, millis))));
    }
}
