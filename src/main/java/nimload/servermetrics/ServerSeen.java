package nimload.servermetrics;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nimload.results.ServerShare;

/**
 * What was seen of the server during a level, so that several runs of the level can be put together: sums and what they
 * are over, not yet means. The fields are those of {@link ServerShare}.
 *
 * @param itemsCounted texts or pairs that the server computed
 */
public record ServerSeen(
        int samples,
        GpuSeen gpu,
        TimesSeen times,
        OptionalLong requestsCounted,
        OptionalLong itemsCounted,
        Map<String, List<double[]>> series,
        List<String> notes) {

    public ServerSeen {
        series = Map.copyOf(series);
        notes = List.copyOf(notes);
    }

    /** Nothing but the reasons for that. */
    public static ServerSeen nothing(List<String> notes) {
        return new ServerSeen(
                0, GpuSeen.NOTHING, TimesSeen.NOTHING, OptionalLong.empty(), OptionalLong.empty(), Map.of(), notes);
    }

    /**
     * Several runs of the same level as one: means over all, the highest of all, and sums where every run has the value.
     * The series are those of the first run that has any, since each begins at 0 s.
     *
     * @param runs in their order; empty for one that was not looked at
     * @return empty if none was
     */
    public static Optional<ServerSeen> together(List<Optional<ServerSeen>> runs) {
        List<ServerSeen> seen = runs.stream().flatMap(Optional::stream).toList();
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        boolean all = seen.size() == runs.size();
        Set<String> notes = new LinkedHashSet<>();
        seen.forEach(run -> notes.addAll(run.notes));
        return Optional.of(new ServerSeen(
                seen.stream().mapToInt(ServerSeen::samples).sum(),
                GpuSeen.together(seen.stream().map(ServerSeen::gpu).toList(), all),
                TimesSeen.together(seen.stream().map(ServerSeen::times).toList()),
                all ? sum(seen, ServerSeen::requestsCounted) : OptionalLong.empty(),
                all ? sum(seen, ServerSeen::itemsCounted) : OptionalLong.empty(),
                seen.stream()
                        .map(ServerSeen::series)
                        .filter(Predicate.not(Map::isEmpty))
                        .findFirst()
                        .orElse(Map.of()),
                List.copyOf(notes)));
    }

    /** Empty unless every run has it. */
    private static OptionalLong sum(List<ServerSeen> runs, Function<ServerSeen, OptionalLong> value) {
        List<OptionalLong> values = runs.stream().map(value).toList();
        return values.stream().allMatch(OptionalLong::isPresent)
                ? OptionalLong.of(
                        values.stream().mapToLong(OptionalLong::getAsLong).sum())
                : OptionalLong.empty();
    }

    /** Why the level's numbers are not this client's alone, in one phrase; empty if nothing shows that. */
    public Optional<String> sharedWithOthers(ClientCount client) {
        return requestsCounted.isPresent()
                ? client.othersAmong(requestsCounted.getAsLong(), itemsCounted)
                : Optional.empty();
    }

    /** As it stands in results.json, next to what this client counted in the same time. */
    public ServerShare share(ClientCount client) {
        Stream<String> difference = requestsCounted.isPresent()
                ? client.difference(requestsCounted.getAsLong(), itemsCounted).stream()
                : Stream.empty();
        return new ServerShare(
                samples,
                gpu.use(client.itemsSucceeded()),
                times.times(),
                requestsCounted,
                OptionalLong.of(client.requests()),
                series,
                Stream.concat(notes.stream(), difference).toList());
    }
}
