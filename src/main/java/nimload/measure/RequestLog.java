package nimload.measure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The counted requests of a level one by one, the first {@value #MOST} that ended: enough to compute every number of the level
 * again. Safe for many threads; takes 29 bytes per request.
 */
public final class RequestLog {
    public static final int MOST = 100_000;

    private static final int FIRST_CAPACITY = 1024;

    private long[] sentNanos = new long[FIRST_CAPACITY];
    private long[] latencyNanos = new long[FIRST_CAPACITY];
    private int[] users = new int[FIRST_CAPACITY];
    private int[] bodies = new int[FIRST_CAPACITY];
    private byte[] failures = new byte[FIRST_CAPACITY];
    private final Map<String, Byte> kinds = new LinkedHashMap<>(Map.of("", (byte) 0));
    private int rows;
    private long openedNanos;

    /** Takes the rows in the order in which the requests ended. */
    @FunctionalInterface
    public interface Rows {
        /**
         * @param sentMicros after the window opened
         * @param latencyMicros until the last byte or the failure
         * @param user from 0
         * @param body number of its texts
         * @param failure {@link ErrorKind#key()}; empty for a right answer
         */
        void row(long sentMicros, long latencyMicros, int user, int body, String failure);
    }

    /** The window opens. */
    public synchronized void open(long nanos) {
        openedNanos = nanos;
    }

    /** A counted request has ended. */
    public synchronized void ended(long sent, long end, int user, int body, String failure) {
        if (rows == MOST) {
            return;
        }
        if (rows == users.length) {
            grow(Math.min(MOST, 2 * rows));
        }
        sentNanos[rows] = sent - openedNanos;
        latencyNanos[rows] = end - sent;
        users[rows] = user;
        bodies[rows] = body;
        failures[rows] = kinds.computeIfAbsent(failure, kind -> (byte) kinds.size());
        rows++;
    }

    private void grow(int capacity) {
        sentNanos = Arrays.copyOf(sentNanos, capacity);
        latencyNanos = Arrays.copyOf(latencyNanos, capacity);
        users = Arrays.copyOf(users, capacity);
        bodies = Arrays.copyOf(bodies, capacity);
        failures = Arrays.copyOf(failures, capacity);
    }

    public synchronized void forEach(Rows to) {
        String[] names = kinds.keySet().toArray(new String[0]);
        for (int i = 0; i < rows; i++) {
            to.row(sentNanos[i] / 1000, (latencyNanos[i] + 500) / 1000, users[i], bodies[i], names[failures[i]]);
        }
    }
}
