package nimload.faults;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nimload.emulator.NimAnswers;
import nimload.faults.Answer.Entry;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EncodingFormat;
import nimload.nim.NimKind;

/** Deeds to what an answer says. */
final class Contents {
    private Contents() {}

    static Deed changed(UnaryOperator<Answer> change) {
        return scene -> scene.answer(change.apply(scene.right()));
    }

    /** Another number in the middle of the first value, as JSON. */
    static Deed number(String json) {
        return changed(answer -> answer.with(0, value -> {
            if (answer.nim() == NimKind.RERANKING) {
                return json;
            }
            int from = value.indexOf(',', value.length() / 2) + 1;
            return value.substring(0, from) + json + value.substring(value.indexOf(',', from));
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

    /** @param index of the last entry instead of its own */
    static Deed lastIndex(int index) {
        return changed(answer -> {
            List<Entry> entries = new ArrayList<>(answer.entries());
            Entry last = entries.remove(entries.size() - 1);
            int first = entries.isEmpty() ? index : entries.get(0).index();
            entries.add(new Entry(index < 0 ? first : index, last.value()));
            return answer.with(entries);
        });
    }

    /** Values by the order of the request, given to other items. */
    static Deed values(Function<List<String>, List<String>> change) {
        return scene ->
                scene.answer(Answer.of(scene.post(), change.apply(scene.right().values())));
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

    /** Ranked from the worst on. */
    static Deed ascending() {
        return changed(answer -> {
            List<Entry> entries = new ArrayList<>(answer.entries());
            Collections.reverse(entries);
            return answer.with(entries);
        });
    }

    /** Each vector is made from its text's own. */
    static Deed vectors(UnaryOperator<float[]> change) {
        return scene -> scene.answer(Answer.of(
                scene.post(),
                scene.post().items().stream()
                        .map(text -> json(
                                change.apply(NimAnswers.vector(scene.post().type(), text)),
                                scene.post().format()))
                        .toList()));
    }

    private static String json(float[] vector, EncodingFormat format) {
        if (format == EncodingFormat.BASE64) {
            return '"' + EmbeddingAnswer.base64(vector) + '"';
        }
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < vector.length; i++) {
            json.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return json.append(']').toString();
    }

    /** As if other texts had come: vectors or logits that look right. */
    static Deed ofOtherTexts() {
        return scene -> {
            Post post = scene.post();
            List<String> others =
                    post.items().stream().map(text -> "another " + text).toList();
            Post other = new Post(post.nim(), post.model(), post.type(), post.format(), post.query(), others);
            return scene.answer(Answer.of(post, Answer.to(other).values()));
        };
    }

    /** All items of all requests get the same. */
    static Deed constant() {
        return scene -> {
            Post post = scene.post();
            List<String> same = Collections.nCopies(post.items().size(), "constant");
            Post other = new Post(post.nim(), post.model(), post.type(), post.format(), "", same);
            return scene.answer(Answer.of(post, Answer.to(other).values()));
        };
    }

    static Deed allLogits(String logit) {
        return values(logits -> Collections.nCopies(logits.size(), logit));
    }

    /** What the request before should have got. */
    static Deed ofPrevious() {
        return scene -> {
            Optional<Answer> previous = scene.server().memory().previous(scene.right());
            boolean fits = previous.isPresent()
                    && previous.get().entries().size()
                            == scene.right().entries().size();
            return fits ? scene.answer(previous.get()) : scene.answerRightly();
        };
    }

    /** Two requests that are in flight together get each other's. */
    static Deed exchangedInFlight() {
        return scene -> {
            Optional<Answer> partner = scene.server().memory().partner(scene.right());
            return partner.isPresent() ? scene.answer(partner.get()) : scene.answerRightly();
        };
    }

    static UnaryOperator<String> base64(UnaryOperator<byte[]> change) {
        return value -> '"'
                + Base64.getEncoder()
                        .encodeToString(change.apply(Base64.getDecoder().decode(value.replace("\"", ""))))
                + '"';
    }
}
