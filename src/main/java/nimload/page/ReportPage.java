package nimload.page;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.results.LevelResults;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.Table;
import nimload.statistics.Interval;

/** {@code report.html}: a whole run on one page, made from results.json alone. */
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
        return PageShell.html(
                "nimload " + run.info().id(), "report", View.of(run, gatlingReport), ChartData.of(run), "report.js");
    }

    /** What {@code report.html}'s template shows. */
    record View(
            ReportHead head,
            List<WorkloadSection> workloads,
            Verdicts verdicts,
            Optional<SloSection> slo,
            Optional<Table> server,
            Optional<Table> replicas,
            List<String> serverNotes,
            Optional<Table> client,
            String calibration,
            Optional<String> missedByChance) {
        static View of(RunResults run, boolean gatlingReport) {
            return new View(
                    ReportHead.of(run, gatlingReport),
                    ShapeLevels.groups(run).stream()
                            .map(group -> WorkloadSection.of(group, run))
                            .toList(),
                    Verdicts.of(run),
                    SloSection.of(run),
                    ServerTable.of(run),
                    ReplicaTable.of(run),
                    ServerTable.notes(run),
                    ClientTable.of(run),
                    ClientTable.calibration(run),
                    missedByChance(run));
        }

        /** How many of the run's intervals cannot hold; empty where that is about none. */
        private static Optional<String> missedByChance(RunResults run) {
            int intervals = (int) run.levels().stream()
                    .flatMap(level -> Stream.concat(
                            level.throughput().requests().stream(), level.latency().percentiles().values().stream()))
                    .filter(estimate -> estimate.interval().isPresent())
                    .count();
            long missed = Math.round(Interval.missedByChance(intervals));
            return missed == 0
                    ? Optional.empty()
                    : Optional.of("Of the " + intervals + " intervals of this run about " + missed
                            + (missed == 1 ? " misses" : " miss") + " the true value by chance.");
        }
    }

    /** @param levels those that are not valid */
    record Verdicts(int valid, int all, String words, List<LevelResults> levels) {
        static Verdicts of(RunResults run) {
            int all = run.levels().size();
            List<LevelResults> notValid =
                    run.levels().stream().filter(level -> !level.valid()).toList();
            String words = all == 0
                    ? "No level has ended yet."
                    : notValid.isEmpty() ? allValid(run.info()) : "Do not quote these:";
            return new Verdicts(all - notValid.size(), all, words, notValid);
        }

        private static String allValid(RunInfo info) {
            return info.imported()
                    ? "The files of " + info.tool() + " report no failures; nimload did not check the answers."
                    : "Every level is valid: its numbers may be quoted.";
        }
    }
}
