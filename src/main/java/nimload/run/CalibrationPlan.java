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
import nimload.plan.OwnTexts;
import nimload.plan.Shape;

/** Which levels are calibrated, against which delay and for how long. */
final class CalibrationPlan {
    private static final double SHORTEST_DELAY_MILLIS = 2;

    /**
     * Requests and answers of all users per millisecond, at most. Small answers reach 5,000 per second, as with a fast NIM;
     * large ones several times what an H200 sends. With more, two cores would be saturated and each request would mostly
     * wait for the others.
     */
    private static final double KILOBYTES_PER_MILLISECOND = 200;

    /** Of the emulator's vectors, whose answers are calibrated with. */
    static final int DIMENSIONS = 1024;

    private static final double KILOBYTES_PER_TOKEN = 0.006;
    private static final double KILOBYTES_PER_VECTOR_OF_FLOATS = 19;
    private static final double KILOBYTES_PER_VECTOR_OF_BASE64 = 5.5;

    /** p99 needs 100. */
    private static final int REQUESTS = 110;

    /** What the client adds to large answers, including its gap to the next send. */
    private static final double ADDED_MILLIS = 2.5;

    /** Under a second with its warm-up; Gatling starts the next level at a full second. */
    private static final double SHORTEST_MILLIS = 500;

    private static final double LONGEST_MILLIS = 1500;

    private CalibrationPlan() {}

    /** Each shape at its highest concurrency, which warms the server up, and at its lowest if that is different. */
    static List<LoadPoint> ends(List<LoadPoint> points) {
        Map<Shape, List<LoadPoint>> byShape = new LinkedHashMap<>();
        points.forEach(point -> byShape.computeIfAbsent(point.shape(), shape -> new ArrayList<>())
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

    /** The measured point of the same shape with the nearest concurrency; of two the higher. */
    static Optional<LoadPoint> nearest(LoadPoint point, Collection<LoadPoint> measured) {
        return measured.stream()
                .filter(other -> other.shape().equals(point.shape()))
                .min(Comparator.comparingInt((LoadPoint other) -> Math.abs(other.concurrency() - point.concurrency()))
                        .thenComparing(
                                Comparator.comparingInt(LoadPoint::concurrency).reversed()));
    }

    /** As short as small requests allow, longer for many users and large answers; whole milliseconds. */
    static Duration delay(LoadPoint point, EncodingFormat encoding) {
        double millis = point.concurrency() * kilobytes(point, encoding) / KILOBYTES_PER_MILLISECOND;
        return Duration.ofMillis(Math.round(Math.max(SHORTEST_DELAY_MILLIS, millis)));
    }

    private static double kilobytes(LoadPoint point, EncodingFormat encoding) {
        double sent = point.texts()
                .map(own -> own.meanBytesPerRequest() / 1000)
                .orElseGet(() ->
                        KILOBYTES_PER_TOKEN * (point.queryTokens() + (double) point.inputTokens() * point.items()));
        double items = point.texts().map(OwnTexts::meanItemsPerRequest).orElse((double) point.items());
        return switch (point.workload().nim()) {
            case EMBEDDING -> sent + items * kilobytesPerVector(encoding);
            case RERANKING -> sent;
        };
    }

    private static double kilobytesPerVector(EncodingFormat encoding) {
        return switch (encoding) {
            case FLOAT -> KILOBYTES_PER_VECTOR_OF_FLOATS;
            case BASE64 -> KILOBYTES_PER_VECTOR_OF_BASE64;
        };
    }

    /** As long as p99 needs, within half a second and one and a half. */
    static Duration duration(LoadPoint point, Duration delay) {
        double millis = REQUESTS * (delay.toMillis() + ADDED_MILLIS) / point.concurrency();
        return Duration.ofMillis(Math.round(Math.max(SHORTEST_MILLIS, Math.min(LONGEST_MILLIS, millis))));
    }
}
