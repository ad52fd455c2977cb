package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.results.Cell;
import nimload.results.Cost;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunInfo;
import nimload.results.RunResults;

/**
 * A shape's row on the first screen.
 *
 * @param id of its part of the page
 * @param cells latency alone, best rate, p95 there, more users, verdict; then the cost, if it is known of any shape
 */
record ShapeSummary(String id, String workload, String label, List<Cell> cells) {
    private static final String NUMBER = "n";
    private static final String WORDS = "wrap";

    /** One per shape, in the order of the page; none for searches. */
    static List<ShapeSummary> of(RunResults run, List<ShapeLevels.Group> groups) {
        List<ShapeLevels> shapes = groups.stream()
                .flatMap(group -> group.shapes().stream())
                .filter(shape -> shape.search().isEmpty())
                .toList();
        boolean priced = shapes.stream()
                .anyMatch(shape -> cost(run.info(), shape.headline(run.info())).isPresent());
        return shapes.stream().map(shape -> of(run, shape, priced)).toList();
    }

    private static ShapeSummary of(RunResults run, ShapeLevels shape, boolean priced) {
        Headline headline = shape.headline(run.info());
        Optional<LevelResults> best = headline.best();
        List<Cell> cells = new ArrayList<>();
        cells.add(headline.alone().map(ShapeSummary::alone).orElse(unknown(NUMBER)));
        cells.add(best.map(level -> cell(Headline.rateText(level), at(level), NUMBER + " best"))
                .orElse(unknown(NUMBER)));
        cells.add(best.map(level -> latency(level, Percentile.P95, Percentile.P99))
                .orElse(unknown(NUMBER)));
        cells.add(cell(headline.moreUsers(), "", WORDS));
        cells.add(verdict(headline, slo(shape, run)));
        if (priced) {
            cells.add(cost(run.info(), headline)
                    .map(cost -> cell(CostText.of(cost, shape.shape().workload()), "", WORDS))
                    .orElse(unknown(WORDS)));
        }
        return new ShapeSummary(
                shape.id(), shape.shape().workload().key(), shape.shape().label(), cells);
    }

    private static Optional<Cost> cost(RunInfo info, Headline headline) {
        return headline.best().flatMap(level -> Cost.of(info, level));
    }

    private static Cell cell(String text, String detail, String kind) {
        return new Cell(text, detail, text.equals(Cell.UNKNOWN) ? "not known" : "", "", kind);
    }

    private static Cell unknown(String kind) {
        return cell(Cell.UNKNOWN, "", kind);
    }

    private static Cell alone(LevelResults level) {
        Cell latency = latency(level, Percentile.P50, Percentile.P95);
        return level.concurrency() == 1 ? latency : latency.with((latency.detail() + " " + at(level)).strip(), "");
    }

    /** The first, and the second below it. */
    private static Cell latency(LevelResults level, Percentile first, Percentile second) {
        String detail =
                level.response().at(second).isPresent() ? second.key() + " " + Headline.latencyText(level, second) : "";
        return cell(Headline.latencyText(level, first), detail, NUMBER);
    }

    private static String at(LevelResults level) {
        return level.point().load().closed() ? "at " + HeadlineWords.users(level.concurrency()) : "";
    }

    /** How many levels may be quoted. */
    private static Cell verdict(Headline headline, String slo) {
        boolean all = headline.quotable() == headline.measured();
        return cell(
                (all ? "✓ " : "✗ ") + headline.quotable() + " of " + headline.measured() + " quotable",
                slo,
                WORDS + (all ? " good" : " bad"));
    }

    private static String slo(ShapeLevels shape, RunResults run) {
        return run.slo()
                .map(summary -> summary.highestConcurrency().get(shape.shape().description()))
                .map(highest -> highest == 0
                        ? "SLO met at no concurrency"
                        : "SLO met up to " + HeadlineWords.users(highest) + SloSection.ofThoseThatRan(run))
                .orElse("");
    }
}
