package nimload.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import nimload.results.RunInfo;
import nimload.results.RunResults;

/**
 * The head of the page: what was loaded, with what, from where.
 *
 * @param gaps what the run lacks, a sentence each
 * @param levels how many have results
 * @param gatlingReport whether it is {@code gatling/index.html} next to the page
 */
record ReportHead(
        RunInfo info,
        String date,
        List<String> gaps,
        String duration,
        String warmUp,
        String repeats,
        int levels,
        boolean gatlingReport) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH);

    static ReportHead of(RunResults run, boolean gatlingReport) {
        RunInfo info = run.info();
        return new ReportHead(
                info,
                date(info.started()),
                gaps(run),
                seconds(info.durationSeconds()),
                seconds(info.warmUpSeconds()),
                info.repeats() == 1 ? "none" : info.repeats() + " of each level, interleaved",
                run.levels().size(),
                gatlingReport);
    }

    String gatlingNote() {
        return GatlingNote.TEXT;
    }

    private static String date(Instant started) {
        return started == null ? "date not recorded" : DATE.format(started.atZone(ZoneOffset.UTC));
    }

    private static List<String> gaps(RunResults run) {
        List<String> gaps = new ArrayList<>();
        run.gap().ifPresent(gap -> gaps.add("Not complete: " + gap + "."));
        if (run.schema() < RunResults.SCHEMA) {
            gaps.add("Made from a results.json of version " + run.schema()
                    + ", which has no intervals and no latency over time.");
        }
        return gaps;
    }

    private static String seconds(OptionalDouble seconds) {
        return seconds.isPresent() ? NumberText.trimmed(seconds) + " s" : "not recorded";
    }
}
