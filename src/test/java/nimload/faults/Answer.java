package nimload.faults;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.emulator.NimAnswers;
import nimload.nim.NimKind;

/**
 * What a server says, right or wrong.
 *
 * @param entries vectors or rankings in the order in which they are written
 * @param tokens as {@code usage} counts them
 */
record Answer(NimKind nim, List<Entry> entries, String model, long tokens) {

    /** @param value the vector or the logit as JSON */
    record Entry(int index, String value) {}

    static Answer to(Post post) {
        return of(
                post,
                post.items().stream()
                        .map(item -> post.nim() == NimKind.EMBEDDING
                                ? NimAnswers.vector(post.type(), item, post.format())
                                : Double.toString(NimAnswers.logit(post.query(), item)))
                        .toList());
    }

    /** @param values in the order of the request */
    static Answer of(Post post, List<String> values) {
        List<Entry> entries = IntStream.range(0, values.size())
                .mapToObj(i -> new Entry(i, values.get(i)))
                .toList();
        return new Answer(post.nim(), entries, post.model(), post.tokens()).ranked();
    }

    /** Rankings have the best passage first. */
    private Answer ranked() {
        return nim == NimKind.EMBEDDING
                ? this
                : with(entries.stream()
                        .sorted(Comparator.comparingDouble((Entry entry) -> Double.parseDouble(entry.value()))
                                .reversed())
                        .toList());
    }

    Answer with(List<Entry> others) {
        return new Answer(nim, others, model, tokens);
    }

    Answer withModel(String other) {
        return new Answer(nim, entries, other, tokens);
    }

    Answer withTokens(long other) {
        return new Answer(nim, entries, model, other);
    }

    /** With another value in the entry at {@code place}. */
    Answer with(int place, UnaryOperator<String> change) {
        return with(IntStream.range(0, entries.size())
                .mapToObj(i -> i == place
                        ? new Entry(
                                entries.get(i).index(),
                                change.apply(entries.get(i).value()))
                        : entries.get(i))
                .toList());
    }

    /** In the order of the request. */
    List<String> values() {
        return entries.stream()
                .sorted(Comparator.comparingInt(Entry::index))
                .map(Entry::value)
                .toList();
    }

    byte[] json() {
        boolean embedding = nim == NimKind.EMBEDDING;
        String list = entries.stream()
                .map(entry -> embedding
                        ? "{\"object\":\"embedding\",\"index\":" + entry.index() + ",\"embedding\":" + entry.value()
                                + "}"
                        : "{\"index\":" + entry.index() + ",\"logit\":" + entry.value() + "}")
                .collect(Collectors.joining(","));
        return ("{\"object\":\"list\",\"" + (embedding ? "data" : "rankings") + "\":[" + list + "],\"model\":\"" + model
                        + "\",\"usage\":{\"prompt_tokens\":" + tokens + ",\"total_tokens\":" + tokens + "}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
