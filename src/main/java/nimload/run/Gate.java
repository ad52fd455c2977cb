package nimload.run;

import java.util.ArrayList;
import java.util.List;

/** Holds users until all have come. Safe for many threads. */
final class Gate {
    private final int users;
    private final List<Runnable> waiting = new ArrayList<>();

    Gate(int users) {
        this.users = users;
    }

    /** @param go runs when all have come, on the thread of the last */
    void await(Runnable go) {
        List<Runnable> all;
        synchronized (this) {
            waiting.add(go);
            if (waiting.size() < users) {
                return;
            }
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(Runnable::run);
    }
}
