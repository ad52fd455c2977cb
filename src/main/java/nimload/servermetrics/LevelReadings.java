package nimload.servermetrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import nimload.servermetrics.Reading.Series;

/**
 * Evaluates the readings of one level.
 *
 * <p>Counters are differences between a reading before the first send and one after the last answer, when this client
 * has nothing else in flight. Gauges come from all readings after the first send.
 *
 * @param model its name in the level's requests
 * @param begin before the first send
 * @param during in order
 * @param end after the last answer; empty if it failed
 */
public record LevelReadings(String model, Reading begin, List<Reading> during, Optional<Reading> end) {
    /** With this many steps of a counter, a step cut off at the level's edge is at most a twentieth. */
    private static final int FINE_STEPS = 20;

    /** @param notes from whoever fetched the pages */
    public ServerSeen meaning(List<String> notes) {
        List<String> all = new ArrayList<>(notes);
        List<Reading> later = Stream.concat(during.stream(), end.stream()).toList();
        Optional<Reading> other = later.stream()
                .filter(reading -> begin.differenceTo(reading).isPresent())
                .findFirst();
        Optional<String> mixture = other.flatMap(begin::differenceTo);
        mixture.ifPresent(difference -> all.add("The pages before and " + (other.equals(end) ? "after" : "during")
                + " the level are not of one server: " + difference
                + ". Replicas share this address, or the server restarted; nothing of these pages is used."));
        boolean fell = mixture.isEmpty() && fell(all);
        if (mixture.isPresent() || fell && !ofOneGpu(later)) {
            return ServerSeen.unusable(later.size() + 1, mixture.or(() -> Optional.of("its counters fell")), all);
        }
        Optional<Growth> growth =
                end.isPresent() && !fell ? Optional.of(new Growth(begin, end.get())) : Optional.empty();
        Map<String, Double> requests = growth.map(Growth::requests).orElse(Map.of());
        CountedModels models = CountedModels.of(model, requests);
        all.addAll(models.notes());
        // Without counts nobody knows which models worked, so all of them are taken.
        Set<String> names = models.all().isEmpty() ? begin.byModel().keySet() : models.all();
        List<double[]> utilization = utilization(later, names, all);
        List<double[]> power = series(later, Metric.GPU_POWER_WATTS, names, 1);
        List<double[]> memory = series(later, Metric.GPU_MEMORY_USED_BYTES, names, 1);
        List<double[]> pending = series(later, Metric.PENDING, names, 1);
        Map<String, List<double[]>> series = new HashMap<>();
        put(series, "gpuUtilization", utilization);
        put(series, "gpuPowerWatts", power);
        put(series, "gpuMemoryUsedBytes", memory);
        put(series, "pending", pending);
        OptionalDouble energy = growth.isPresent() ? energy(growth.get(), names, later, all) : OptionalDouble.empty();
        return new ServerSeen(
                later.size() + 1,
                later.stream().mapToDouble(Reading::seconds).max().orElse(0),
                later.stream().allMatch(begin::certainlyOfTheServerOf),
                Optional.empty(),
                new GpuSeen(
                        Stream.concat(Stream.of(begin), later.stream())
                                .mapToInt(Reading::gpus)
                                .max()
                                .orElseThrow(),
                        mean(utilization),
                        max(utilization),
                        mean(power),
                        max(power),
                        max(series(later, Metric.GPU_POWER_LIMIT_WATTS, names, 1)),
                        max(memory),
                        max(series(later, Metric.GPU_MEMORY_TOTAL_BYTES, names, 1)),
                        energy,
                        energySteps(names, later)),
                new TimesSeen(
                        growth.map(counters -> counters.batch(models.steps())).orElse(Mean.NONE),
                        growth.map(counters -> counters.queueMs(models.steps())).orElse(Mean.NONE),
                        growth.map(counters -> counters.computeMs(models.steps()))
                                .orElse(Mean.NONE),
                        growth.flatMap(counters -> models.whole().map(counters::requestMs))
                                .orElse(Mean.NONE),
                        max(pending)),
                requestsCounted(models, requests),
                growth.flatMap(counters -> models.front().map(counters::items)).orElse(OptionalLong.empty()),
                series,
                all);
    }

