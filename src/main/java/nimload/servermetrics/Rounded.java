package nimload.servermetrics;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Numbers of a page as results.json holds them. */
final class Rounded {

    private Rounded() {}

    static OptionalDouble to(int decimals, OptionalDouble value) {
        if (value.isEmpty()) {
            return value;
        }
        double scale = Math.pow(10, decimals);
        return OptionalDouble.of(Math.rint(value.getAsDouble() * scale) / scale);
    }

    /** The highest that is known. */
    static <T> OptionalDouble max(List<T> runs, Function<T, OptionalDouble> value) {
        return runs.stream().map(value).flatMapToDouble(OptionalDouble::stream).max();
    }
}
