package nimload.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nimload.compare.HistoryPage.Part;
import nimload.compare.RunsFound.Found;
import nimload.results.RunResults;
import nimload.results.WholeFile;

/** The history of runs, alike ones together, as text for the console and as a page. */
record HistoryFiles(String text, List<Part> parts, List<String> skipped) {
    static final String PAGE = "history.html";

    /** @param directory of the page */
    static HistoryFiles of(List<List<Found>> groups, List<String> skipped, Path directory) {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        skipped.forEach(reason -> text.append("skipped: ").append(reason).append('\n'));
        for (List<Found> group : groups) {
            List<RunResults> runs = group.stream().map(Found::run).toList();
            List<String> apart = parts.isEmpty()
                    ? List.of()
                    : Likeness.apart(groups.get(0).get(0).run(), runs.get(0));
            Part part = new Part(
                    History.of(runs),
                    outcome(runs),
                    apart,
                    group.stream()
                            .map(found -> RunPages.of(found.path(), directory))
                            .toList());
            if (groups.size() > 1) {
                text.append("\nGroup ").append(parts.size() + 1).append(" of ").append(groups.size());
                text.append(apart.isEmpty() ? "" : ", not mixed with group 1: " + String.join("; ", apart))
                        .append('\n');
            }
            text.append(HistoryTable.of(part.history(), part.outcome()));
            parts.add(part);
        }
        return new HistoryFiles(text.toString(), parts, skipped);
    }

    /** The newest run against the one before and against the first. */
    private static List<String> outcome(List<RunResults> runs) {
        int last = runs.size() - 1;
        List<String> outcome = new ArrayList<>();
        if (last == 0) {
            outcome.add("1 run: nothing to compare it with");
        }
        if (last > 0) {
            outcome.add(outcome(runs, last - 1));
        }
        if (last > 1) {
            outcome.add(outcome(runs, 0));
        }
        return outcome;
    }

    private static String outcome(List<RunResults> runs, int against) {
        int last = runs.size() - 1;
        Comparison comparison = Comparison.of(List.of(runs.get(against), runs.get(last)));
        return "run " + (last + 1) + " against run " + (against + 1) + ": "
                + FirstLine.of(comparison.runs().get(0));
    }

    void write(Path directory) throws IOException {
        WholeFile.write(directory.resolve(PAGE), HistoryPage.html(parts, skipped));
    }
}
