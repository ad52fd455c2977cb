package nimload.page;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import nimload.page.Headline.Trend;
import nimload.plan.Shape;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.RunInfo;

/** One sentence about a workload of several shapes: it gives ranges, and claims only what holds for every shape. */
final class WorkloadSentence {
    private WorkloadSentence() {}

    /** @param shapes at least two, of one workload */
    static String of(RunInfo info, List<Headline> shapes) {
        Workload workload = shapes.get(0).shape().workload();
        List<Headline> known =
                shapes.stream().filter(shape -> shape.best().isPresent()).toList();
        List<LevelResults> best =
                known.stream().flatMap(shape -> shape.best().stream()).toList();
        if (best.isEmpty()) {
            int levels = shapes.stream().mapToInt(Headline::measured).sum();
            boolean anyQuotable = shapes.stream().anyMatch(shape -> shape.quotable() > 0);
            return "No rate can be given for " + workload.key() + ": "
                    + (anyQuotable
                            ? "no level that may be quoted has a rate."
                            : "none of its " + levels + " levels may be quoted.");
        }
        int unknown = shapes.size() - known.size();
        if (known.size() == 1) {
            return known.get(0).sentence() + " That is for "
                    + known.get(0).shape().label() + "; no rate can be given for the other"
                    + (unknown == 1 ? " shape." : " " + unknown + " shapes.");
        }
        String rates = range(best, WorkloadSentence::rate, Headline::rateText);
        String sentence = HeadlineWords.subject(info, workload) + " " + rates + users(known, best) + latency(best)
                + ", depending on " + cause(known) + clause(known) + ".";
        return unknown == 0
                ? sentence
                : sentence + " No rate can be given for " + unknown + " of its " + shapes.size() + " shapes.";
    }

    /** What the shapes differ in. */
    private static String cause(List<Headline> shapes) {
        return shapes.stream()
                                .map(Headline::shape)
                                .map(WorkloadSentence::alone)
                                .distinct()
                                .count()
                        == 1
                ? "ingestion"
                : "the shape";
    }

    /** The same requests, whatever else goes on. */
    private static Shape alone(Shape shape) {
        return new Shape(
                shape.workload(),
                shape.inputTokens(),
                shape.spread(),
                shape.queryTokens(),
                shape.items(),
                shape.load(),
                shape.texts(),
                "");
    }

    private static double rate(LevelResults level) {
        OptionalDouble items = level.throughput().itemsPerSecond();
        return items.orElseGet(() -> Headline.requestsPerSecond(level));
    }

    private static String users(List<Headline> known, List<LevelResults> best) {
        if (known.stream().anyMatch(shape -> shape.trend() == Trend.FIXED_RATE)) {
            return "";
        }
        int fewest = best.stream().mapToInt(LevelResults::concurrency).min().orElseThrow();
        int most = best.stream().mapToInt(LevelResults::concurrency).max().orElseThrow();
        return " with " + (fewest < most ? fewest + " to " : "") + HeadlineWords.users(most);
    }

    private static String latency(List<LevelResults> best) {
        return HeadlineWords.percentile(best)
                .map(percentile -> " at " + (fromArrivals(best) ? "response " : "") + percentile.key() + " "
                        + range(
                                best,
                                level -> level.response().at(percentile).orElseThrow(),
                                level -> Headline.latencyText(level, percentile)))
                .orElse("");
    }

    private static boolean fromArrivals(List<LevelResults> levels) {
        return levels.stream().anyMatch(level -> level.throughput().arrivals().isPresent());
    }

    /** {@code 88.44 to 151.1 ms}: a unit that both ends share is said once. */
    private static String range(
            List<LevelResults> levels, ToDoubleFunction<LevelResults> value, Function<LevelResults, String> text) {
        Comparator<LevelResults> order = Comparator.comparingDouble(value);
        String low = text.apply(levels.stream().min(order).orElseThrow());
        String high = text.apply(levels.stream().max(order).orElseThrow());
        if (low.equals(high)) {
            return high;
        }
        String unit = high.substring(high.lastIndexOf(' '));
        return (low.endsWith(unit) ? low.substring(0, low.length() - unit.length()) : low) + " to " + high;
    }

    private static String clause(List<Headline> known) {
        Optional<Trend> common = known.stream().map(Headline::trend).distinct().count() == 1
                ? Optional.of(known.get(0).trend())
                : Optional.empty();
        if (common.isEmpty()) {
            return "; what more users buy depends on it too";
        }
        return switch (common.get()) {
            case RISING -> "; the rate still rises at the most users that may be quoted";
            case FLAT -> "; more users gain at most " + Headline.SAME_PERCENT + " % in rate";
            case FALLING -> "; with more users the rate falls";
            case UNCLEAR -> "; whether more users buy rate is not shown, because the intervals overlap";
            case SINGLE -> "; each has only one concurrency that may be quoted";
            case FIXED_RATE -> "; requests were sent at a given rate, so the highest was not measured";
            case UNKNOWN -> "";
        };
    }
}
