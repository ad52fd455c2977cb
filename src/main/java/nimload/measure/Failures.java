package nimload.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The failed requests of a level, by {@link ErrorKind#key()}.
 *
 * @param errors of the measurement
 * @param warmUpErrors of the warm-up; they are in no other number
 * @param firstErrors the first detail of each kind
 */
public record Failures(Map<String, Long> errors, Map<String, Long> warmUpErrors, Map<String, String> firstErrors) {

    public Failures {
        errors = Map.copyOf(errors);
        warmUpErrors = Map.copyOf(warmUpErrors);
        firstErrors = Map.copyOf(firstErrors);
    }

    static Failures together(List<Failures> runs) {
        Map<String, Long> errors = new HashMap<>();
        Map<String, Long> warmUpErrors = new HashMap<>();
        Map<String, String> firstErrors = new HashMap<>();
        for (Failures run : runs) {
            run.errors.forEach((kind, count) -> errors.merge(kind, count, Long::sum));
            run.warmUpErrors.forEach((kind, count) -> warmUpErrors.merge(kind, count, Long::sum));
            run.firstErrors.forEach(firstErrors::putIfAbsent);
        }
        return new Failures(errors, warmUpErrors, firstErrors);
    }

    /** Of the measurement. */
    public long count() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
