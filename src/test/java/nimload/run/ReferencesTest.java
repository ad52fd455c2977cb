package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.run.AnswerValues.Logits;
import nimload.run.AnswerValues.Vectors;
import nimload.run.Body.Arrangement;
import nimload.run.References.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {
    private interface Server {
        AnswerValues answer(Reference reference, List<Integer> texts);
    }

    /** Texts of a body by their place in the whole one; those of another number are others. */
    private static List<Integer> texts(Reference reference, int items) {
        int sent = reference.arrangement() == Arrangement.FIRST_ALONE ? 1 : items;
        return IntStream.range(0, sent)
                .mapToObj(place ->
                        100 * reference.number() + reference.arrangement().text(place, items))
                .toList();
    }

    private static List<String> problems(int items, Server server) {
        References references = new References(items, true);
        for (Reference reference : references.planned()) {
            references.answered(reference, server.answer(reference, texts(reference, items)));
        }
        return references.problems();
    }

    private static Vectors vectors(List<Integer> texts) {
        return new Vectors(texts.stream()
                .map(text -> new float[] {(float) Math.cos(text), (float) Math.sin(text)})
                .toList());
    }

    private static Logits logits(List<Integer> texts) {
        return new Logits(texts.stream().mapToDouble(text -> -text).toArray());
    }

    private static List<Integer> placed(List<Integer> texts, IntUnaryOperator place) {
        return IntStream.range(0, texts.size())
                .mapToObj(i -> texts.get(place.applyAsInt(i)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64})
    void aRightServerHasNoProblem(int items) {
        assertThat(problems(items, (reference, texts) -> vectors(texts))).isEmpty();
        assertThat(problems(items, (reference, texts) -> logits(texts))).isEmpty();
    }

    /** All orders of 2, 3 and 5 places but the right one. */
    static Stream<List<Integer>> exchanges() {
        return Stream.of(2, 3, 5)
                .flatMap(items -> permutations(IntStream.range(0, items).boxed().toList()).stream()
                        .filter(order ->
                                !order.equals(IntStream.range(0, items).boxed().toList())));
    }

    private static List<List<Integer>> permutations(List<Integer> places) {
        if (places.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : places) {
            List<Integer> others = new ArrayList<>(places);
            others.remove(first);
            permutations(others)
                    .forEach(rest -> all.add(
                            Stream.concat(Stream.of(first), rest.stream()).toList()));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void everyExchangeOfPlacesThatIsTheSameInEachAnswerIsFound(List<Integer> order) {
        IntUnaryOperator exchanged = order::get;
        for (boolean ranking : new boolean[] {false, true}) {
            assertThat(problems(order.size(), (reference, texts) -> {
                        List<Integer> answered = texts.size() == 1 ? texts : placed(texts, exchanged);
                        return ranking ? logits(answered) : vectors(answered);
                    }))
                    .isNotEmpty();
        }
    }

    @Test
    void whatWasFoundSaysInWhichBatchAndWhere() {
        assertThat(problems(
                        3,
                        (reference, texts) ->
                                texts.size() == 1 ? logits(texts) : logits(placed(texts, i -> new int[] {1, 0, 2}[i]))))
                .contains("in the same batch rotated by one place, passage 1 got logit -2.000, before it got 0.000"
                        + " (within 0.25 expected)");
        assertThat(problems(
                        3,
                        (reference, texts) ->
                                texts.size() == 1 ? logits(texts) : logits(placed(texts, i -> (i + 1) % 3))))
                .containsExactly("alone, passage 0 got logit 0.000, before it got -1.000 (within 0.25 expected)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theSameVectorForAllTextsIsFound(int items) {
        assertThat(problems(
                        items,
                        (reference, texts) -> new Vectors(
                                texts.stream().map(text -> new float[] {1, 0}).toList())))
                .containsExactly("different texts got the same vector");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void logitsThatAreAll0AreFound(int items) {
        assertThat(problems(items, (reference, texts) -> new Logits(new double[texts.size()])))
                .containsExactly("different passages got the same logit 0.000");
    }

    @Test
    void aRequestOfOneTextHasTwoReferencesOfDifferentTexts() {
        assertThat(new References(1, true).planned())
                .containsExactly(new Reference(0, Arrangement.WHOLE), new Reference(1, Arrangement.WHOLE));
        assertThat(new References(2, true).planned())
                .containsExactly(
                        new Reference(0, Arrangement.WHOLE),
                        new Reference(0, Arrangement.ROTATED),
                        new Reference(0, Arrangement.FIRST_ALONE));
    }

    @Test
    void whatWasNotAnsweredRightlyIsUnknown() {
        References references = new References(3, true);
        assertThat(references.problems()).isEmpty();
        references.answered(new Reference(0, Arrangement.ROTATED), logits(Arrays.asList(0, 1, 2)));
        assertThat(references.problems()).as("nothing to compare with").isEmpty();
        assertThat(references.allAlike()).isEmpty();
    }
}
