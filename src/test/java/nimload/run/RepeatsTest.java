package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private final Repeats repeats = new Repeats();

    private static Fingerprint answer(int number) {
        return new Fingerprint.Logits(new double[] {number});
    }

    private void measured(int count) {
        IntStream.range(0, count).forEach(number -> repeats.first(number, answer(number)));
    }

    private List<Integer> all() {
        List<Integer> numbers = new ArrayList<>();
        for (OptionalInt next = repeats.next(); next.isPresent(); next = repeats.next()) {
            numbers.add(next.getAsInt());
        }
        return numbers;
    }

    @Test
    void everyBeginningOfTheOrderIsSpreadOverTheWindow() {
        measured(16);
        assertThat(all()).containsExactly(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
    }

    @Test
    void eachOf8192BodiesComesOnce() {
        measured(8192);
        assertThat(all()).hasSize(8192).doesNotHaveDuplicates();
    }

    @Test
    void ofMoreThan8192EveryOtherIsKept() {
        measured(8193);
        assertThat(all().stream().sorted())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, 4096).mapToObj(i -> 2 * i).toList());
    }

    @Test
    void ofAnyNumber4096To8192AreKeptEvenlyToTheEnd() {
        measured(50_000);
        List<Integer> sorted = all().stream().sorted().toList();
        assertThat(sorted).hasSizeBetween(4096, 8192);
        int step = sorted.get(1) - sorted.get(0);
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i) - sorted.get(i - 1)).isEqualTo(step);
        }
        assertThat(sorted.get(0)).isZero();
        assertThat(sorted.get(sorted.size() - 1)).isGreaterThanOrEqualTo(50_000 - step);
    }

    @Test
    void somethingIsLeftUntilTheLastWasGiven() {
        assertThat(repeats.anyLeft()).isFalse();
        measured(2);
        assertThat(repeats.anyLeft()).isTrue();
        repeats.next();
        assertThat(repeats.anyLeft()).isTrue();
        repeats.next();
        assertThat(repeats.anyLeft()).isFalse();
        assertThat(repeats.next()).isEmpty();
    }

    @Test
    void anAnswerThatDiffersFromTheFirstToItsBodyIsFoundAndCounted() {
        measured(3);
        assertThat(repeats.differenceFrom(1, answer(1))).isEmpty();
        assertThat(repeats.differenceFrom(2, answer(1)))
                .contains("passage 0 got logit 1.000, the first time 2.000 (within 0.25 expected)");
        assertThat(repeats.seen().compared()).isEqualTo(2);
        assertThat(repeats.seen().differing()).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutAFirstOneIsNotCompared() {
        assertThat(repeats.differenceFrom(7, answer(7))).isEmpty();
        assertThat(repeats.seen().compared()).isZero();
    }

    @Test
    void latenciesAreInWholeMicroseconds() {
        repeats.answered(1_499);
        repeats.answered(1_500);
        assertThat(repeats.seen().latencyMicros().getMinValue()).isEqualTo(1);
        assertThat(repeats.seen().latencyMicros().getMaxValue()).isEqualTo(2);
    }
}
