package nimload.simulation;

import io.gatling.javaapi.core.Session;
import io.netty.channel.EventLoop;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import nimload.plan.Workload;
import nimload.run.Level;
import nimload.run.VirtualUser;

/** The query embeddings by a client that is slowed on purpose: its event loops are busy with nothing half of the time. */
public final class BusyClientSimulation extends LevelSimulation {
    private static final long BUSY_MILLIS = 40;

    /** Not a field of the object: the first users may come before its constructor has ended. */
    private static final Set<EventLoop> SLOWED = ConcurrentHashMap.newKeySet();

    public BusyClientSimulation() {
        super(Workload.QUERY);
    }

    @Override
    VirtualUser newUser(Level level, Session session) {
        EventLoop loop = session.asScala().eventLoop();
        if (SLOWED.add(loop)) {
            loop.scheduleAtFixedRate(BusyClientSimulation::spin, BUSY_MILLIS, 2 * BUSY_MILLIS, TimeUnit.MILLISECONDS);
        }
        return super.newUser(level, session);
    }

    private static void spin() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
