package nimload.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import nimload.results.ClientAdds;
import nimload.results.ClientHealth;
import nimload.results.Percentile;

/**
 * Whether a level measured the load generator rather than the target. Every level states what the client adds; beyond
 * these bounds its numbers should not be quoted.
 */
final class ClientLimits {
    /** Below this share of the planned concurrency, it is another level than planned. */
    private static final double MIN_ACHIEVED = 0.9;

    /** Above this share of all cores in use, a reader should know. What the client felt of it decides. */
    private static final double BUSY = 0.9;

    /** From this share of requests on, p99 is the client's. */
    private static final double MAX_STALLED = 0.01;

    /**
     * Above this share, most of p50 is the client's. A healthy client adds some 0.3 ms to small answers, 20 % of the
     * fastest level of the published grid: the results state it, but the level stays valid.
     */
    private static final double MAX_ADDED = 0.5;

    /** A second of calibration gets more; fewer mean a busy machine, which says nothing about the level. */
    private static final int MIN_CALIBRATED = 50;

    /**
     * One answer in ten may wait for its event loop up to this share of p50; beyond it, throughput and high percentiles are
     * the client's. Measured on two cores: loops of a healthy client were 0.03 to 0.35 ms late, up to 14 % of p50; when the
     * host took the cores away, 21 to 1,960 %, and throughput fell by a third or more.
     */
    private static final double MAX_LATENESS = 0.25;

    /** A request meets its event loop two or three times: what that waits for a core is up to this share of p50. */
    private static final double MAX_WAIT = 0.1;

    /** No answer is read during a collection: above this share of the time, throughput suffers. */
    private static final double MAX_GC_TIME = 0.05;

    /** A pause delays every request in flight. From one request in 100 on, it reaches p99. */
    private static final double MAX_CAUGHT = 0.01;

    /** Shorter pauses, as a share of p99, do not determine p99. */
    private static final double LONG_PAUSE = 0.5;

    private ClientLimits() {}

    /** One phrase per reason; empty if the level measured the target. */
    static List<String> of(LoadPointResult level) {
        List<String> reasons = new ArrayList<>();
        level.samples().responses().ifPresentOrElse(open -> sends(open, reasons), () -> inFlight(level, reasons));
        stalls(level, reasons);
        OptionalDouble p50 = level.samples().percentileMillis(Percentile.P50);
        if (p50.isPresent()) {
            level.seen().clientAdds().ifPresent(adds -> added(adds, p50.getAsDouble(), reasons));
            level.seen().clientHealth().ifPresent(health -> {
                lateness(health, p50.getAsDouble(), reasons);
                waits(health, level, p50.getAsDouble(), reasons);
                pauses(health, level, reasons);
            });
        }
        return reasons;
    }

    /** What is no reason against the level, a phrase each. */
    static List<String> remarks(LoadPointResult level) {
        OptionalDouble machine = level.machine().machineCpu();
        OptionalDouble process = level.machine().processCpu();
        return machine.isPresent() && machine.getAsDouble() > BUSY && process.isPresent()
                ? List.of(format(
                        "this machine was %.0f %% busy, %.0f %% with this process",
                        100 * machine.getAsDouble(), 100 * process.getAsDouble()))
                : List.of();
    }

    private static void stalls(LoadPointResult level, List<String> reasons) {
        double share =
                (double) level.samples().stalled() / Math.max(1, level.samples().successes());
        if (level.samples().stalled() > 0 && share >= MAX_STALLED) {
            reasons.add(format(
                    "client-limited: it stood still during %.1f %% of the requests (%d)",
                    100 * share, level.samples().stalled()));
        }
    }

    /** An open level is another one than planned if its requests were sent late although nothing kept the client. */
    private static void sends(ResponseSamples open, List<String> reasons) {
        OptionalDouble p50 = open.percentileMillis(Percentile.P50);
        OptionalDouble lag = open.lagP90Millis();
        if (p50.isPresent() && lag.isPresent() && lag.getAsDouble() > MAX_LATENESS * p50.getAsDouble()) {
            reasons.add(format(
                    "client-limited: it sent one request in ten more than %.2f ms late, the response time's p50 is %.2f ms",
                    lag.getAsDouble(), p50.getAsDouble()));
        }
    }

