package nimload.compare;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;

/**
 * One level in two runs.
 *
 * @param metrics the ones that both runs have
 * @param verdict from p50 and requests per second: slower if either is slower and neither is faster, and vice versa; {@link
 *     Verdict#MIXED} if they disagree; {@link Verdict#NO_RIGHT_ANSWER} if the run has neither
 * @param notValid why the numbers of either run should not be quoted, one phrase each
 */
@JsonPropertyOrder({"shape", "concurrency"})
public record LevelChange(
        @JsonIgnore LoadPoint point, List<MetricChange> metrics, Verdict verdict, List<String> notValid) {

    static LevelChange of(LevelResults baseline, LevelResults run) {
        List<MetricChange> metrics = Arrays.stream(Metric.values())
                .flatMap(metric -> MetricChange.of(metric, baseline, run).stream())
                .toList();
        Verdict verdict =
                baseline.hasRightAnswers() && !run.hasRightAnswers() ? Verdict.NO_RIGHT_ANSWER : verdict(metrics);
        return new LevelChange(
                run.point(),
                metrics,
                verdict,
                notValid(baseline.validity().reasons(), run.validity().reasons()));
    }

    private static List<String> notValid(List<String> baseline, List<String> run) {
        List<String> notValid = new ArrayList<>();
        baseline.forEach(reason -> notValid.add((run.contains(reason) ? "both: " : "baseline: ") + reason));
        run.stream().filter(reason -> !baseline.contains(reason)).forEach(reason -> notValid.add("run: " + reason));
        return notValid;
    }

    private static Verdict verdict(List<MetricChange> metrics) {
        List<Verdict> verdicts = metrics.stream()
                .filter(change -> change.metric().decides())
                .map(MetricChange::verdict)
                .toList();
        if (verdicts.contains(Verdict.FASTER) && verdicts.contains(Verdict.SLOWER)) {
            return Verdict.MIXED;
        }
        return Stream.of(Verdict.SLOWER, Verdict.FASTER, Verdict.NO_DIFFERENCE, Verdict.TOO_FEW_SAMPLES)
                .filter(verdicts::contains)
                .findFirst()
                .orElse(Verdict.NOT_JUDGED);
    }

    /** Whether it belongs to the result: a level that may not be quoted in one of the runs says nothing of the NIM. */
    boolean counts() {
        return notValid.isEmpty() || verdict == Verdict.NO_RIGHT_ANSWER;
    }

    public Optional<MetricChange> metric(Metric metric) {
        return metrics.stream().filter(change -> change.metric() == metric).findFirst();
    }

    /** What its requests look like: {@code query, 20 tokens, 1 text}. */
    @JsonProperty
    public String shape() {
        return point.shape().description();
    }

    /** 0 for requests that arrive at a rate, without a limit of how many are in flight. */
    @JsonProperty
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public int concurrency() {
        return point.concurrency();
    }

    /** As tables show it. */
    String concurrencyText() {
        return point.loadText();
    }
}
