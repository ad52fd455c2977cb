package nimload.faults;

import java.util.ArrayList;
import java.util.List;

/** What a server did to each request under load. Safe for many threads. */
final class PostLog {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * @param tokens per item, which tell the level
     * @param faulty whether the fault was done to it
     * @param serviceNanos from its last byte to the answer's
     */
    record Entry(int tokens, boolean faulty, long serviceNanos) {}

    /** What was done in a level. */
    record OfLevel(long posts, long faulty, double longestRightMillis) {
        long right() {
            return posts - faulty;
        }
    }

    synchronized void add(Entry entry) {
        entries.add(entry);
    }

    synchronized OfLevel of(int tokens) {
        List<Entry> level =
                entries.stream().filter(entry -> entry.tokens() == tokens).toList();
        return new OfLevel(
                level.size(),
                level.stream().filter(Entry::faulty).count(),
                level.stream()
                                .filter(entry -> !entry.faulty())
                                .mapToLong(Entry::serviceNanos)
                                .max()
                                .orElse(0)
                        / 1e6);
    }
}
