package nimload.page;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nimload.results.Footnotes;
import nimload.results.Soak;
import nimload.results.SoakFindings;
import nimload.results.SoakSlice;

/**
 * What happened in a soak and in which slices: bursts of errors with their causes, why other numbers should not be quoted,
 * restarts, GPUs that were slowed down, metrics that were not read, drift, and time without load.
 */
final class SoakEvents {
    private static final Pattern SAID_BY_BURSTS = Pattern.compile("^\\d+ of \\d+ requests (failed|were not sent)");

    private SoakEvents() {}

    static List<String> of(Soak soak, SoakFindings found) {
        List<String> events = new ArrayList<>();
        found.bursts().forEach(burst -> events.add(burst.words()));
        events.addAll(words(soak, SoakEvents::reasons));
        found.restarts().forEach(restart -> events.add("restarted: " + restart));
        events.addAll(words(soak, SoakEvents::throttled));
        events.addAll(words(soak, SoakEvents::unread));
        found.courses()
                .forEach((workload, course) -> events.add(workload.key() + ": "
                        + course.trend()
                                .map(trend -> course.drift().orElse("p95 has no trend that stands out"))
                                .orElse("too few slices to tell whether p95 has a trend")));
        soak.gaps()
                .forEach(gap -> events.add("without load for " + SoakFindings.text(gap.length()) + " from "
                        + gap.from().truncatedTo(ChronoUnit.SECONDS)
                        + ": cut short and continued"));
        return events;
    }

    /**
     * What a slice shows.
     *
     * @param kind the same for what is one event
     */
    private record Seen(String what, String why, String kind) {
        static Seen of(String what, String why) {
            return new Seen(what, why, what + why);
        }
    }

    private static Stream<Seen> reasons(SoakSlice slice) {
        return slice.workloads().stream()
                .flatMap(share -> share.reasons().stream()
                        .filter(reason -> !SAID_BY_BURSTS.matcher(reason).find())
                        .map(reason -> new Seen(
                                share.workload().key() + ": should not be quoted",
                                reason,
                                share.workload().key() + Footnotes.kind(reason))));
    }

    private static Stream<Seen> throttled(SoakSlice slice) {
        return slice.servers().entrySet().stream()
                .flatMap(server -> server.getValue().throttled().filter(why -> !why.isEmpty()).stream()
                        .map(why -> Seen.of(server.getKey() + ": throttled", String.join(", ", why))));
    }

    private static Stream<Seen> unread(SoakSlice slice) {
        return slice.servers().entrySet().stream()
                .flatMap(server -> server.getValue().unread().stream()
                        .map(why -> Seen.of(server.getKey() + ": metrics not read", why)));
    }

    /** {@code embedding: throttled in slices 7 to 9: power cap}: each kind once, in the words of its first slice. */
    private static List<String> words(Soak soak, Function<SoakSlice, Stream<Seen>> seen) {
        Map<String, SortedMap<Integer, Seen>> kinds = new LinkedHashMap<>();
        soak.slices()
                .forEach(slice -> seen.apply(slice)
                        .forEach(one -> kinds.computeIfAbsent(one.kind, kind -> new TreeMap<>())
                                .put(slice.number(), one)));
        return kinds.values().stream()
                .map(slices -> {
                    Seen first = slices.get(slices.firstKey());
                    boolean same =
                            slices.values().stream().map(Seen::why).distinct().count() == 1;
                    return first.what + " in " + SoakFindings.slices(List.copyOf(slices.keySet())) + ": " + first.why
                            + (same ? "" : " (numbers of the first)");
                })
                .toList();
    }
}
