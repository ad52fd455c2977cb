package nimload.twin;

import java.util.List;
import java.util.Locale;

/** A twin for the console: each level as measured and as predicted. */
final class TwinTable {
    private TwinTable() {}

    static String of(Twin twin) {
        int width = twin.levels().stream()
                .mapToInt(level -> level.measured().name().length())
                .max()
                .orElseThrow();
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%-" + width + "s | %9s %9s %7s | %8s %8s %7s |%n",
                "level",
                "p50 ms",
                "twin",
                "",
                "req/s",
                "twin",
                ""));
        for (Twin.Level level : twin.levels()) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-" + width + "s | %9.3f %9.3f %+6.1f%% | %8.1f %8.1f %+6.1f%% | %s%n",
                    level.measured().name(),
                    level.measured().p50Ms(),
                    level.predicted().p50Ms(),
                    100 * level.p50Error(),
                    level.measured().requestsPerSecond(),
                    level.predicted().requestsPerSecond(),
                    100 * level.rateError(),
                    level.use().text() + (level.measured().p50Sure() ? "" : ", p50 not sure")));
        }
        twin.notes().forEach(note -> table.append("left out: ").append(note).append(System.lineSeparator()));
        return table.append(System.lineSeparator()).append(verdict(twin)).toString();
    }

    /** The error, in a sentence. */
    static String verdict(Twin twin) {
        int fitted = twin.used(Twin.Use.FITTED).size();
        List<String> notJudged = twin.used(Twin.Use.HELD_OUT).stream()
                .map(Twin.Level::measured)
                .filter(level -> !level.p50Sure())
                .map(RunLevel::name)
                .toList();
        int heldOut = twin.used(Twin.Use.HELD_OUT).size();
        String start = "Fitted to " + fitted + " levels of run " + twin.run() + "; ";
        return heldOut == 0
                ? start + "no level was held out, so the error is not known."
                : String.format(
                        Locale.ROOT,
                        "%s%d held out: %srequests/s are off by %.1f %% at the median and %.1f %% at worst%s.",
                        start,
                        heldOut,
                        notJudged.size() < heldOut ? "p50 and " : "",
                        100 * twin.medianError().orElseThrow(),
                        100 * twin.worstError().orElseThrow(),
                        notJudged.size() == heldOut
                                ? "; no p50 was sure enough to judge"
                                : notJudged.isEmpty()
                                        ? ""
                                        : "; without p50 of " + String.join(", ", notJudged)
                                                + ", whose own interval reaches more than 5 % to a side");
    }
}
