package nimload.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import nimload.compare.Comparison.Compared;

/**
 * What came of a comparison, in a line: {@code 6 slower, 6 faster, 11 no difference shown; not compared: 2 that may not be
 * quoted}.
 */
final class FirstLine {
    private FirstLine() {}

    static String of(Compared run) {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        run.compared().forEach(level -> counts.merge(level.verdict(), 1, Integer::sum));
        List<String> outcome = new ArrayList<>();
        add(outcome, counts.get(Verdict.NO_RIGHT_ANSWER), "without a right answer");
        add(outcome, counts.get(Verdict.SLOWER), Verdict.SLOWER.words());
        add(outcome, counts.get(Verdict.FASTER), Verdict.FASTER.words());
        add(outcome, counts.get(Verdict.MIXED), Verdict.MIXED.words());
        add(outcome, counts.get(Verdict.NO_DIFFERENCE), Verdict.NO_DIFFERENCE.words());
        add(outcome, counts.get(Verdict.TOO_FEW_SAMPLES), Verdict.TOO_FEW_SAMPLES.words());
        List<String> not = new ArrayList<>();
        add(not, counts.get(Verdict.NOT_JUDGED), "without intervals");
        add(not, run.leftOut().size(), "that may not be quoted");
        add(not, run.onlyInBaseline().size(), "only in the baseline");
        add(not, run.onlyInRun().size(), "only in the run");
        return (outcome.isEmpty() ? "no level could be compared" : String.join(", ", outcome))
                + (not.isEmpty() ? "" : "; not compared: " + String.join(", ", not));
    }

    private static void add(List<String> parts, Integer count, String words) {
        if (count != null && count > 0) {
            parts.add(count + " " + words);
        }
    }
}
