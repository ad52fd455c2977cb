package nimload.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.nim.Json;
import nimload.nim.NimKind;

/**
 * What an answer says, right or wrong.
 *
 * @param entries vectors or rankings in the order in which they are written
 * @param model empty: not named
 * @param tokens as {@code usage} counts them; empty: no usage
 */
record Answer(NimKind nim, List<Entry> entries, String model, OptionalLong tokens) {
    /** The emulator writes it last. */
    private static final Pattern USAGE = Pattern.compile("\"total_tokens\":(\\d+)");

    private static final int LAST_BYTES = 100;

    /** @param value the vector or the logit as JSON */
    record Entry(int index, String value) {}

    static Answer of(NimKind nim, byte[] json) throws IOException {
        JsonNode body = Json.MAPPER.readTree(json);
        List<Entry> entries = new ArrayList<>();
        body.path(nim == NimKind.EMBEDDING ? "data" : "rankings")
                .forEach(entry -> entries.add(new Entry(
                        entry.path("index").intValue(),
                        entry.path(nim == NimKind.EMBEDDING ? "embedding" : "logit")
                                .toString())));
        return new Answer(nim, entries, body.path("model").asText(), tokens(json));
    }

    /** What {@code usage} counts, without reading all of an answer. */
    static OptionalLong tokens(byte[] json) {
        int from = Math.max(0, json.length - LAST_BYTES);
        Matcher usage = USAGE.matcher(new String(json, from, json.length - from, StandardCharsets.ISO_8859_1));
        return usage.find() ? OptionalLong.of(Long.parseLong(usage.group(1))) : OptionalLong.empty();
    }

    /** With these values, in the order of the request. */
    Answer withValues(List<String> values) {
        List<Entry> others = IntStream.range(0, values.size())
                .mapToObj(i -> new Entry(i, values.get(i)))
                .toList();
        return with(
                nim == NimKind.EMBEDDING
                        ? others
                        : others.stream()
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

    Answer withTokens(long more) {
        return new Answer(
                nim, entries, model, tokens.isPresent() ? OptionalLong.of(tokens.getAsLong() + more) : tokens);
    }

    /** With another value in the first entry. */
    Answer withFirst(UnaryOperator<String> change) {
        List<Entry> others = new ArrayList<>(entries);
        others.set(
                0, new Entry(entries.get(0).index(), change.apply(entries.get(0).value())));
        return with(others);
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
        String usage = tokens.isEmpty()
                ? ""
                : ",\"usage\":{\"prompt_tokens\":" + tokens.getAsLong() + ",\"total_tokens\":" + tokens.getAsLong()
                        + "}";
        String named = model.isEmpty() ? "" : ",\"model\":" + new String(Json.bytes(model), StandardCharsets.UTF_8);
        return ("{" + (embedding ? "\"object\":\"list\",\"data\"" : "\"rankings\"") + ":[" + list + "]" + named + usage
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
