package nimload.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.run.Body.Arrangement;

/**
 * The requests that one user sends while nobody else does, and what their answers tell of the server: whether an answer
 * depends on its texts, and whether each text gets its own. Rotating a batch and sending its first text alone shows every
 * exchange of places that is the same in each answer: one that survives the rotation shifts all places alike, and the first
 * text alone shows that. Safe for many threads.
 */
final class References {

    /** @param number of its texts */
    record Reference(int number, Arrangement arrangement) {}

    /** Bodies below this number are sent as references, so never in turn. */
    static final int NUMBERS = 2;

    private static final Reference FIRST = new Reference(0, Arrangement.WHOLE);

    private final int items;
    private final boolean different;
    private final List<Reference> planned;
    /** The right ones; a large one is checked later than the small one after it. */
    private final Map<Reference, AnswerValues> answers = new HashMap<>();

    /**
     * @param items texts or passages in the first request
     * @param different whether it has different ones, or with one item the second request another; else nothing says that
     *     answers must differ
     */
    References(int items, boolean different) {
        this.items = items;
        this.different = different;
        this.planned = items == 1
                ? List.of(FIRST, new Reference(1, Arrangement.WHOLE))
                : List.of(FIRST, new Reference(0, Arrangement.ROTATED), new Reference(0, Arrangement.FIRST_ALONE));
    }

    /** In the order in which they are sent. */
    List<Reference> planned() {
        return planned;
    }

    /** One of them was answered rightly. */
    synchronized void answered(Reference reference, AnswerValues values) {
        answers.put(reference, values);
    }

    /** What the answers show, a phrase each; empty if nothing is wrong. */
    synchronized List<String> problems() {
        List<String> problems = new ArrayList<>();
        allAlike().ifPresent(problems::add);
        if (problems.isEmpty() && items > 1 && answers.containsKey(FIRST)) {
            different(Arrangement.ROTATED, "in the same batch rotated by one place")
                    .ifPresent(problems::add);
            different(Arrangement.FIRST_ALONE, "alone").ifPresent(problems::add);
        }
        return problems;
    }

    private Optional<String> different(Arrangement arrangement, String how) {
        return Optional.ofNullable(answers.get(new Reference(FIRST.number(), arrangement)))
                .flatMap(values -> values.differenceFrom(answers.get(FIRST), place -> arrangement.text(place, items)))
                .map(difference -> how + ", " + difference);
    }

    /** Why no answer can be told from another's; empty if they can be, or if that is not known. */
    synchronized Optional<String> allAlike() {
        if (!different) {
            return Optional.empty();
        }
        AnswerValues first = answers.get(FIRST);
        AnswerValues second = items > 1 ? first : answers.get(new Reference(1, Arrangement.WHOLE));
        if (first == null || second == null) {
            return Optional.empty();
        }
        return items > 1 ? first.allAlike() : first.and(second).allAlike();
    }
}
