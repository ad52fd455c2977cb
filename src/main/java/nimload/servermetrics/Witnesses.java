package nimload.servermetrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Holds the figures of one run of a level against one another and against what this client knows, because names say nothing
 * certain of units, and pages may be of another server. What contradicts another figure is left out, and a note names it.
 */
final class Witnesses {
    /** A GPU's power: less is no GPU that runs, and no GPU takes more. */
    private static final double LEAST_WATTS = 1;

    private static final double MOST_WATTS = 2000;

    /** Power is sampled once per second, so mean power may be off by a factor; a wrong unit is off by 10 at least. */
    private static final double POWER_SLACK = 2;

    /** GPUs exceed their limit for milliseconds only. */
    private static final double LIMIT_SLACK = 1.5;

    /** For counters of which one is written after the other. */
    private static final double SLACK = 1.1;

    /** Rounding, of a mean of shares. */
    private static final double FULL = 1.005;

    /** A GPU that answers requests is busier. */
    private static final double IDLE = 0.05;

    /** More than any NIM's instances on all its GPUs. */
    private static final int BATCHES_AT_ONCE = 64;

    /** Of the energy's steps that show that it does not move too little. */
    private static final int SOME_STEPS = 3;

    private final ServerSeen seen;
    private final ClientCount client;
    private final List<String> notes;
    private final Map<String, List<double[]>> series;

    Witnesses(ServerSeen seen, ClientCount client) {
        this.seen = seen;
        this.client = client;
        this.notes = new ArrayList<>(seen.notes());
        this.series = new HashMap<>(seen.series());
    }

