package nimload.compare;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.results.LevelResults;

/**
 * A level in two runs.
 *
 * @param shape of its requests: {@code query, 20 tokens, 1 text}
 * @param metrics those that both runs have
 * @param verdict from p50 and requests a second: slower if either is and neither is faster, and the reverse; {@link
 *     Verdict#MIXED} if they say the opposite; {@link Verdict#NO_RIGHT_ANSWER} if the run has neither. The tail has a
 *     verdict of its own.
 * @param notValid why the numbers of one of the two should not be quoted, a phrase each
 */
public record LevelChange(
        String shape, int concurrency, List<MetricChange> metrics, Verdict verdict, List<String> notValid) {

    static LevelChange of(LevelResults baseline, LevelResults run) {
        List<MetricChange> metrics = Arrays.stream(Metric.values())
                .flatMap(metric -> MetricChange.of(metric, baseline, run).stream())
                .toList();
        List<String> notValid = new ArrayList<>();
        baseline.reasons()
                .forEach(reason -> notValid.add((run.reasons().contains(reason) ? "both: " : "baseline: ") + reason));
        run.reasons().stream()
                .filter(reason -> !baseline.reasons().contains(reason))
                .forEach(reason -> notValid.add("run: " + reason));
        Verdict verdict =
                baseline.hasRightAnswers() && !run.hasRightAnswers() ? Verdict.NO_RIGHT_ANSWER : verdict(metrics);
        return new LevelChange(run.shape(), run.concurrency(), metrics, verdict, notValid);
    }

    private static Verdict verdict(List<MetricChange> metrics) {
        List<Verdict> verdicts = metrics.stream()
                .filter(change -> change.metric() == Metric.P50 || change.metric() == Metric.REQUESTS_PER_SECOND)
                .map(MetricChange::verdict)
                .toList();
        boolean faster = verdicts.contains(Verdict.FASTER);
        boolean slower = verdicts.contains(Verdict.SLOWER);
        if (faster && slower) {
            return Verdict.MIXED;
        }
        return Stream.of(Verdict.SLOWER, Verdict.FASTER, Verdict.NO_DIFFERENCE, Verdict.TOO_FEW_SAMPLES)
                .filter(verdicts::contains)
                .findFirst()
                .orElse(Verdict.NOT_JUDGED);
    }

    public Optional<MetricChange> metric(Metric metric) {
        return metrics.stream().filter(change -> change.metric() == metric).findFirst();
    }

    /** {@code query, 20 tokens, 1 text, concurrency 3} */
    @JsonIgnore
    public String name() {
        return shape + ", concurrency " + concurrency;
    }
}
