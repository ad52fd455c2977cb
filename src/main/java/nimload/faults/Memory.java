package nimload.faults;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** What a server with faults remembers of earlier requests. Safe for many threads. */
final class Memory {
    /** In which another request comes, if several are in flight. */
    private static final long PARTNER_MILLIS = 200;

    /** Texts that a cache knows; then it forgets them all. */
    private static final int MOST_SEEN = 100_000;

    private final AtomicReference<Answer> previous = new AtomicReference<>();
    private final Exchanger<Answer> partners = new Exchanger<>();
    private final Set<Object> seen = new HashSet<>();
    private final Set<Object> done = new HashSet<>();

    /** Of the request before this one. */
    Optional<Answer> previous(Answer right) {
        return Optional.ofNullable(previous.getAndSet(right));
    }

    /** Of a request that is in flight at the same time; empty if there is none. */
    Optional<Answer> partner(Answer right) throws InterruptedException {
        try {
            return Optional.of(partners.exchange(right, PARTNER_MILLIS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Whether the texts were sent before. */
    synchronized boolean knows(Call call) {
        if (seen.size() >= MOST_SEEN) {
            seen.clear();
        }
        return !seen.add(call.items());
    }

    /** True once per deed. */
    synchronized boolean first(Object deed) {
        return done.add(deed);
    }
}
