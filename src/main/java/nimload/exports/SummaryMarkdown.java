package nimload.exports;

import static nimload.exports.Markdown.code;
import static nimload.exports.Markdown.words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.exports.Markdown.Column;
import nimload.page.CostText;
import nimload.page.Headline;
import nimload.page.NumberText;
import nimload.page.RunSentences;
import nimload.page.SearchWords;
import nimload.results.Cell;
import nimload.results.Cost;
import nimload.results.Footnotes;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/**
 * {@code summary.md}: a run in GitHub-flavoured Markdown, for a job's summary, a merge request or a ticket. A verdict, a sentence
 * and a row per shape of requests, what failed; then, folded, all levels with the reasons against those that may not be quoted.
 */
public final class SummaryMarkdown {
    /** Its name in a run's directory. */
    public static final String NAME = "summary.md";

    private static final List<Percentile> PERCENTILES = List.of(Percentile.P50, Percentile.P95, Percentile.P99);

    private final RunResults run;
    private final RunVerdict verdict;
    private final List<String> problems;
    private final Map<LevelResults, LevelOutcome> outcomes = new LinkedHashMap<>();

    private SummaryMarkdown(RunResults run, RunVerdict verdict) {
        this.run = run;
        this.verdict = verdict;
        this.problems = verdict.problems(run);
        run.levels().forEach(level -> outcomes.put(level, LevelOutcome.of(level, run, verdict)));
    }

    /** What results.json alone says. */
    public static String of(RunResults run) {
        return of(run, RunVerdict.NONE);
    }

    static String of(RunResults run, RunVerdict verdict) {
        return new SummaryMarkdown(run, verdict).text();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        text.append("## nimload");
        run.info().remarks().label().ifPresent(label -> text.append(' ').append(code(label)));
        text.append(' ').append(code(run.info().id())).append("\n\n");
        run.info()
                .standIn()
                .ifPresent(name -> text.append("> ⚠️ **")
                        .append(words(name))
                        .append(": not a measurement of NVIDIA's NIM.**\n\n"));
        text.append(headline()).append("\n\n");
        RunSentences.of(run)
                .forEach(sentence -> text.append("- ").append(words(sentence)).append('\n'));
        if (!run.levels().isEmpty()) {
            List<Headline> shapes = Headline.of(run);
            text.append('\n').append(shapes.isEmpty() ? searches() : shapes(shapes));
        }
        List<String> failures = failures();
        text.append(failures.isEmpty() ? "" : "\n");
        failures.forEach(line -> text.append("- ❌ ").append(line).append('\n'));
        if (!run.levels().isEmpty()) {
            text.append('\n').append(Markdown.folded(levelCount(run.levels().size()), levels()));
        }
        verdict.comparison()
                .ifPresent(table ->
                        text.append('\n').append(Markdown.folded("Compared with the baseline", Markdown.block(table))));
        return text.append('\n')
                .append(Markdown.folded("What was measured", about()))
                .toString();
    }

    private String headline() {
        long valid = run.levels().stream().filter(LevelResults::valid).count();
        int all = run.levels().size();
        long failed = outcomes.values().stream()
                .filter(outcome -> outcome.kind().fails())
                .count();
        boolean found =
                run.capacity().stream().allMatch(search -> search.atLeast().isPresent());
        boolean good = failed == 0 && found && run.complete() && problems.isEmpty();
        String sign = !good ? "❌" : valid < all ? "⚠️" : "✅";
        String quotable = all == 0
                ? "No level has results."
                : valid == all
                        ? (all == 1 ? "The only level may be quoted." : "All " + all + " levels may be quoted.")
                        : valid + " of " + levelCount(all) + " may be quoted.";
        String failures = failed == 0 ? "" : " " + levelCount((int) failed) + " failed.";
        String gap =
                run.gap().map(lack -> " Not complete: " + words(lack) + ".").orElse("");
        return sign + " **" + quotable + failures + gap + "**";
    }

    private static String levelCount(int count) {
        return count + (count == 1 ? " level" : " levels");
    }

    /** One row per shape of requests. */
    private String shapes(List<Headline> shapes) {
        List<Column> columns = new ArrayList<>(List.of(
                new Column("Requests", false),
                new Column("p50 alone", true),
                new Column("Best rate", true),
                new Column("Users", true),
                new Column("p95 there", true),
                new Column("More users", false),
                new Column("Quotable", true)));
        List<List<String>> rows = new ArrayList<>();
        for (Headline shape : shapes) {
            rows.add(new ArrayList<>(List.of(
                    words(shape.shape().description()),
                    best(shape.alone(), level -> Headline.latencyText(level, Percentile.P50)),
                    best(shape.best(), Headline::rateText),
                    best(shape.best(), SummaryMarkdown::users),
                    best(shape.best(), level -> Headline.latencyText(level, Percentile.P95)),
                    words(shape.moreUsers()),
                    shape.quotable() + " of " + shape.measured())));
        }
        if (shapes.stream().anyMatch(shape -> cost(shape).isPresent())) {
            columns.add(new Column("Cost", false));
            for (int row = 0; row < rows.size(); row++) {
                rows.get(row).add(words(cost(shapes.get(row)).orElse(Cell.UNKNOWN)));
            }
        }
        return Markdown.table(columns, rows);
    }

