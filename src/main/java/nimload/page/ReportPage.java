package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/** {@code report.html}: a whole run on one page, made from results.json alone. */
public final class ReportPage {
    /** Its name in a run's directory. */
    public static final String NAME = "report.html";

    private ReportPage() {}

    /** The page of a run of any schema version; what the run did not record is said to be missing. */
    public static String html(RunResults run) {
        return PageShell.html("nimload " + run.run(), "report", View.of(run), ChartData.of(run), "report.js");
    }

    /** What {@code report.html}'s template shows. */
    record View(
            ReportHead head,
            List<WorkloadSection> workloads,
            Verdicts verdicts,
            Optional<SloSection> slo,
            Optional<Table> server,
            List<String> serverNotes,
            Optional<Table> client,
            String calibration) {
        static View of(RunResults run) {
            return new View(
                    ReportHead.of(run),
                    Shape.groups(run).stream()
                            .map(group -> WorkloadSection.of(group, run))
                            .toList(),
                    Verdicts.of(run),
                    SloSection.of(run),
                    ServerTable.of(run),
                    ServerTable.notes(run),
                    ClientTable.of(run),
                    ClientTable.calibration(run));
        }
    }

    /** @param levels those that are not valid */
    record Verdicts(String valid, String all, String words, List<Verdict> levels) {
        static Verdicts of(RunResults run) {
            List<LevelResults> levels = run.levels();
            List<LevelResults> notValid =
                    levels.stream().filter(level -> !level.valid()).toList();
            return new Verdicts(
                    Integer.toString(levels.size() - notValid.size()),
                    Integer.toString(levels.size()),
                    levels.isEmpty()
                            ? "No level has ended yet."
                            : notValid.isEmpty() ? allValid(run) : "These should not be quoted:",
                    notValid.stream().map(Verdict::of).toList());
        }

        private static String allValid(RunResults run) {
            return run.imported()
                    ? "As far as the files of " + run.tool() + " say, no level had failures; nimload checked no answer."
                    : "Every level is valid: nothing speaks against quoting its numbers.";
        }
    }

    /** A level that should not be quoted, and why. */
    record Verdict(String level, List<String> reasons, List<String> errors) {
        static Verdict of(LevelResults level) {
            List<String> errors = new ArrayList<>();
            level.firstErrors().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(error -> errors.add(error.getKey() + ": " + error.getValue()));
            return new Verdict(level.shape() + ", concurrency " + level.concurrency(), level.reasons(), errors);
        }
    }
}