    private static void inFlight(LoadPointResult level, List<String> reasons) {
        if (!level.point().alone()) {
            // Its users do other things between its requests.
            return;
        }
        int concurrency = level.point().concurrency();
        level.samples().achievedConcurrency().ifPresent(achieved -> {
            if (achieved < MIN_ACHIEVED * concurrency) {
                String inFlight = format("%.2f of %d in flight", achieved, concurrency);
                if (gapExplains(level, achieved)) {
                    reasons.add(format(
                            "client-limited: %s; %.2f ms between answer and next send",
                            inFlight, level.samples().meanGapNanos().getAsLong() / 1e6));
                } else if (level.samples().errorCount() == 0) {
                    // A user pauses after a failed request; that does not make a level too short.
                    reasons.add("too short: " + inFlight + "; lengthen nim.duration");
                }
            }
        });
    }

    /** Whether the gap between an answer and the next send explains at least half of the missing concurrency. */
    private static boolean gapExplains(LoadPointResult level, double achieved) {
        LevelSamples samples = level.samples();
        if (samples.meanGapNanos().isEmpty() || samples.meanMillis().isEmpty()) {
            return false;
        }
        double gapMillis = samples.meanGapNanos().getAsLong() / 1e6;
        double missing = 1 - achieved / level.point().concurrency();
        return gapMillis / (gapMillis + samples.meanMillis().getAsDouble()) >= missing / 2;
    }

    private static void added(ClientAdds adds, double p50, List<String> reasons) {
        adds.p50Ms().ifPresent(added -> {
            // More than the whole latency is impossible: the calibration was disturbed, not this level.
            if (added > MAX_ADDED * p50 && added < p50 && adds.samples() >= MIN_CALIBRATED) {
                reasons.add(format("client-limited: this client adds %.2f ms of %.2f ms at p50", added, p50));
            }
        });
    }

    private static void lateness(ClientHealth health, double p50, List<String> reasons) {
        health.loopLagP90Ms().ifPresent(late -> {
            if (late > MAX_LATENESS * p50) {
                reasons.add(format(
                        "client-limited: its event loops are more than %.2f ms late one time in ten, p50 is %.2f ms",
                        late, p50));
            }
        });
    }

    private static void waits(ClientHealth health, LoadPointResult level, double p50, List<String> reasons) {
        health.runQueueWaitMs().ifPresent(waited -> {
            double each = waited / level.requests();
            if (each > MAX_WAIT * p50) {
                reasons.add(format(
                        "client-limited: its event loops waited %.2f ms for a core per request, p50 is %.2f ms",
                        each, p50));
            }
        });
    }

    private static void pauses(ClientHealth health, LoadPointResult level, List<String> reasons) {
        health.gcPauseMs().ifPresent(paused -> {
            double share = paused / (level.samples().windowNanos() / 1e6);
            if (share > MAX_GC_TIME) {
                reasons.add(format("client-limited: its garbage collector took %.0f %% of the time", 100 * share));
            }
        });
        OptionalDouble p99 = level.samples().percentileMillis(Percentile.P99);
        if (p99.isEmpty() || health.gcLongestMs().isEmpty()) {
            return;
        }
        double longest = health.gcLongestMs().getAsDouble();
        double inFlight = level.point().load().closed()
                ? level.point().concurrency()
                : level.samples().achievedConcurrency().orElse(0);
        double caught = health.gcPauses().orElseThrow() * inFlight / level.requests();
        if (caught > MAX_CAUGHT && longest > LONG_PAUSE * p99.getAsDouble()) {
            reasons.add(format(
                    "client-limited: %.1f %% of the requests met a pause of its garbage collector (up to %.0f ms), p99"
                            + " is %.2f ms",
                    100 * caught, longest, p99.getAsDouble()));
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
