package nimload.imports;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.Percentile;

/**
 * What one run of a level measured, or several runs of it together. Percentiles that the number of requests does not support
 * are dropped: these tools report a p99 from one request, and 0 when there were none.
 *
 * @param requests successful ones
 * @param errors failed ones; empty where they were not counted
 * @param requestsPerSecond successful ones
 * @param seconds from the first send to the last answer
 * @param latency of successful ones
 */
record Numbers(
        long requests, OptionalLong errors, OptionalDouble requestsPerSecond, OptionalDouble seconds, Latency latency) {

    Numbers {
        requestsPerSecond = requests == 0 ? OptionalDouble.empty() : requestsPerSecond;
        latency = requests == 0 ? Latency.UNKNOWN : supported(latency, requests);
    }

    private static Latency supported(Latency reported, long requests) {
        Map<Percentile, Estimate> percentiles = reported.percentiles().entrySet().stream()
                .filter(percentile -> requests >= percentile.getKey().samplesNeeded())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Latency(reported.avg(), reported.std(), reported.min(), reported.max(), percentiles);
    }

    /**
     * What follows for all requests of several runs: sums, mean, lowest and highest. Their percentiles and their standard
     * deviation do not follow from those of the runs, so they are absent.
     */
    static Numbers together(List<Numbers> runs) {
        if (runs.size() == 1) {
            return runs.get(0);
        }
        List<Numbers> answered = runs.stream().filter(run -> run.requests > 0).toList();
        long requests = answered.stream().mapToLong(Numbers::requests).sum();
        List<Double> times = each(answered, run -> over(run.requests, run.requestsPerSecond));
        List<Double> sums = each(answered, run -> times(run.latency.avg(), run.requests));
        List<Double> seconds = each(runs, Numbers::seconds);
        return new Numbers(
                requests,
                runs.stream().allMatch(run -> run.errors.isPresent())
                        ? OptionalLong.of(runs.stream()
                                .mapToLong(run -> run.errors.getAsLong())
                                .sum())
                        : OptionalLong.empty(),
                rounded(over(requests, sum(times))),
                rounded(sum(seconds)),
                new Latency(
                        rounded(times(sum(sums), 1.0 / Math.max(1, requests))),
                        OptionalDouble.empty(),
                        values(each(answered, run -> run.latency.min())).min(),
                        values(each(answered, run -> run.latency.max())).max(),
                        Map.of()));
    }

    /** The values of all runs; none if one lacks it. */
    private static List<Double> each(List<Numbers> runs, Function<Numbers, OptionalDouble> value) {
        List<Double> known =
                runs.stream().flatMap(run -> value.apply(run).stream().boxed()).toList();
        return known.size() == runs.size() ? known : List.of();
    }

    private static DoubleStream values(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue);
    }

    private static OptionalDouble sum(List<Double> values) {
        return values.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(values(values).sum());
    }

    private static OptionalDouble times(OptionalDouble value, double factor) {
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value;
    }

    /** Empty unless the divisor is above 0. */
    private static OptionalDouble over(double dividend, OptionalDouble divisor) {
        return divisor.orElse(0) > 0 ? OptionalDouble.of(dividend / divisor.getAsDouble()) : OptionalDouble.empty();
    }

    private static OptionalDouble rounded(OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(Units.rounded(value.getAsDouble())) : value;
    }
}
