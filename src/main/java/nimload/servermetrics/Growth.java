package nimload.servermetrics;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** How much a server's counters grew between two readings. */
record Growth(Reading begin, Reading end) {

    /** Requests answered or refused, by model. */
    Map<String, Double> requests() {
        Map<String, Double> requests = new HashMap<>();
        for (String model : begin.modelsThatCount()) {
            OptionalDouble succeeded = of(Metric.REQUESTS_SUCCEEDED, model);
            if (succeeded.isPresent()) {
                requests.put(model, succeeded.getAsDouble() + failures(model));
            }
        }
        return requests;
    }

    /** A server may have no failure counter before its first failure. */
    private double failures(String model) {
        double from = begin.of(Metric.REQUESTS_FAILED, model).orElse(0);
        return end.of(Metric.REQUESTS_FAILED, model).orElse(from) - from;
    }

    OptionalLong items(String model) {
        OptionalDouble items = of(Metric.ITEMS, model);
        return items.isPresent() ? OptionalLong.of(Math.round(items.getAsDouble())) : OptionalLong.empty();
    }

    OptionalDouble energyJoules(Set<String> models) {
        return difference(begin.of(Metric.ENERGY_JOULES, models), end.of(Metric.ENERGY_JOULES, models));
    }

    /** Mean items per batch of the step that computes most: the network, not the tokenizer before it. */
    Mean batch(Set<String> steps) {
        return steps.stream()
                .max((one, other) -> Double.compare(computation(one), computation(other)))
                .map(step -> {
                    OptionalDouble items = of(Metric.ITEMS, step);
                    OptionalDouble batches = of(Metric.BATCHES, step);
                    return items.isPresent() && batches.isPresent()
                            ? new Mean(items.getAsDouble(), batches.getAsDouble())
                            : Mean.NONE;
                })
                .orElse(Mean.NONE);
    }

    private double computation(String step) {
        return of(Metric.COMPUTE_INFER_MICROS, step).orElse(0);
    }

    Mean queueMs(Set<String> steps) {
        return perRequest(steps, Metric.QUEUE_MICROS);
    }

    /** Input, inference and output together. */
    Mean computeMs(Set<String> steps) {
        return perRequest(
                steps, Metric.COMPUTE_INPUT_MICROS, Metric.COMPUTE_INFER_MICROS, Metric.COMPUTE_OUTPUT_MICROS);
    }

    Mean requestMs(String model) {
        return perRequest(Set.of(model), Metric.REQUEST_MICROS);
    }

    /** The sum over all steps, each divided by its own request count. */
    private Mean perRequest(Set<String> steps, Metric... micros) {
        double millis = 0;
        double requests = 0;
        boolean known = false;
        for (String step : steps) {
            double succeeded = of(Metric.REQUESTS_SUCCEEDED, step).orElse(0);
            for (Metric metric : micros) {
                OptionalDouble grown = of(metric, step);
                if (grown.isPresent() && succeeded > 0) {
                    known = true;
                    millis += grown.getAsDouble() / 1e3 / succeeded;
                    requests = Math.max(requests, succeeded);
                }
            }
        }
        return known ? new Mean(millis * requests, requests) : Mean.NONE;
    }

    private OptionalDouble of(Metric metric, String model) {
        return difference(begin.of(metric, model), end.of(metric, model));
    }

    private static OptionalDouble difference(OptionalDouble from, OptionalDouble to) {
        return from.isPresent() && to.isPresent()
                ? OptionalDouble.of(to.getAsDouble() - from.getAsDouble())
                : OptionalDouble.empty();
    }
}
