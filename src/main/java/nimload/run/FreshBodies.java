package nimload.run;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import nimload.plan.LoadPoint;
import nimload.run.Body.Arrangement;

/**
 * The bodies of a level, each with texts that were not sent before, so that no cache can flatter the target. They are built
 * ahead on another thread; a user that finds none ready builds its own. Safe for many threads.
 */
final class FreshBodies implements Bodies {
    /** Ready at most, of all levels one is open at a time. */
    private static final long MOST_BYTES = 16 << 20;

    /** A body may have megabytes. */
    private static final int FEWEST = 2;

    private static final int MOST = 4096;

    private final RequestFactory requests;
    private final LoadPoint point;
    private final int series;
    private final Executor builder;
    private final BlockingQueue<Body> ready;
    private final AtomicInteger numbers = new AtomicInteger(References.NUMBERS);
    private final AtomicInteger handedOut = new AtomicInteger(References.NUMBERS);
    private final AtomicBoolean building = new AtomicBoolean();

    /**
     * Builds the first ones before it returns.
     *
     * @param series of bodies of this level, one per repeat
     * @param builder runs what builds the next ones
     */
    FreshBodies(RequestFactory requests, LoadPoint point, int series, Executor builder) {
        this.requests = requests;
        this.point = point;
        this.series = series;
        this.builder = builder;
        this.ready = new ArrayBlockingQueue<>(capacity(point));
        fill();
    }

    private static int capacity(LoadPoint point) {
        return (int) Math.max(FEWEST, Math.min(MOST, MOST_BYTES / RequestFactory.bytesOf(point)));
    }

    @Override
    public Body next() {
        handedOut.getAndIncrement();
        Body body = ready.poll();
        if (ready.remainingCapacity() > ready.size() && building.compareAndSet(false, true)) {
            builder.execute(() -> {
                try {
                    fill();
                } finally {
                    building.set(false);
                }
            });
        }
        return body == null ? again(numbers.getAndIncrement(), Arrangement.WHOLE) : body;
    }

    @Override
    public Body again(int number, Arrangement arrangement) {
        return requests.body(point, series, number, arrangement);
    }

    @Override
    public int handedOut() {
        return handedOut.get();
    }

    private void fill() {
        while (ready.remainingCapacity() > 0) {
            ready.offer(again(numbers.getAndIncrement(), Arrangement.WHOLE));
        }
    }
}
