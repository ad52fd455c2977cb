package nimload.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import nimload.results.Drift;
import nimload.statistics.Movement;
import nimload.statistics.Movement.Shape;

/**
 * Whether latency still moved while a level was measured: the warm-up was too short, or the GPU became warm and slower. The
 * typical latencies of consecutive parts of the level are searched for a change that stands out from noise with a memory.
 *
 * @param moved by which share of the lower latency, 0.05 = 5 % up or down; 0 for a steady level, −1 where that is unknown
 */
record Steadiness(Drift drift, double moved) {
    /** Fewest parts, and fewest answers per part: with fewer, a server that wanders cannot be told from one that changed. */
    private static final int MIN_PARTS = 20;

    private static final int MIN_ANSWERS = 5;

    /** A change of less than this share of the latency is not worth a word. */
    static final double RELEVANT = 0.02;

    /** From here on the level's numbers are those of no state in particular. */
    static final double DISQUALIFYING = 0.05;

    /** A change before this share of the level belongs to its beginning, one after the rest to its end. */
    private static final double BEGINNING = 0.4;

    private static final String SLOWER = "the GPU became slower (clocks, temperature, other load)";

    /** Some of a level's time, with enough answers. Means are of logarithms of ms, since latency varies in proportion. */
    private record Part(double fromSeconds, double toSeconds, double mean, double median) {
        static Part of(List<LevelSlice> slices) {
            return new Part(
                    slices.get(0).slice().fromSeconds(),
                    slices.get(slices.size() - 1).slice().toSeconds(),
                    mean(slices, LevelSlice::typicalMillis),
                    mean(
                            slices,
                            slice -> slice.slice().p50().stream()
                                    .filter(p50 -> p50 > 0)
                                    .findFirst()
                                    .orElse(slice.typicalMillis())));
        }

        private static double mean(List<LevelSlice> slices, ToDoubleFunction<LevelSlice> millis) {
            double sum = 0;
            for (LevelSlice slice : slices) {
                long requests = slice.slice().requests();
                sum += requests == 0 ? 0 : requests * Math.log(millis.applyAsDouble(slice));
            }
            return sum / requests(slices);
        }
    }

    static Steadiness of(List<LevelSlice> slices) {
        List<Part> parts = parts(slices);
        if (parts.size() < MIN_PARTS) {
            return new Steadiness(Drift.none(Drift.UNKNOWN, "too few answers to tell whether latency still moved"), -1);
        }
        Movement movement = Movement.of(
                parts.stream().mapToDouble(Part::mean).toArray(),
                parts.stream().mapToDouble(Part::median).toArray());
        return movement.steps().stream()
                .map(step -> of(movement.shape(), step, parts))
                .filter(steadiness -> steadiness.moved >= RELEVANT)
                .max(Comparator.comparingDouble(Steadiness::moved))
                .orElseGet(() -> new Steadiness(
                        Drift.none(
                                Drift.STEADY,
                                "no change of " + Math.round(100 * RELEVANT)
                                        + " % or more in latency stands out from its noise"),
                        0));
    }

    private static Steadiness of(Shape shape, Movement.Step step, List<Part> parts) {
        double from = Math.exp(step.before());
        double to = Math.exp(step.after());
        double seconds = parts.get(step.at()).fromSeconds();
        double share = seconds / parts.get(parts.size() - 1).toSeconds();
        boolean line = shape == Shape.LINE;
        String moved = (to > from ? "rose" : "fell") + (line ? " slowly" : "");
        return new Steadiness(
                new Drift(
                        Drift.DRIFTING,
                        "latency " + moved + " " + range(from, to) + " "
                                + (line ? "over the whole level" : place(share, seconds)),
                        OptionalDouble.of(Rounded.to(3, from)),
                        OptionalDouble.of(Rounded.to(3, to)),
                        line ? OptionalDouble.empty() : OptionalDouble.of(seconds),
                        Optional.of(to > from ? adviceOnRise(line, share) : adviceOnFall(line, share))),
                Math.max(from, to) / Math.min(from, to) - 1);
    }

    /** With as many decimals as the difference needs. */
    private static String range(double from, double to) {
        int decimals = (int) Math.max(1, Math.min(3, Math.ceil(0.5 - Math.log10(Math.abs(to - from)))));
        String number = "%." + decimals + "f";
        return String.format(Locale.ROOT, "from " + number + " to " + number + " ms", from, to);
    }

    private static String place(double share, double seconds) {
        if (share <= BEGINNING) {
            return "in the first " + part(share);
        }
        return share >= 1 - BEGINNING
                ? "in the last " + part(1 - share)
                : String.format(Locale.ROOT, "at %.1f s", seconds);
    }

    private static String part(double share) {
        if (share < 0.15) {
            return "tenth";
        }
        return share < 0.25 ? "fifth" : "third";
    }

    private static String adviceOnRise(boolean line, double share) {
        return !line && share <= BEGINNING ? SLOWER + "; a longer nim.warmup lets it settle" : SLOWER;
    }

    private static String adviceOnFall(boolean line, double share) {
        return line || share <= BEGINNING
                ? "lengthen nim.warmup"
                : "something that had slowed the server ended (other load); repeat the level";
    }

    /** Whether the numbers should not be quoted. */
    boolean disqualifies() {
        return moved >= DISQUALIFYING;
    }

    /** Neighbouring slices together until they have enough answers; what is left at the end is in the last part. */
    private static List<Part> parts(List<LevelSlice> slices) {
        List<List<LevelSlice>> parts = new ArrayList<>();
        List<LevelSlice> next = new ArrayList<>();
        for (LevelSlice slice : slices) {
            next.add(slice);
            if (requests(next) >= MIN_ANSWERS) {
                parts.add(next);
                next = new ArrayList<>();
            }
        }
        if (!parts.isEmpty()) {
            parts.get(parts.size() - 1).addAll(next);
        }
        return parts.stream().map(Part::of).toList();
    }

    private static long requests(List<LevelSlice> slices) {
        return slices.stream().mapToLong(slice -> slice.slice().requests()).sum();
    }
}
