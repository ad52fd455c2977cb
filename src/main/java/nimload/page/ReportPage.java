package nimload.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.results.Footnotes;
import nimload.results.LevelResults;
import nimload.results.ResultsCsv;
import nimload.results.ResultsFile;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.Table;
import nimload.statistics.Interval;

/**
 * {@code report.html}: a whole run on one page, made from results.json alone. The page holds results.json and results.csv,
 * so that they survive mailing it.
 */
public final class ReportPage {
    /** Its name in a run's directory. */
    public static final String NAME = "report.html";

    private ReportPage() {}

    /** The page of a run of any schema version, without a link to Gatling's report. It names what was not recorded. */
    public static String html(RunResults run) {
        return html(run, false);
    }

    /** @param gatlingReport whether it is {@code gatling/index.html} next to the page, and so to be linked */
    public static String html(RunResults run, boolean gatlingReport) {
        return html(run, gatlingReport, "");
    }

    /** @param markdown what "Copy as Markdown" copies; if empty, the page does not offer it */
    public static String html(RunResults run, boolean gatlingReport, String markdown) {
        View view = View.of(run, gatlingReport, !markdown.isEmpty());
        Map<String, String> files = new LinkedHashMap<>();
        files.put("csv", ResultsCsv.of(run.levels()));
        files.put("markdown", markdown);
        return PageShell.html(
                "nimload " + run.info().id(),
                "report",
                view,
                new Data(
                        ChartData.of(run).groups(),
                        SearchChart.of(run),
                        view.soak().map(SoakSection::charts).orElse(List.of()),
                        files),
                "report.js",
                "soak.js");
    }

    /** @param files texts that the reader can save or copy */
    record Data(
            List<ChartData.Group> groups,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<SearchChart> searches,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<SoakSection.Chart> soak,
            Map<String, String> files) {}

    /**
     * What {@code report.html}'s template shows.
     *
     * @param sentences one per workload
     * @param overTime whether anything is known of latency over time
     * @param open whether any level's requests arrived at a rate
     * @param closed whether users waited for their answers at any level
     * @param results the run's results.json
     */
    record View(
            ReportHead head,
            Summary summary,
            Optional<SoakSection> soak,
            List<WorkloadSection> workloads,
            boolean overTime,
            boolean open,
            boolean closed,
            Optional<PipelineSection> pipeline,
            Optional<SloSection> slo,
            Servers servers,
            Optional<Table> generators,
            Optional<Table> client,
            String calibration,
            Optional<String> missedByChance,
            boolean markdown,
            String results) {
        static View of(RunResults run, boolean gatlingReport, boolean markdown) {
            List<ShapeLevels.Group> groups = ShapeLevels.groups(run);
            Footnotes footnotes = Footnotes.ofRemarks(run.levels());
            return new View(
                    ReportHead.of(run, gatlingReport),
                    Summary.of(run, groups, footnotes),
                    SoakSection.of(run),
                    groups.stream()
                            .map(group -> WorkloadSection.of(group, footnotes))
                            .toList(),
                    run.levels().stream()
                            .anyMatch(level -> !level.course().timeline().isEmpty()),
                    run.levels().stream()
                            .anyMatch(level -> level.throughput().arrivals().isPresent()),
                    run.levels().stream().anyMatch(level -> level.point().load().closed()),
                    PipelineSection.of(run),
                    SloSection.of(run),
                    new Servers(ServerTable.of(run), ReplicaTable.of(run), ServerTable.notes(run)),
                    GeneratorTable.of(run),
                    ClientTable.of(run),
                    ClientTable.calibration(run),
                    missedByChance(run),
                    markdown,
                    PageShell.inScript(ResultsFile.json(run)));
        }

        /** How many of the run's intervals cannot hold; empty where that is about none. */
        private static Optional<String> missedByChance(RunResults run) {
            int intervals = (int) run.levels().stream()
                    .flatMap(level -> Stream.of(
                                    level.throughput().requests().stream(),
                                    level.latency().percentiles().values().stream(),
                                    level.throughput().arrivals().stream()
                                            .flatMap(arrivals -> arrivals.response().percentiles().values().stream()))
                            .flatMap(estimates -> estimates))
                    .filter(estimate -> estimate.interval().isPresent())
                    .count();
            long missed = Math.round(Interval.missedByChance(intervals));
            return missed == 0
                    ? Optional.empty()
                    : Optional.of("Of the " + intervals + " intervals of this run about " + missed
                            + (missed == 1 ? " misses" : " miss") + " the true value by chance.");
        }
    }

    /** What the servers' own metrics report. */
    record Servers(Optional<Table> levels, Optional<Table> replicas, List<String> notes) {}

    /**
     * The first screen.
     *
     * @param sentences one per search, of a soak and per workload
     * @param searches what the searches' answers mean
     * @param verdict of all levels
     * @param errors the first error of each kind of each level, each text once, with the number of levels that have it
     */
    record Summary(
            List<String> sentences,
            List<String> searches,
            Optional<Shapes> shapes,
            String verdict,
            boolean allQuotable,
            List<Footnotes.Note> notes,
            Map<String, Integer> errors) {
        static final int PRICED = 6;

        /**
         * The rows of the shapes.
         *
         * @param priced whether they have a cost
         */
        record Shapes(List<ShapeSummary> rows, boolean priced) {}

        static Summary of(RunResults run, List<ShapeLevels.Group> groups, Footnotes footnotes) {
            List<ShapeSummary> shapes = ShapeSummary.of(run, groups);
            Map<String, Integer> errors = new LinkedHashMap<>();
            run.levels()
                    .forEach(level -> level.requests()
                            .firstErrors()
                            .forEach((kind, text) -> errors.merge(kind + ": " + text, 1, Integer::sum)));
            List<LevelResults> levels = run.levels().stream()
                    .filter(level -> run.search(level.point()).isEmpty())
                    .toList();
            List<String> sentences = RunSentences.of(run);
            boolean searchesOnly = levels.isEmpty() && !sentences.isEmpty();
            return new Summary(
                    sentences,
                    SearchWords.remarks(run),
                    searchesOnly
                            ? Optional.empty()
                            : Optional.of(new Shapes(
                                    shapes,
                                    shapes.stream()
                                            .anyMatch(shape -> shape.cells().size() == PRICED))),
                    searchesOnly ? "" : verdict(run.info(), levels),
                    levels.stream().allMatch(LevelResults::valid),
                    footnotes.notes(),
                    errors);
        }

        private static String verdict(RunInfo info, List<LevelResults> levels) {
            long valid = levels.stream().filter(LevelResults::valid).count();
            if (levels.isEmpty()) {
                return "No level has ended yet.";
            }
            if (valid < levels.size()) {
                return valid + " of " + levels.size() + " levels may be quoted.";
            }
            return info.imported()
                    ? "The files of " + info.tool() + " report no failures; nimload did not check the answers."
                    : levels.size() == 1
                            ? "The only level may be quoted."
                            : "All " + levels.size() + " levels may be quoted.";
        }
    }
}
