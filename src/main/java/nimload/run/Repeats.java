package nimload.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.measure.RepeatsSeen;
import org.HdrHistogram.Histogram;

/**
 * After the window some of the measured bodies are sent once more, not counted, and each answer is held against the first
 * one: an answer that was another's shows, and so does a cache. In the window itself no body is sent twice. Safe for many
 * threads.
 */
final class Repeats {
    /**
     * First answers kept, evenly over the window. At least half of as many can be compared: if one answer in 1,000 is wrong,
     * all of these comparisons miss it in one level of 3,600. Some MB of fingerprints; for as many batches of 64 texts, which
     * take minutes, some 30 MB.
     */
    private static final int MOST = 8192;

    private static final int DIGITS = 3;

    private final Map<Integer, Fingerprint> first = new HashMap<>();
    private final Histogram micros = new Histogram(DIGITS);
    private final Histogram newMicros = new Histogram(DIGITS);
    private int every = 1;
    private int seen;
    private List<Integer> open;
    private long compared;
    private long differing;

    /** An answer that was right as far as it shows, to a body that was not sent before. */
    synchronized void first(int number, Fingerprint answer) {
        if (seen++ % every != 0) {
            return;
        }
        first.put(number, answer);
        if (first.size() > MOST) {
            every *= 2;
            List<Integer> numbers = first.keySet().stream().sorted().toList();
            for (int i = 1; i < numbers.size(); i += 2) {
                first.remove(numbers.get(i));
            }
        }
    }

    /** A number whose body is to be sent again; empty when there is none left. */
    synchronized OptionalInt next() {
        if (open == null) {
            open = spread(first.keySet().stream().sorted().toList());
        }
        return open.isEmpty() ? OptionalInt.empty() : OptionalInt.of(open.remove(open.size() - 1));
    }

    /** In an order of which every beginning is spread evenly over the window: there may be no time for all of them. */
    private static List<Integer> spread(List<Integer> numbers) {
        Comparator<Integer> bitsReversed = (a, b) -> Integer.compareUnsigned(Integer.reverse(a), Integer.reverse(b));
        return IntStream.range(0, numbers.size())
                .boxed()
                .sorted(bitsReversed.reversed())
                .map(numbers::get)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    synchronized boolean anyLeft() {
        return open == null ? !first.isEmpty() : !open.isEmpty();
    }

    /** How the answer to a body that is sent again differs from the first one; empty if it does not. */
    synchronized Optional<String> differenceFrom(int number, Fingerprint again) {
        Fingerprint known = first.get(number);
        if (known == null) {
            return Optional.empty();
        }
        Optional<String> difference = again.differenceFrom(known, place -> place);
        compared++;
        differing += difference.isPresent() ? 1 : 0;
        return difference;
    }

    /** How long the answer to a body that was sent before took. */
    synchronized void answered(long nanos) {
        micros.recordValue((nanos + 500) / 1000);
    }

    /** How long the answer to a new body took that was sent among them. */
    synchronized void answeredNew(long nanos) {
        newMicros.recordValue((nanos + 500) / 1000);
    }

    synchronized RepeatsSeen seen() {
        return new RepeatsSeen(compared, differing, micros.copy(), newMicros.copy());
    }
}
