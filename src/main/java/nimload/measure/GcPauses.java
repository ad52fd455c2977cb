package nimload.measure;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** Counts how often and how long this JVM stands still for its garbage collector, between its start and its end. */
public final class GcPauses {
    /** The JVM notifies a moment after each pause. */
    private static final long NOTIFICATION_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<GarbageCollectorMXBean> collectors = pausing();
    private final NotificationListener listener = (notification, handback) -> notified(notification);
    private final Map<String, Long> startCounts = collectors.stream()
            .collect(Collectors.toMap(GarbageCollectorMXBean::getName, GarbageCollectorMXBean::getCollectionCount));
    private final long startMillis = millis();
    private long notified;
    private long longestMillis;

    private GcPauses() {}

    /**
     * @param millis of all together
     * @param longestMillis in whole ms, the JVM's resolution; empty without a pause
     */
    public record Seen(OptionalLong count, OptionalDouble millis, OptionalDouble longestMillis) {
        static final Seen UNKNOWN = new Seen(OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    public static GcPauses start() {
        GcPauses pauses = new GcPauses();
        pauses.emitters().forEach(emitter -> emitter.addNotificationListener(pauses.listener, null, null));
        return pauses;
    }

    /** Waits a moment for outstanding notifications. Unknown on a JVM that sends none. */
    public Seen stop() {
        if (collectors.isEmpty()) {
            return Seen.UNKNOWN;
        }
        long count = count()
                - startCounts.values().stream().mapToLong(Long::longValue).sum();
        double millis = millis() - startMillis;
        OptionalDouble longest = longestOf(count);
        for (NotificationEmitter emitter : emitters()) {
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                throw new IllegalStateException("stopped twice", e);
            }
        }
        return new Seen(OptionalLong.of(count), OptionalDouble.of(millis), longest);
    }

    private synchronized OptionalDouble longestOf(long count) {
        long patienceEnds = System.nanoTime() + NOTIFICATION_PATIENCE_NANOS;
        try {
            for (long left = NOTIFICATION_PATIENCE_NANOS;
                    notified < count && left > 0;
                    left = patienceEnds - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return count > 0 && notified >= count ? OptionalDouble.of(longestMillis) : OptionalDouble.empty();
    }

    private synchronized void notified(Notification notification) {
        if (!notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            return;
        }
        GarbageCollectionNotificationInfo info =
                GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
        // By number, since a notification may belong to a pause before the start and uses a clock unlike any other.
        if (info.getGcInfo().getId() > startCounts.get(info.getGcName())) {
            notified++;
            longestMillis = Math.max(longestMillis, info.getGcInfo().getDuration());
            notifyAll();
        }
    }

    /** ZGC and Shenandoah have a second bean whose cycles run concurrently and pause nothing. */
    private static List<GarbageCollectorMXBean> pausing() {
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .filter(collector -> !collector.getName().endsWith("Cycles"))
                .toList();
    }

    private List<NotificationEmitter> emitters() {
        return collectors.stream()
                .filter(NotificationEmitter.class::isInstance)
                .map(NotificationEmitter.class::cast)
                .toList();
    }

    private long count() {
        return collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private long millis() {
        return collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
