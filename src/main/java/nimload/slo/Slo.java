package nimload.slo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;

/**
 * Limits for the levels of a run.
 *
 * @param source the file, for people
 */
public record Slo(String source, List<Rule> rules) {

    /**
     * Limits that some levels must keep to.
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

    /** Every limit that a level must keep to; empty where no rule selects it. */
    public List<Limit> limits(LevelResults level) {
        return limits(level.workload(), level.inputTokens(), level.itemsPerRequest(), level.concurrency());
    }

    /** Every limit that a level must keep to; empty where no rule selects it. */
    public List<Limit> limits(LoadPoint level) {
        return limits(level.workload().key(), level.inputTokens(), level.items(), level.concurrency());
    }

    /**
     * Latencies and rates are of successful requests, and say nothing of a server that refuses the others. So where no
     * limit counts failures, none is allowed.
     */
    private List<Limit> limits(String workload, int inputTokens, int items, int concurrency) {
        List<Limit> limits = rules.stream()
                .filter(rule -> rule.levels().selects(workload, inputTokens, items, concurrency))
                .flatMap(rule -> rule.limits().stream())
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
        if (!limits.isEmpty() && limits.stream().noneMatch(Limit::countsFailures)) {
            limits.add(new Limit.ErrorShare(0));
        }
        return limits;
    }

    /**
     * The rules for the workloads that a run has: a file may hold limits for all workloads, and a simulation run one.
     *
     * @throws UserError for a rule that selects none of the levels of its workload
     */
    public Slo forRun(List<LoadPoint> levels) {
        List<Rule> rules = rules().stream()
                .filter(rule -> levels.stream()
                        .anyMatch(level ->
                                rule.levels().selectsWorkload(level.workload().key())))
                .toList();
        for (Rule rule : rules) {
            if (levels.stream()
                    .noneMatch(level -> rule.levels()
                            .selects(
                                    level.workload().key(), level.inputTokens(), level.items(), level.concurrency()))) {
                throw new UserError(source + " " + rule.place()
                        + ": these limits are for no level of this run; its levels are " + shapes(rule, levels)
                        + "; correct the limits' inputTokens, itemsPerRequest or concurrency, or run such a level");
            }
        }
        return new Slo(source, rules);
    }

    /** {@code query, 20 tokens, 1 text, concurrency 1, 3, 5}, of the rule's workloads. */
    private static String shapes(Rule rule, List<LoadPoint> levels) {
        Map<String, List<String>> concurrency = new LinkedHashMap<>();
        levels.stream()
                .filter(level -> rule.levels().selectsWorkload(level.workload().key()))
                .forEach(level -> concurrency
                        .computeIfAbsent(
                                level.workload().key() + " with inputTokens " + level.inputTokens()
                                        + ", itemsPerRequest " + level.items() + " and concurrency ",
                                shape -> new ArrayList<>())
                        .add(Integer.toString(level.concurrency())));
        return concurrency.entrySet().stream()
                .map(shape -> shape.getKey() + String.join(", ", shape.getValue()))
                .collect(Collectors.joining("; "));
    }
}
