package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {
    private static List<Share> all(int of) {
        return IntStream.rangeClosed(1, of)
                .mapToObj(number -> new Share(number, of))
                .toList();
    }

    @Test
    void usersOfAllGeneratorsAddUpAndDifferByOneAtMost() {
        for (int of = 1; of <= 9; of++) {
            for (int users = 0; users <= 40; users++) {
                int level = users;
                List<Integer> parts =
                        all(of).stream().map(share -> share.users(level)).toList();
                assertThat(parts.stream().mapToInt(part -> part).sum()).isEqualTo(users);
                assertThat(parts.get(0) - parts.get(of - 1)).isBetween(0, 1);
                assertThat(parts).isSortedAccordingTo((one, next) -> next - one);
                assertThat(all(of))
                        .allSatisfy(share -> assertThat(share.usersBefore(level))
                                .isEqualTo(parts.subList(0, share.number() - 1).stream()
                                        .mapToInt(part -> part)
                                        .sum()));
            }
        }
    }

    @Test
    void sevenUsersOnThreeGeneratorsAre3And2And2() {
        assertThat(all(3).stream().map(share -> share.users(7))).containsExactly(3, 2, 2);
        assertThat(all(3).stream().map(share -> share.users(1))).containsExactly(1, 0, 0);
    }

    @Test
    void ratesOfAllGeneratorsAddUp() {
        assertThat(all(7).stream().mapToDouble(share -> share.rate(100)).sum()).isEqualTo(100, within(1e-9));
    }

    @Test
    void noTextHasTwoGeneratorsAndNoneIsLeftOut() {
        assertThat(all(3).stream()
                        .flatMap(share -> IntStream.range(0, 5).mapToObj(share::text))
                        .sorted())
                .containsExactlyElementsOf(LongStream.range(0, 15).boxed().toList());
        assertThat(new Share(3, 3).text(Integer.MAX_VALUE)).isEqualTo(3L * Integer.MAX_VALUE + 2);
    }

    @Test
    void theOnlyGeneratorHasTheWhole() {
        assertThat(Share.WHOLE.several()).isFalse();
        assertThat(Share.WHOLE.users(15)).isEqualTo(15);
        assertThat(Share.WHOLE.rate(0.5)).isEqualTo(0.5);
        assertThat(Share.WHOLE.text(4711)).isEqualTo(4711);
        assertThat(Share.WHOLE.seed(-7)).isEqualTo(-7);
    }

    @Test
    void eachGeneratorDrawsWithAnotherSeed() {
        assertThat(all(8).stream().map(share -> share.seed(7)).distinct()).hasSize(8);
    }

    @Test
    void itsTextIsReadBack() {
        assertThat(Share.of("2/8")).isEqualTo(new Share(2, 8));
        assertThat(Share.of(new Share(1000, 1000).text())).isEqualTo(new Share(1000, 1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/2", "3/2", "1/1001", "1", "1/", "/2", "-1/2", "1/2/3", "1 /2", "one/two"})
    void whatIsNoGeneratorIsRefused(String text) {
        assertThatThrownBy(() -> Share.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-3.2/0.8ms", "0/0ms", "12/1.25ms"})
    void anOffsetOfAClockIsReadBack(String text) {
        assertThat(ClockOffset.of(text).text()).isEqualTo(text);
    }
}
