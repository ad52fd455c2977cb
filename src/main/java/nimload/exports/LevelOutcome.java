package nimload.exports;

import java.util.ArrayList;
import java.util.List;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.Validity;
import nimload.slo.SloText;

/**
 * What became of a level, as a test.
 *
 * @param reasons a phrase each; empty for one that passed
 */
record LevelOutcome(Kind kind, List<String> reasons) {
    /** In the order in which they count: the first that applies is the level's. */
    enum Kind {
        /** A request failed, or an answer was wrong. */
        ERRORS("errors"),
        /** A limit of the SLO is broken. */
        LIMIT("limit broken"),
        /** Worse than the baseline allows. */
        REGRESSION("regression"),
        /** Its numbers may not be quoted, and {@code nim.strict} makes that a failure. */
        STRICT("not quotable"),
        /** Its numbers may not be quoted: it shows neither that the target is good nor that it is bad. */
        SKIPPED("not quotable"),
        PASSED("valid");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        boolean fails() {
            return this != SKIPPED && this != PASSED;
        }
    }

    static LevelOutcome of(LevelResults level, RunResults run, RunVerdict verdict) {
        List<String> reasons = new ArrayList<>(failures(level));
        List<String> limits = SloText.broken(level);
        List<String> worse = verdict.regressions().getOrDefault(level.point(), List.of());
        Kind kind = !reasons.isEmpty()
                ? Kind.ERRORS
                : !limits.isEmpty()
                        ? Kind.LIMIT
                        : !worse.isEmpty()
                                ? Kind.REGRESSION
                                : level.valid() ? Kind.PASSED : strict(run) ? Kind.STRICT : Kind.SKIPPED;
        reasons.addAll(limits);
        reasons.addAll(worse);
        level.validity().reasons().stream()
                .filter(reason -> !reasons.contains(reason))
                .forEach(reasons::add);
        return new LevelOutcome(kind, reasons);
    }

    /** Files of older versions and of other tools do not say which of the reasons fail a run; errors are counted in all. */
    private static List<String> failures(LevelResults level) {
        Validity validity = level.validity();
        boolean failed = level.requests().errors() > 0 || !level.hasRightAnswers();
        return validity.failures().isEmpty() && failed ? validity.reasons() : validity.failures();
    }

    private static boolean strict(RunResults run) {
        return Boolean.parseBoolean(run.info().effective().get("strict"));
    }
}
