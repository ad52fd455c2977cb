package nimload.servermetrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.servermetrics.PrometheusText.Page;
import nimload.servermetrics.PrometheusText.Sample;

/**
 * The metrics that nimload looks for, as a server's pages give them at one time: its own and Triton's, if there is one.
 *
 * @param seconds after the level's first send
 * @param byModel by the label {@code model}, or {@link #NO_MODEL} without one
 * @param counters the counters in {@code byModel}, each series by itself
 * @param fullUtilization the value of a GPU that is always busy, 1 or 100; empty if the page does not show which
 * @param gpus that the pages list, at least
 * @param identities of each page
 * @param linesSkipped lines that are neither samples nor comments
 */
public record Reading(
        double seconds,
        Map<String, Map<Metric, Double>> byModel,
        Map<Series, Double> counters,
        OptionalDouble fullUtilization,
        int gpus,
        List<Identity> identities,
        int linesSkipped) {
    /** One of a page's lines for a metric: of one GPU or one model version. */
    record Series(Metric metric, String name, Map<String, String> labels) {}

    static final String NO_MODEL = "";

    /** Above this a double no longer holds every whole number; no server counts that far. */
    private static final double MAX = 9e15;

    /** No NIM has more; the rest of a longer page is dropped, because hundreds of readings are kept. */
    private static final int MAX_MODELS = 200;

    private static final int MAX_COUNTERS = 10 * MAX_MODELS;

    /**
     * @param seconds after the level's first send
     * @param pages of one server; each metric is taken from one of them, because two pages may have the same
     */
    public static Reading of(double seconds, Page... pages) {
        List<Map<String, List<Sample>>> byName = Arrays.stream(pages)
                .map(page -> page.samples().stream()
                        .filter(sample -> sample.value() >= 0 && sample.value() <= MAX)
                        .collect(Collectors.groupingBy(Sample::name)))
                .toList();
        Map<String, Map<Metric, Double>> byModel = new HashMap<>();
        Map<Series, Double> counters = new LinkedHashMap<>();
        List<Sample> utilization = new ArrayList<>();
        int gpus = 1;
        for (Metric metric : Metric.values()) {
            List<Sample> samples = metric.names().stream()
                    .flatMap(name -> byName.stream().map(page -> page.getOrDefault(name, List.of())))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElse(List.of());
            Map<String, List<Double>> values = new HashMap<>();
            for (Sample sample : samples) {
                values.computeIfAbsent(model(sample), model -> new ArrayList<>())
                        .add(sample.value());
                if (metric.counter() && counters.size() < MAX_COUNTERS) {
                    counters.put(new Series(metric, sample.name(), sample.labels()), sample.value());
                }
            }
            if (metric == Metric.GPU_UTILIZATION) {
                utilization.addAll(samples);
            }
            if (metric.ofGpu()) {
                gpus = Math.max(gpus, samples.size());
            }
            values.forEach((model, found) -> {
                if (byModel.containsKey(model) || byModel.size() < MAX_MODELS) {
                    byModel.computeIfAbsent(model, unseen -> new EnumMap<>(Metric.class))
                            .put(metric, metric.join(found));
                }
            });
        }
        return new Reading(
                seconds,
                byModel,
                counters,
                fullUtilization(utilization),
                gpus,
                Arrays.stream(pages).map(Identity::of).toList(),
                Arrays.stream(pages).mapToInt(Page::linesSkipped).sum());
    }

    /** Triton documents 0 to 1. From other servers, 1 may mean 100 % or 1 %, and 0 tells nothing. */
    private static OptionalDouble fullUtilization(List<Sample> utilization) {
        if (utilization.stream().anyMatch(sample -> sample.value() > 1)) {
            return OptionalDouble.of(100);
        }
        return utilization.stream()
                        .anyMatch(sample ->
                                sample.name().equals("nv_gpu_utilization") || sample.value() > 0 && sample.value() < 1)
                ? OptionalDouble.of(1)
                : OptionalDouble.empty();
    }

    private static String model(Sample sample) {
        return sample.labels().getOrDefault("model", sample.labels().getOrDefault("model_name", NO_MODEL));
    }

    /** Whether the page has no metric that nimload knows. */
    public boolean knowsNothing() {
        return byModel.isEmpty();
    }

    /** How a later reading shows that it is of another server or process; empty if it does not. */
    Optional<String> differenceTo(Reading later) {
        int pages = Math.min(identities.size(), later.identities.size());
        return IntStream.range(0, pages)
                .mapToObj(page -> identities.get(page).differenceTo(later.identities.get(page)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * How readings in a row, taken while nobody uses the server, show that they are of several; empty if they do not. A counter
     * that only grows on one server falls between two.
     */
    public static Optional<String> severalServers(List<Reading> inOrder) {
        for (int i = 1; i < inOrder.size(); i++) {
            Reading earlier = inOrder.get(i - 1);
            Reading later = inOrder.get(i);
            Optional<String> difference = inOrder.get(0)
                    .differenceTo(later)
                    .or(() -> earlier.counters.entrySet().stream()
                            .filter(counter -> later.counters.getOrDefault(counter.getKey(), counter.getValue())
                                    < counter.getValue())
                            .findFirst()
                            .map(counter -> "a falling " + counter.getKey().name()));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    /** Whether both name the same server. */
    boolean certainlyOfTheServerOf(Reading later) {
        return identities.stream().anyMatch(one -> later.identities.stream().anyMatch(one::certainlyThatOf));
    }

    /** Whether both name a GPU that is the same. */
    boolean sharesGpuWith(Reading later) {
        return identities.stream().anyMatch(one -> later.identities.stream().anyMatch(one::sharesGpuWith));
    }

    /** Whether the pages count requests. */
    public boolean countsRequests() {
        return !modelsThatCount().isEmpty();
    }

    /** Whether the pages count requests of a model that requests call so. */
    public boolean countsRequestsOf(String model) {
        return modelsThatCount().stream().anyMatch(counted -> CountedModels.resembles(model, counted));
    }

    /** The GPUs whose energy the page gives. */
    Set<Series> energies() {
        return counters.keySet().stream()
                .filter(series -> series.metric() == Metric.ENERGY_JOULES)
                .collect(Collectors.toSet());
    }

    /** The models with a count of requests. */
    Set<String> modelsThatCount() {
        return byModel.keySet().stream()
                .filter(model -> byModel.get(model).containsKey(Metric.REQUESTS_SUCCEEDED))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    OptionalDouble of(Metric metric, String model) {
        Double value = byModel.getOrDefault(model, Map.of()).get(metric);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * The metric over these models and over lines without a model. Where only other names have it, such as a GPU's own,
     * the metric over all of those, unless it is {@link Metric#PENDING}.
     */
    OptionalDouble of(Metric metric, Set<String> models) {
        List<String> known = byModel.keySet().stream()
                .filter(model -> of(metric, model).isPresent())
                .toList();
        List<String> wanted = known.stream()
                .filter(model -> model.equals(NO_MODEL) || models.contains(model))
                .toList();
        List<Double> values = (wanted.isEmpty() && metric != Metric.PENDING ? known : wanted)
                .stream().map(model -> of(metric, model).getAsDouble()).toList();
        return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(metric.join(values));
    }
}
