package nimload.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nimload.faults.Answer.Entry;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.Json;
import nimload.nim.NimKind;

/** Deeds to what an answer says. */
final class Contents {
    private Contents() {}

    static Deed changed(UnaryOperator<Answer> change) {
        return scene -> scene.answer(change.apply(scene.rightAnswer()));
    }

    /** Another number in the middle of the first value, as JSON. */
    static Deed number(String json) {
        return changed(answer -> answer.withFirst(value -> {
            int from = value.indexOf(',', value.length() / 2) + 1;
            return answer.nim() == NimKind.RERANKING || from == 0
                    ? json
                    : value.substring(0, from) + json + value.substring(value.indexOf(',', from));
        }));
    }

    static Deed tooFew() {
        return changed(answer ->
                answer.with(answer.entries().subList(0, answer.entries().size() - 1)));
    }

    static Deed tooMany() {
        return changed(answer -> {
            List<Entry> entries = new ArrayList<>(answer.entries());
            Entry last = entries.get(entries.size() - 1);
            entries.add(new Entry(entries.size(), last.value()));
            return answer.with(entries);
        });
    }

    /** @param index of the last entry instead of its own; empty: the first entry's */
    static Deed lastIndex(Optional<Integer> index) {
        return changed(answer -> {
            List<Entry> entries = new ArrayList<>(answer.entries());
            Entry last = entries.remove(entries.size() - 1);
            int first = entries.isEmpty() ? last.index() : entries.get(0).index();
            entries.add(new Entry(index.orElse(first), last.value()));
            return answer.with(entries);
        });
    }

    /** Values by the order of the request, given to other items. */
    static Deed values(UnaryOperator<List<String>> change) {
        return changed(answer -> answer.withValues(change.apply(answer.values())));
    }

    static List<String> firstTwoExchanged(List<String> values) {
        List<String> others = new ArrayList<>(values);
        if (others.size() > 1) {
            Collections.swap(others, 0, 1);
        }
        return others;
    }

    static List<String> reversed(List<String> values) {
        List<String> others = new ArrayList<>(values);
        Collections.reverse(others);
        return others;
    }

    static List<String> shifted(List<String> values) {
        List<String> others = new ArrayList<>(values);
        Collections.rotate(others, 1);
        return others;
    }

    /** Written from the last entry on: rankings from the worst. */
    static Deed ascending() {
        return changed(answer -> {
            List<Entry> entries = new ArrayList<>(answer.entries());
            Collections.reverse(entries);
            return answer.with(entries);
        });
    }

    /** Each vector of floats is made from its text's own; rankings stay right. */
    static Deed vectors(UnaryOperator<float[]> change) {
        return scene -> {
            Answer right = scene.rightAnswer();
            if (right.nim() == NimKind.RERANKING) {
                return scene.answerRightly();
            }
            List<String> values = new ArrayList<>();
            for (String value : right.values()) {
                values.add(json(change.apply(floats(value)), scene.call().isBase64()));
            }
            return scene.answer(right.withValues(values));
        };
    }

    /** The first numbers of a vector, as long as the whole vector was. */
    static float[] cut(float[] vector, int dimension) {
        float[] cut = Arrays.copyOf(vector, dimension);
        return scaled(cut, (float) (length(vector) / length(cut)));
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    static float[] scaled(float[] vector, float factor) {
        float[] scaled = vector.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    private static float[] floats(String value) throws IOException {
        if (!value.startsWith("\"")) {
            return Json.MAPPER.readValue(value, float[].class);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(value.replace("\"", "")))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(vector);
        return vector;
    }

    private static String json(float[] vector, boolean base64) {
        return base64
                ? '"' + EmbeddingAnswer.base64(vector) + '"'
                : Arrays.toString(vector).replace(" ", "");
    }

    /** As if other texts had come: vectors or logits that look right. */
    static Deed ofOtherTexts() {
        return scene -> instead(
                scene,
                scene.ask(
                        scene.call().query(),
                        scene.call().items().stream()
                                .map(text -> "another " + text)
                                .toList()));
    }

    /** All items of all requests get the same. */
    static Deed constant() {
        return scene -> instead(
                scene,
                scene.ask("constant", Collections.nCopies(scene.call().items().size(), "constant")));
    }

    private static boolean instead(Scene scene, Optional<Answer> other) throws IOException {
        return other.isPresent()
                ? scene.answer(scene.rightAnswer().withValues(other.get().values()))
                : scene.answerRightly();
    }

    static Deed allLogits(String logit) {
        return values(logits -> Collections.nCopies(logits.size(), logit));
    }

    /** What the request before should have got. */
    static Deed ofPrevious() {
        return scene -> {
            Answer right = scene.rightAnswer();
            Optional<Answer> previous = scene.server().memory().previous(right);
            boolean fits = previous.isPresent()
                    && previous.get().entries().size() == right.entries().size();
            return fits ? scene.answer(previous.get()) : scene.answerRightly();
        };
    }

    /** Two requests that are in flight together get each other's. */
    static Deed exchangedInFlight() {
        return scene -> {
            Optional<Answer> partner = scene.server().memory().partner(scene.rightAnswer());
            return partner.isPresent() ? scene.answer(partner.get()) : scene.answerRightly();
        };
    }

    /** @param bytes that are left of the first vector's Base64 */
    static Deed base64Bytes(int bytes) {
        return changed(answer -> answer.withFirst(value -> '"'
                + Base64.getEncoder()
                        .encodeToString(Arrays.copyOf(Base64.getDecoder().decode(value.replace("\"", "")), bytes))
                + '"'));
    }

    /** @param characters that are left of the first vector's Base64 */
    static Deed base64Characters(int characters) {
        return changed(answer ->
                answer.withFirst(value -> value.substring(0, Math.min(characters + 1, value.length() - 1)) + '"'));
    }
}