    ServerSeen heard() {
        if (ofAnotherReplica()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "The server counted none of the %d requests that were answered: another replica behind this address"
                            + " answered them, so nothing of these pages is used.",
                    client.right()));
            return ServerSeen.unusable(
                    seen.samples(),
                    Optional.of("its page counted none of " + client.right() + " answered requests"),
                    notes);
        }
        if (grewImpossibly()) {
            return ServerSeen.unusable(seen.samples(), Optional.of("its count grew by more than one can do"), notes);
        }
        return new ServerSeen(
                seen.samples(),
                seen.seconds(),
                seen.oneServer(),
                seen.several(),
                gpu(),
                times(),
                seen.requestsCounted(),
                seen.itemsCounted(),
                series,
                notes);
    }

    private boolean ofAnotherReplica() {
        return seen.requestsCounted().orElse(1) == 0
                && client.right() > 0
                && seen.gpu().utilizationMax().orElse(0) <= IDLE;
    }

    /** Whether the counters grew by more than a server can do: the pages before and after are then of two servers. */
    private boolean grewImpossibly() {
        boolean more = seen.requestsCounted().isPresent()
                && client.othersAmong(seen.requestsCounted().getAsLong(), seen.itemsCounted())
                        .isPresent();
        if (!more || seen.oneServer()) {
            return false;
        }
        TimesSeen times = seen.times();
        double atOnce = times.batch().over() * times.computeMs().value().orElse(0) / 1000 / seen.seconds();
        String why = null;
        if (tooMuchEnergy()) {
            why = energyText();
        } else if (seen.seconds() > 0 && atOnce > BATCHES_AT_ONCE) {
            why = format("%,.0f batches would be in computation at once", atOnce);
        }
        if (why == null) {
            return false;
        }
        notes.add(format(
                "The pages before and after the level are not of one server: its count grew by %,d requests, and %s."
                        + " Nothing of these pages is used.",
                seen.requestsCounted().getAsLong(), why));
        return true;
    }

    private GpuSeen gpu() {
        GpuSeen gpu = seen.gpu();
        if (gpu.utilizationMax().orElse(0) > FULL) {
            notes.add(format(
                    "GPU utilisation left out: %,.0f is neither a share nor a percentage.",
                    100 * gpu.utilizationMax().getAsDouble()));
            series.remove("gpuUtilization");
            gpu = gpu.withoutUtilization();
        }
        if (gpu.memoryUsedBytes().isPresent()
                && gpu.memoryTotalBytes().isPresent()
                && gpu.memoryUsedBytes().getAsDouble() > gpu.memoryTotalBytes().getAsDouble()) {
            notes.add(format(
                    "GPU memory left out: %,.0f bytes in use of %,.0f.",
                    gpu.memoryUsedBytes().getAsDouble(), gpu.memoryTotalBytes().getAsDouble()));
            series.remove("gpuMemoryUsedBytes");
            gpu = gpu.withoutMemory();
        }
        return energy(power(gpu));
    }

    private GpuSeen power(GpuSeen gpu) {
        OptionalDouble mean = gpu.powerWatts().value();
        if (mean.isEmpty()) {
            return gpu;
        }
        double watts = mean.getAsDouble();
        if (gpu.powerLimitWatts().isPresent()
                && gpu.powerLimitWatts().getAsDouble() > 0
                && watts > LIMIT_SLACK * gpu.powerLimitWatts().getAsDouble()) {
            notes.add(format(
                    "Power left out: %,.0f W at a limit of %,.0f W.",
                    watts, gpu.powerLimitWatts().getAsDouble()));
        } else if (watts > MOST_WATTS * gpu.count() || watts > 0 && watts < LEAST_WATTS) {
            notes.add(format("Power left out: no GPU takes %s W.", watts < LEAST_WATTS ? watts : whole(watts)));
        } else {
            return gpu;
        }
        series.remove("gpuPowerWatts");
        return gpu.withoutPower();
    }

    /** @param gpu whose power, if it has any, is one that a GPU may take */
    private GpuSeen energy(GpuSeen gpu) {
        if (gpu.energyJoules().isEmpty() || seen.seconds() <= 0) {
            return gpu;
        }
        if (tooMuchEnergy()) {
            notes.add("Energy left out: " + energyText() + ".");
            return gpu.withoutEnergy();
        }
        double steps = gpu.energySteps();
        double most = energyWatts() * (steps + 1) / Math.max(1, steps);
        OptionalDouble power = gpu.powerWatts().value();
        if (power.isPresent() && steps >= SOME_STEPS && most < power.getAsDouble() / POWER_SLACK) {
            notes.add("Energy left out: " + energyText() + ".");
            return gpu.withoutEnergy();
        }
        if (seen.requestsCounted().isPresent()
                && client.answeredElsewhere(seen.requestsCounted().getAsLong())) {
            notes.add(format(
                    "The figures are those of one server, which answered %,d of %,d requests. Energy left out: the"
                            + " others' is unknown.",
                    seen.requestsCounted().getAsLong(), client.right()));
            return gpu.withoutEnergy();
        }
        return gpu;
    }

    /** Even if the counter's first step was not of this level. */
    private boolean tooMuchEnergy() {
        GpuSeen gpu = seen.gpu();
        if (gpu.energyJoules().isEmpty() || seen.seconds() <= 0) {
            return false;
        }
        double steps = Math.max(1, gpu.energySteps());
        double least = energyWatts() * steps / (steps + 1);
        double most = MOST_WATTS * gpu.count();
        boolean powerIsPossible = gpu.powerWattsMax().isPresent()
                && gpu.powerWattsMax().getAsDouble() >= LEAST_WATTS
                && gpu.powerWattsMax().getAsDouble() <= most;
        return least > most
                || powerIsPossible && least > POWER_SLACK * gpu.powerWattsMax().getAsDouble();
    }

    private double energyWatts() {
        return seen.gpu().energyJoules().getAsDouble() / seen.seconds();
    }

    private String energyText() {
        OptionalDouble power = seen.gpu().powerWatts().value();
        return format(
                        "%,.0f J in %.1f s would be %,.0f W",
                        seen.gpu().energyJoules().getAsDouble(), seen.seconds(), energyWatts())
                + (power.isPresent() ? format(" where the power was %,.0f W", power.getAsDouble()) : "");
    }

    private TimesSeen times() {
        TimesSeen times = seen.times();
        // Counters are rounded, so one batch may be counted before its item.
        if (times.batch().over() > SLACK * times.batch().sum() + 1) {
            notes.add(format(
                    "Mean batch left out: %,.0f batches of %,.0f items.",
                    times.batch().over(), times.batch().sum()));
            times = times.withoutBatch();
        }
        return longer(longerThanHere(times));
    }

    /** Against the client's clock, if all requests were this client's, each one request of the server's. */
    private TimesSeen longerThanHere(TimesSeen times) {
        double most = client.mostMillis(seen.seconds());
        boolean alone = seen.requestsCounted().isPresent()
                && seen.requestsCounted().getAsLong() <= client.sent() + client.concurrency();
        if (!alone || seen.seconds() <= 0) {
            return times;
        }
        double parts = times.queueMs().sum() + times.computeMs().sum();
        if (times.requestMs().sum() > most) {
            notes.add(tooLong("Time in the server", times.requestMs().sum(), most));
            times = times.withoutWhole();
        }
        if (parts > most) {
            notes.add(tooLong("Queue and computation", parts, most));
            times = times.withoutParts();
        }
        return times;
    }

    private static String tooLong(String what, double millis, double most) {
        return format(
                "%s left out: %,.1f s over all requests; here they took %,.1f s at most.",
                what, millis / 1000, most / 1000);
    }

    private TimesSeen longer(TimesSeen times) {
        OptionalDouble whole = times.requestMs().value();
        double parts =
                times.queueMs().value().orElse(0) + times.computeMs().value().orElse(0);
        if (whole.isEmpty() || parts <= SLACK * whole.getAsDouble()) {
            return times;
        }
        notes.add(format(
                "Queue, computation and time in the server left out: %,.3f ms of queue and computation in a request of"
                        + " %,.3f ms.",
                parts, whole.getAsDouble()));
        return times.withoutParts().withoutWhole();
    }

    private static String whole(double value) {
        return format("%,.0f", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
