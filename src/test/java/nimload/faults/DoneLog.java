package nimload.faults;

import java.util.ArrayList;
import java.util.List;
import nimload.faults.FaultServer.Done;

/** What a server did to each request under load. Safe for many threads. */
final class DoneLog {
    private final List<Done> entries = new ArrayList<>();

    /** What was done in a level. */
    record OfLevel(long posts, long faulty, double longestRightMillis) {}

    synchronized void add(Done done) {
        entries.add(done);
    }

    /** @param tokens per text or pair, which only this level has */
    synchronized OfLevel of(int tokens) {
        List<Done> level = entries.stream()
                .filter(done -> done.tokens().orElse(0) == tokens)
                .toList();
        return new OfLevel(
                level.size(),
                level.stream().filter(Done::faulty).count(),
                level.stream()
                                .filter(done -> !done.faulty())
                                .mapToLong(Done::serviceNanos)
                                .max()
                                .orElse(0)
                        / 1e6);
    }
}
