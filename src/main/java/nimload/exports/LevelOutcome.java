package nimload.exports;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.Validity;
import nimload.slo.SloText;

/**
 * What became of a level, as a test.
 *
 * @param failures what fails it, a phrase each
 * @param doubts why its numbers may not be quoted beyond that, a phrase each
 */
record LevelOutcome(Kind kind, List<String> failures, List<String> doubts) {
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
        if (run.search(level.point()).isPresent()) {
            // Loads that break the limits are what a search looks for.
            return new LevelOutcome(
                    level.valid() ? Kind.PASSED : Kind.SKIPPED,
                    List.of(),
                    level.validity().reasons());
        }
        List<String> failures = new ArrayList<>(failures(level));
        List<String> limits = level.slo().stream()
                .flatMap(check -> SloText.broken(check).stream())
                .toList();
        List<String> worse = verdict.regressions().getOrDefault(level.point(), List.of());
        Kind kind = !failures.isEmpty()
                ? Kind.ERRORS
                : !limits.isEmpty()
                        ? Kind.LIMIT
                        : !worse.isEmpty()
                                ? Kind.REGRESSION
                                : level.valid() ? Kind.PASSED : strict(run) ? Kind.STRICT : Kind.SKIPPED;
        failures.addAll(limits);
        failures.addAll(worse);
        List<String> doubts = level.validity().reasons().stream()
                .filter(reason -> !failures.contains(reason))
                .toList();
        return new LevelOutcome(kind, failures, doubts);
    }

    /** All of them. */
    List<String> reasons() {
        return Stream.concat(failures.stream(), doubts.stream()).toList();
    }

    /** Those that decide its kind. */
    List<String> decisive() {
        return failures.isEmpty() ? doubts : failures;
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
