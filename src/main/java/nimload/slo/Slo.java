package nimload.slo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.Shape;

/**
 * Limits for the levels of a run.
 *
 * @param source the file, as messages name it
 */
public record Slo(String source, List<Rule> rules) {

    /**
     * Limits for some levels.
     *
     * @param place in the file: {@code line 3, column 3}
     */
    public record Rule(LevelSelector levels, List<Limit> limits, String place) {
        public Rule {
            limits = List.copyOf(limits);
        }
    }

    public Slo {
        rules = List.copyOf(rules);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /**
     * Every limit that a level must meet; empty where no rule selects it. Latencies and rates count successful requests only
     * and say nothing about a server that refuses the others, so without a limit that counts failures none is allowed.
     */
    public List<Limit> limits(LoadPoint level) {
        List<Limit> limits = rules.stream()
                .filter(rule -> rule.levels().selects(level))
                .flatMap(rule -> rule.limits().stream())
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
        if (!limits.isEmpty() && limits.stream().noneMatch(Limit::countsFailures)) {
            limits.add(new Limit.ErrorShare(0));
        }
        return limits;
    }

    /**
     * The rules for the workloads of a run: a file may hold limits for all workloads while a simulation runs only one.
     *
     * @throws UserError for a rule that selects none of the levels of its workload
     */
    public Slo forRun(List<LoadPoint> levels) {
        List<Rule> kept = new ArrayList<>();
        for (Rule rule : rules) {
            List<LoadPoint> ofWorkload = levels.stream()
                    .filter(level -> rule.levels().selects(level.workload()))
                    .toList();
            if (ofWorkload.isEmpty()) {
                continue;
            }
            if (ofWorkload.stream().noneMatch(rule.levels()::selects)) {
                throw new UserError(
                        source + " " + rule.place() + ": these limits match no level of this run; its levels are "
                                + selectable(ofWorkload)
                                + "; correct inputTokens, itemsPerRequest or concurrency, or run such a level");
            }
            kept.add(rule);
        }
        return new Slo(source, kept);
    }

    /** In the words of the file: {@code query with inputTokens 20, itemsPerRequest 1 and concurrency 1, 3, 5}. */
    private static String selectable(List<LoadPoint> levels) {
        Map<Shape, String> concurrency = levels.stream()
                .collect(Collectors.groupingBy(
                        LoadPoint::shape,
                        LinkedHashMap::new,
                        Collectors.mapping(level -> Integer.toString(level.concurrency()), Collectors.joining(", "))));
        return concurrency.entrySet().stream()
                .map(entry -> entry.getKey().workload().key() + " with inputTokens "
                        + entry.getKey().inputTokens() + ", itemsPerRequest "
                        + entry.getKey().items() + " and concurrency " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
