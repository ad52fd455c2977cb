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
 * The server's metrics during a level, in a form that combines over repeats: sums and what they are over, not yet
 * means. For the fields see {@link ServerShare}.
 *
 * @param seconds from the first page to the last
 * @param oneServer whether the pages name one server; otherwise they may be of several
 * @param several how the pages show that they are not of one server; empty if they do not
 * @param itemsCounted texts or pairs that the server computed
 */
public record ServerSeen(
        int samples,
        double seconds,
        boolean oneServer,
        Optional<String> several,
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

    /** No metrics, only notes on why. */
    public static ServerSeen nothing(List<String> notes) {
        return unusable(0, Optional.empty(), notes);
    }

    /** Pages of which nothing is used. */
    static ServerSeen unusable(int samples, Optional<String> several, List<String> notes) {
        return new ServerSeen(
                samples,
                0,
                false,
                several,
                GpuSeen.NOTHING,
                TimesSeen.NOTHING,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Map.of(),
                notes);
    }

    /** What is left once the figures are held against one another and against what this client counted; of one run. */
    public ServerSeen heldAgainst(ClientCount client) {
        return new Witnesses(this, client).heard();
    }

    /**
     * Combines repeats of a level: means over all, maxima of all, and sums where every repeat has the value. The series
     * are those of the first repeat that has any, because each starts at 0 s.
     *
     * @param runs in order; empty for a repeat without metrics
     * @return empty if no repeat has metrics
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
                seen.stream().mapToDouble(ServerSeen::seconds).sum(),
                seen.stream().allMatch(ServerSeen::oneServer),
                seen.stream().flatMap(run -> run.several.stream()).findFirst(),
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

    /** Empty unless every run has the value. */
    private static OptionalLong sum(List<ServerSeen> runs, Function<ServerSeen, OptionalLong> value) {
        List<OptionalLong> values = runs.stream().map(value).toList();
        return values.stream().allMatch(OptionalLong::isPresent)
                ? OptionalLong.of(
                        values.stream().mapToLong(OptionalLong::getAsLong).sum())
                : OptionalLong.empty();
    }

    /** A phrase if other clients used the server during the level; empty if nothing shows that. */
    public Optional<String> sharedWithOthers(ClientCount client) {
        return requestsCounted.isPresent()
                ? client.othersAmong(requestsCounted.getAsLong(), itemsCounted)
                : Optional.empty();
    }

    /** The entry in results.json, with what this client counted at the same time. */
    public ServerShare share(ClientCount client) {
        Stream<String> difference = requestsCounted.isPresent()
                ? client.difference(requestsCounted.getAsLong(), itemsCounted).stream()
                : Stream.empty();
        return new ServerShare(
                samples,
                gpu.use(client.itemsSucceeded()),
                times.times(),
                requestsCounted,
                OptionalLong.of(client.sent()),
                series,
                Stream.concat(notes.stream(), difference).toList());
    }
}