    private String searches() {
        return SearchWords.remarks(run).stream()
                .map(remark -> words(remark) + "\n")
                .collect(Collectors.joining("\n"));
    }

    private static String best(Optional<LevelResults> level, Function<LevelResults, String> text) {
        return level.map(text).map(SummaryMarkdown::unbroken).orElse(Cell.UNKNOWN);
    }

    private Optional<String> cost(Headline shape) {
        return shape.best()
                .flatMap(level -> Cost.of(run.info(), level))
                .map(cost -> CostText.of(cost, shape.shape().workload()));
    }

    /** A number and its unit stay on one line. */
    private static String unbroken(String text) {
        return text.replace(' ', '\u00a0');
    }

    private static String users(LevelResults level) {
        return level.point().loadText();
    }

    private List<String> failures() {
        List<String> lines = new ArrayList<>();
        problems.forEach(problem -> lines.add(words(problem)));
        outcomes.forEach((level, outcome) -> {
            if (outcome.kind().fails()) {
                lines.add("**" + words(level.point().description()) + "**: "
                        + words(String.join("; ", outcome.decisive())));
            }
        });
        return lines;
    }

    private String levels() {
        Footnotes footnotes = Footnotes.of(
                outcomes.entrySet().stream()
                        .flatMap(outcome -> outcome.getValue().reasons().stream()
                                .map(reason -> new Footnotes.Remark(
                                        outcome.getKey().point(),
                                        reason,
                                        !outcome.getKey().valid()))),
                run.levels().size());
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("Level", false));
        columns.add(new Column("Users", true));
        PERCENTILES.forEach(percentile -> columns.add(new Column(percentile.key() + " ms", true)));
        columns.add(new Column("Requests/s", true));
        columns.add(new Column("Items/s", true));
        columns.add(new Column("Tokens/s", true));
        columns.add(new Column("Errors", true));
        columns.add(new Column("Verdict", false));
        String table = Markdown.table(
                columns,
                run.levels().stream().map(level -> row(level, footnotes)).toList());
        String notes = footnotes.notes().stream()
                .map(note -> "- " + mark(note.mark()) + " " + words(note.words()) + "\n")
                .collect(Collectors.joining());
        return table + (notes.isEmpty() ? "" : "\n" + notes);
    }

    private List<String> row(LevelResults level, Footnotes footnotes) {
        List<String> cells = new ArrayList<>();
        cells.add(words(level.point().shape().description()));
        cells.add(users(level));
        PERCENTILES.forEach(percentile -> cells.add(millis(level, percentile)));
        cells.add(rate(level.throughput().requestsPerSecond()));
        cells.add(rate(level.throughput().itemsPerSecond()));
        cells.add(rate(level.tokens().perSecond()));
        cells.add(Long.toString(level.requests().errors()));
        LevelOutcome outcome = outcomes.get(level);
        String marks = String.join(",", footnotes.marks(level.point()));
        String sign = outcome.kind().fails() ? "❌ " : level.valid() ? "✅ " : "⚠️ ";
        cells.add(sign
                + (level.valid() ? outcome.kind().words() : "do not quote")
                + (marks.isEmpty() ? "" : mark(marks)));
        return cells;
    }

    private static String mark(String marks) {
        return "<sup>" + marks + "</sup>";
    }

    private static String millis(LevelResults level, Percentile percentile) {
        return level.response()
                .estimate(percentile)
                .map(known -> unbroken((known.bounded() ? "" : "≥ ") + NumberText.of(known.value(), 3)))
                .orElse(Cell.UNKNOWN);
    }

    private static String rate(OptionalDouble value) {
        return NumberText.of(value, 1);
    }

    private String about() {
        RunInfo info = run.info();
        StringBuilder text = new StringBuilder();
        new TreeMap<>(info.targets())
                .forEach((kind, target) -> text.append("- ")
                        .append(words(kind))
                        .append(": ")
                        .append(target(target))
                        .append('\n'));
        text.append("- measured with ").append(words(info.tool()));
        if (info.started() != null) {
            text.append(", started ").append(words(info.started().toString()));
        }
        text.append('\n');
        info.remarks()
                .notes()
                .forEach((name, note) -> text.append("- ")
                        .append(words(name))
                        .append(": ")
                        .append(code(note))
                        .append('\n'));
        info.notes().forEach(note -> text.append("- ").append(words(note)).append('\n'));
        return text.toString();
    }

    private static String target(TargetResults target) {
        String urls = target.replicas().isEmpty()
                ? known(target.url())
                : target.replicas().stream().map(Markdown::code).collect(Collectors.joining(", "));
        String about = new TreeMap<>(target.about())
                .entrySet().stream()
                        .map(known -> ", " + words(known.getKey()) + " " + code(known.getValue()))
                        .collect(Collectors.joining());
        return known(target.model()) + " at " + urls + about;
    }

    /** @param text null where a file does not say it */
    private static String known(String text) {
        return text == null ? "not recorded" : code(text);
    }
}
