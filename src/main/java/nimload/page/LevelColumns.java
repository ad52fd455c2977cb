package nimload.page;

import java.util.OptionalDouble;
import java.util.function.Function;
import nimload.plan.LoadPoint;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.LevelResults;

/** The columns that several tables of levels share, and how their numbers are shown. */
final class LevelColumns {
    private LevelColumns() {}

    /** {@code query, 20 tokens, 1 text}. */
    static <R> Column<R> shape(Function<R, LevelResults> level) {
        return Column.text("Level", row -> level.apply(row).point().shape().description());
    }

    static <R> Column<R> concurrency(Function<R, LevelResults> level) {
        String hint = "concurrency: requests in flight; each user sends again after its answer";
        return Column.number("Conc.", "", hint, row -> load(level.apply(row).point()));
    }

    private static Cell load(LoadPoint point) {
        if (point.load().closed()) {
            return whole(point.concurrency());
        }
        OptionalDouble rate = OptionalDouble.of(point.load().requestsPerSecond());
        return Cell.number(point.loadText(), rate)
                .with(
                        "",
                        "requests that arrive whatever the answers do, "
                                + (point.concurrency() == 0
                                        ? "without a limit of those in flight"
                                        : "at most " + point.concurrency() + " in flight"));
    }

    /** @param decimals at most */
    static <R> Column<R> number(
            String title, String unit, String hint, int decimals, Function<R, OptionalDouble> value) {
        return Column.number(title, unit, hint, row -> number(value.apply(row), decimals));
    }

    static Cell number(OptionalDouble value, int decimals) {
        return Cell.number(NumberText.of(value, decimals), value);
    }

    static Cell whole(long value) {
        return number(OptionalDouble.of(value), 0);
    }
}
