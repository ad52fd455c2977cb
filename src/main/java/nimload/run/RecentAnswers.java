package nimload.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fingerprints of a level's last answers: no two texts have the same vector, so one that comes twice was given to a
 * request that it is not the answer of. Safe for many threads.
 */
final class RecentAnswers {
    /** Vectors or rankings; those of requests that were in flight together are among them. */
    private static final int MOST = 8192;

    /** The body's number by its key. */
    private final Map<Long, Integer> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
            return size() > MOST;
        }
    };

    /** The number of another body that got one of these; empty if none of the recent ones did. */
    synchronized Optional<Integer> other(int number, Fingerprint answer) {
        Optional<Integer> other = Optional.empty();
        for (long key : answer.keys()) {
            Integer known = recent.putIfAbsent(key, number);
            if (known != null && known != number) {
                other = Optional.of(known);
            }
        }
        return other;
    }
}
