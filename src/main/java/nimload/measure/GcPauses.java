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
    /** The JVM tells of a pause a moment after it. */
    private static final long NOTIFICATION_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<GarbageCollectorMXBean> collectors = pausing();
    private final NotificationListener listener = (notification, handback) -> told(notification);
    private final Map<String, Long> startCounts = collectors.stream()
            .collect(Collectors.toMap(GarbageCollectorMXBean::getName, GarbageCollectorMXBean::getCollectionCount));
    private final long startMillis = millis();
    private long told;
    private long longestMillis;

    private GcPauses() {}

    /**
     * @param millis of all together
     * @param longestMillis whole milliseconds, as the JVM tells them; empty without a pause
     */
    public record Seen(OptionalLong count, OptionalDouble millis, OptionalDouble longestMillis) {
        static final Seen UNKNOWN = new Seen(OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    public static GcPauses start() {
        GcPauses pauses = new GcPauses();
        pauses.emitters().forEach(emitter -> emitter.addNotificationListener(pauses.listener, null, null));
        return pauses;
    }

    /** Waits a moment for what the JVM has not yet told of. Unknown on a JVM that tells nothing. */
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
                    told < count && left > 0;
                    left = patienceEnds - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return count > 0 && told >= count ? OptionalDouble.of(longestMillis) : OptionalDouble.empty();
    }

    private synchronized void told(Notification notification) {
        if (!notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            return;
        }
        GarbageCollectionNotificationInfo info =
                GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
        // By its number: it may be of a pause before the start, and the clock of its times is no other clock's.
        if (info.getGcInfo().getId() > startCounts.get(info.getGcName())) {
            told++;
            longestMillis = Math.max(longestMillis, info.getGcInfo().getDuration());
            notifyAll();
        }
    }

    /** ZGC and Shenandoah have a second bean each, whose cycles run beside the program and stop nothing. */
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
