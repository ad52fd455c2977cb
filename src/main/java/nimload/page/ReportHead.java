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
import nimload.plan.Remarks;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/**
 * The head of the page: which run it is, and what was loaded with what.
 *
 * @param title the user's label, if there is one
 * @param gaps what the run lacks, a sentence each
 * @param facts what tells the run from others
 * @param notes what a reader must know, a sentence each
 * @param levels how many have results
 * @param gatlingReport whether it is {@code gatling/index.html} next to the page
 */
record ReportHead(
        RunInfo info,
        String title,
        String date,
        List<String> gaps,
        List<Fact> facts,
        List<String> notes,
        String duration,
        String warmUp,
        String repeats,
        int levels,
        boolean gatlingReport) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH);

    /** The note that says what the banner says. */
    private static final String SAID_BY_THE_BANNER = "not a measurement of NVIDIA's NIM";

    /** What of a NIM's words about itself tells its version, the best first. */
    private static final List<String> VERSIONS = List.of("release", "version");

    record Fact(String name, String text) {}

    static ReportHead of(RunResults run, boolean gatlingReport) {
        RunInfo info = run.info();
        return new ReportHead(
                info,
                info.remarks().label().orElse("Retriever NIM load test"),
                date(info.started()),
                gaps(run),
                facts(info),
                info.notes().stream()
                        .filter(note -> !(info.emulated() && note.contains(SAID_BY_THE_BANNER)))
                        .toList(),
                seconds(info.durationSeconds()),
                seconds(info.warmUpSeconds()),
                info.repeats() == 1 ? "none" : info.repeats() + " of each level, interleaved",
                run.levels().size(),
                gatlingReport);
    }

    String gatlingNote() {
        return GatlingNote.TEXT;
    }

    private static List<Fact> facts(RunInfo info) {
        List<Fact> facts = new ArrayList<>();
        Remarks remarks = info.remarks();
        remarks.notes().forEach((name, text) -> facts.add(new Fact(name, text)));
        remarks.gpuHour().ifPresent(price -> facts.add(new Fact("GPU hour", price.text())));
        new TreeMap<>(info.targets()).forEach((kind, target) -> facts.add(new Fact(kind, target(target))));
        return facts;
    }

    /** {@code nvidia/nv-embedqa-e5-v5, release 1.5.0, 2 replicas, http://…}. */
    private static String target(TargetResults target) {
        List<String> parts = new ArrayList<>();
        parts.add(target.model() == null ? "model not recorded" : target.model());
        Map<String, String> about = target.about();
        VERSIONS.stream()
                .filter(about::containsKey)
                .findFirst()
                .ifPresent(name -> parts.add(name + " " + about.get(name)));
        if (target.replicas().size() > 1) {
            parts.add(target.replicas().size() + " replicas");
        }
        if (target.url() != null) {
            parts.add(target.url());
        }
        return String.join(", ", parts);
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
