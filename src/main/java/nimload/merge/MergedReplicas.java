package nimload.merge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import nimload.results.LevelResults;
import nimload.results.Replica;

/** The replicas of a level: each one's share of all generators' requests. Its percentiles are not in the parts. */
final class MergedReplicas {
    /** How a part's reason begins that only the whole level can have. */
    static final String UNEVEN = "uneven";

    /** Requests in flight on the fullest replica ÷ on the emptiest; as within one generator. */
    private static final double MOST = 1.1;

    private MergedReplicas() {}

    static List<Replica> of(List<LevelResults> parts) {
        Map<String, List<Replica>> byUrl = new LinkedHashMap<>();
        parts.stream()
                .flatMap(part -> part.replicas().stream())
                .forEach(replica -> byUrl.computeIfAbsent(replica.url(), url -> new ArrayList<>())
                        .add(replica));
        return byUrl.entrySet().stream()
                .map(replica -> together(replica.getKey(), replica.getValue()))
                .toList();
    }

    private static Replica together(String url, List<Replica> parts) {
        return new Replica(
                url,
                parts.stream().mapToInt(Replica::users).sum(),
                parts.stream().mapToLong(Replica::requests).sum(),
                parts.stream().mapToLong(Replica::errors).sum(),
                sum(parts, Replica::requestsPerSecond),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                sum(parts, Replica::inFlight),
                Optional.empty());
    }

    /** Of the parts that have users of it. */
    private static OptionalDouble sum(List<Replica> parts, Function<Replica, OptionalDouble> value) {
        List<Replica> used = parts.stream().filter(part -> part.users() > 0).toList();
        return used.stream().anyMatch(part -> value.apply(part).isEmpty())
                ? OptionalDouble.empty()
                : OptionalDouble.of(used.stream()
                        .mapToDouble(part -> value.apply(part).getAsDouble())
                        .sum());
    }

    static Optional<String> uneven(List<Replica> replicas) {
        double[] inFlight = replicas.stream()
                .flatMapToDouble(replica -> replica.inFlight().stream())
                .sorted()
                .toArray();
        return inFlight.length < 2 || inFlight[inFlight.length - 1] <= MOST * inFlight[0]
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s: %.2f requests in flight on one replica, %.2f on another",
                        UNEVEN,
                        inFlight[inFlight.length - 1],
                        inFlight[0]));
    }
}
