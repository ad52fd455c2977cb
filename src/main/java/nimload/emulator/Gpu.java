package nimload.emulator;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One GPU with a dynamic batcher. It runs one batch at a time; once free, it takes as many waiting requests as fit into
 * a batch, in order of arrival, and never waits for more.
 *
 * <p>Its clock does not drift: a waiting batch starts when the previous one was due to end, not when the event loop
 * noticed. Confined to one event loop.
 */
final class Gpu implements Accelerator {
    private final EventLoop loop;
    private final Alarm alarm;
    private final ServiceTimes times;
    private final Queue<Work> waiting = new ArrayDeque<>();
    private boolean busy;
    private long freeAtNanos = Long.MIN_VALUE;
    private int pending;

    private record Work(int items, long tokens, long submittedNanos, Answer answer) {}

    Gpu(EventLoop loop, ServiceTimes times) {
        this.loop = loop;
        this.alarm = new Alarm(loop);
        this.times = times;
    }

    @Override
    public void submit(int items, long tokens, long arrivedNanos, Answer answer) {
        assert loop.inEventLoop();
        pending++;
        waiting.add(new Work(items, tokens, System.nanoTime(), answer));
        if (!busy) {
            startBatch();
        }
    }

    @Override
    public int pending() {
        return pending;
    }

    @Override
    public int waiting() {
        return waiting.size();
    }

    private void startBatch() {
        List<Work> batch = new ArrayList<>();
        int items = 0;
        long tokens = 0;
        while (!waiting.isEmpty() && (batch.isEmpty() || items + waiting.peek().items() <= times.maxItemsPerBatch())) {
            Work next = waiting.remove();
            batch.add(next);
            items += next.items();
            tokens += next.tokens();
        }
        long lastSubmitted = batch.get(batch.size() - 1).submittedNanos();
        long start = freeAtNanos == Long.MIN_VALUE || lastSubmitted - freeAtNanos > 0 ? lastSubmitted : freeAtNanos;
        long computeNanos = times.batchNanos(items, tokens);
        freeAtNanos = start + computeNanos;
        busy = true;
        alarm.at(freeAtNanos, () -> finish(batch, start, computeNanos));
    }

    private void finish(List<Work> batch, long start, long computeNanos) {
        busy = false;
        if (!waiting.isEmpty()) {
            startBatch();
        }
        // One alarm for all requests of a size: in a level that is all of the batch.
        batch.stream()
                .collect(Collectors.groupingBy(Work::items, TreeMap::new, Collectors.toList()))
                .forEach((items, alike) -> alarm.at(start + computeNanos + times.hostNanos(items), () -> {
                    pending -= alike.size();
                    for (Work work : alike) {
                        work.answer().done(start - work.submittedNanos(), computeNanos, batch.size());
                    }
                }));
    }
}
