package nimload.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The failed requests of a level, by {@link ErrorKind#key()}.
 *
 * @param errors of counted requests
 * @param inFull of these, those that only reading every value of the answer showed, which is done with a sample
 * @param uncounted of requests that do not count; they are in no other number
 * @param firstErrors the first detail of each kind
 */
public record Failures(
        Map<String, Long> errors,
        Map<String, Long> inFull,
        Map<String, Long> uncounted,
        Map<String, String> firstErrors) {

    public Failures {
        errors = Map.copyOf(errors);
        inFull = Map.copyOf(inFull);
        uncounted = Map.copyOf(uncounted);
        firstErrors = Map.copyOf(firstErrors);
    }

    static Failures together(List<Failures> runs) {
        Map<String, Long> errors = new HashMap<>();
        Map<String, Long> inFull = new HashMap<>();
        Map<String, Long> uncounted = new HashMap<>();
        Map<String, String> firstErrors = new HashMap<>();
        for (Failures run : runs) {
            run.errors.forEach((kind, count) -> errors.merge(kind, count, Long::sum));
            run.inFull.forEach((kind, count) -> inFull.merge(kind, count, Long::sum));
            run.uncounted.forEach((kind, count) -> uncounted.merge(kind, count, Long::sum));
            run.firstErrors.forEach(firstErrors::putIfAbsent);
        }
        return new Failures(errors, inFull, uncounted, firstErrors);
    }

    /** Counted requests that got an answer of status 200 which is not the right one. */
    long answeredWrongly() {
        return errors.getOrDefault(ErrorKind.MALFORMED.key(), 0L)
                + errors.getOrDefault(ErrorKind.WRONG_ANSWER.key(), 0L);
    }

    /** Of those that only reading every value showed. */
    long countInFull() {
        return count(inFull);
    }

    /** All the others, by kind. */
    Map<String, Long> exceptInFull() {
        Map<String, Long> others = new HashMap<>(errors);
        inFull.forEach((kind, count) -> others.computeIfPresent(kind, (key, all) -> all > count ? all - count : null));
        return others;
    }

    private static long count(Map<String, Long> kinds) {
        return kinds.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of counted requests. */
    public long count() {
        return count(errors);
    }
}