    private List<double[]> utilization(List<Reading> later, Set<String> names, List<String> notes) {
        OptionalDouble full = Stream.concat(Stream.of(begin), later.stream())
                .flatMap(reading -> reading.fullUtilization().stream().boxed())
                .mapToDouble(Double::doubleValue)
                .max();
        List<double[]> utilization = series(later, Metric.GPU_UTILIZATION, names, full.orElse(1));
        if (full.isEmpty() && max(utilization).orElse(0) > 0) {
            notes.add(
                    "The server's GPU utilisation was 0 or 1 throughout: read as a share, as NVIDIA documents it, not as"
                            + " percent.");
        }
        if (full.orElse(1) == 100 && !utilization.isEmpty()) {
            notes.add("The server gave its GPU utilisation in percent.");
        }
        return utilization;
    }

    private boolean ofOneGpu(List<Reading> later) {
        return later.stream().allMatch(begin::sharesGpuWith);
    }

    /** Whether a counter fell, which makes every difference meaningless. */
    private boolean fell(List<String> notes) {
        Optional<Series> fallen = fallen();
        fallen.ifPresent(series -> notes.add("The server's counters fell during the level ("
                + series.metric().names().get(0)
                + "): it restarted, or several servers share this address; nothing that needs the counters is"
                + " known."));
        return fallen.isPresent();
    }

    /**
     * Checks each series by itself, because a sum may grow although one series falls or disappears. A series that
     * appears during the level started at 0: a server may count a model version or a failure reason only from its first
     * request on.
     */
    private Optional<Series> fallen() {
        List<Reading> all = Stream.of(Stream.of(begin), during.stream(), end.stream())
                .flatMap(readings -> readings)
                .toList();
        Map<Series, Double> last = new HashMap<>();
        for (Reading reading : all) {
            for (Map.Entry<Series, Double> counter : reading.counters().entrySet()) {
                Double before = last.put(counter.getKey(), counter.getValue());
                if (before != null && counter.getValue() < before) {
                    return Optional.of(counter.getKey());
                }
            }
        }
        // A GPU whose energy becomes unreadable does not affect the server's counts.
        return begin.counters().keySet().stream()
                .filter(series -> series.metric() != Metric.ENERGY_JOULES)
                .filter(series -> end.isPresent() && !end.get().counters().containsKey(series))
                .findFirst();
    }

    private long energySteps(Set<String> names, List<Reading> later) {
        double before = begin.of(Metric.ENERGY_JOULES, names).orElse(0);
        return later.stream()
                .flatMap(reading ->
                        reading.of(Metric.ENERGY_JOULES, names).stream().boxed())
                .filter(value -> value > before)
                .distinct()
                .count();
    }

    private OptionalDouble energy(Growth growth, Set<String> names, List<Reading> later, List<String> notes) {
        // A GPU's energy may count from before the server's start, so a new series did not start at 0.
        if (!growth.begin().energies().equals(growth.end().energies())) {
            notes.add(
                    "The server gave the energy of different GPUs before and after the level: the level's is unknown.");
            return OptionalDouble.empty();
        }
        OptionalDouble joules = growth.energyJoules(names);
        if (joules.isEmpty()) {
            return joules;
        }
        long steps = energySteps(names, later);
        if (steps == 0) {
            notes.add("The server's energy counter stood still during the level: it is updated too rarely, or never.");
            return OptionalDouble.empty();
        }
        if (steps < FINE_STEPS) {
            notes.add(String.format(
                    Locale.ROOT,
                    "Energy may be off by up to %.0f %%: the server's counter moved only %s during the level.",
                    100.0 / steps,
                    steps == 1 ? "once" : steps + " times"));
        }
        return joules;
    }

    private static OptionalLong requestsCounted(CountedModels models, Map<String, Double> requests) {
        if (models.front().isPresent()) {
            return OptionalLong.of(Math.round(requests.get(models.front().get())));
        }
        // All counters stood still: that is a count of 0.
        return models.steps().isEmpty() && !requests.isEmpty() ? OptionalLong.of(0) : OptionalLong.empty();
    }

    private static List<double[]> series(List<Reading> readings, Metric metric, Set<String> names, double full) {
        List<double[]> points = new ArrayList<>();
        for (Reading reading : readings) {
            reading.of(metric, names)
                    .ifPresent(value -> points.add(new double[] {round(reading.seconds()), round(value / full)}));
        }
        return points;
    }

    private static double round(double value) {
        return Math.round(value * 1e3) / 1e3;
    }

    private static void put(Map<String, List<double[]>> series, String name, List<double[]> points) {
        if (!points.isEmpty()) {
            series.put(name, points);
        }
    }

    private static Mean mean(List<double[]> points) {
        return new Mean(points.stream().mapToDouble(point -> point[1]).sum(), points.size());
    }

    private static OptionalDouble max(List<double[]> points) {
        return points.stream().mapToDouble(point -> point[1]).max();
    }
}
