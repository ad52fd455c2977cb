package nimload.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/** The head of the page: what was loaded, with what, from where. */
record ReportHead(
        String run,
        String date,
        String tool,
        boolean emulated,
        boolean imported,
        List<String> gaps,
        List<Target> targets,
        List<Entry> method,
        List<Entry> settings,
        List<Entry> effective,
        List<Entry> client,
        List<String> notes,
        boolean besideGatling) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH);

    record Entry(String name, String value) {}

    record Target(String kind, String url, String model, List<Entry> about) {}

    static ReportHead of(RunResults run) {
        return new ReportHead(
                run.run() == null ? NumberText.UNKNOWN : run.run(),
                date(run.started()),
                run.tool(),
                run.emulated(),
                run.imported(),
                gaps(run),
                new TreeMap<>(run.targets())
                        .entrySet().stream()
                                .map(target -> target(target.getKey(), target.getValue()))
                                .toList(),
                method(run),
                entries(run.settings()),
                entries(run.effective()),
                entries(run.client()),
                run.notes(),
                !run.settings().containsKey("nim.results"));
    }

    private static String date(Instant started) {
        return started == null ? "date not recorded" : DATE.format(started.atZone(ZoneOffset.UTC));
    }

    private static List<String> gaps(RunResults run) {
        List<String> gaps = new ArrayList<>();
        run.gap().ifPresent(gap -> gaps.add("Not complete: " + gap + "."));
        if (run.schema() < RunResults.SCHEMA) {
            gaps.add("Made from a results.json of version " + run.schema()
                    + ", which holds no intervals and no latency over time.");
        }
        return gaps;
    }

    private static Target target(String kind, TargetResults target) {
        return new Target(
                kind,
                orUnknown(target.url()),
                orUnknown(target.model()) + (target.emulated() ? " (embedded NIM)" : ""),
                entries(target.about()));
    }

    private static List<Entry> method(RunResults run) {
        return List.of(
                new Entry("measured", seconds(run.durationSeconds()) + " a level"),
                new Entry("warm-up", seconds(run.warmUpSeconds()) + " before it, not counted"),
                new Entry("repeats", run.repeats() == 1 ? "none" : run.repeats() + " of each level, interleaved"),
                new Entry("levels", run.levels().size() + " of " + run.levelsPlanned()));
    }

    private static String seconds(OptionalDouble seconds) {
        return seconds.isPresent() ? NumberText.trimmed(seconds) + " s" : "not recorded";
    }

    private static List<Entry> entries(Map<String, String> map) {
        return new TreeMap<>(map)
                .entrySet().stream()
                        .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                        .toList();
    }

    private static String orUnknown(String text) {
        return text == null ? NumberText.UNKNOWN : text;
    }
}
