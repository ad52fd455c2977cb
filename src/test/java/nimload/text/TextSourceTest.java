package nimload.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextSourceTest {
    private static final List<String> WORDS = CommonWords.load();

    @Property(tries = 300)
    void aTextHasTheRequestedNumberOfWordsAndTheSameSeedDrawsItAgain(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int tokens) {
        TextSource texts = new TextSource(WORDS, seed);
        TextSource again = new TextSource(WORDS, seed);
        for (int i = 0; i < 3; i++) {
            String text = texts.next(tokens);
            assertThat(text.split(" ", -1)).hasSize(tokens).isSubsetOf(WORDS);
            assertThat(again.next(tokens)).isEqualTo(text);
        }
    }

    @Test
    void ofTheShortestLevelsTexts256OfOneSeedAreDifferent() {
        TextSource texts = new TextSource(WORDS, 1);
        Set<String> different = new HashSet<>();
        for (int i = 0; i < 1024; i++) {
            different.add(texts.next(8 - 4));
        }
        assertThat(different).hasSizeGreaterThan(1000);
    }

    @Test
    void anotherSeedDrawsOtherTexts() {
        assertThat(new TextSource(WORDS, 1).next(16)).isNotEqualTo(new TextSource(WORDS, 2).next(16));
    }

    @Test
    void aTextWithoutWordsIsRefused() {
        assertThatThrownBy(() -> new TextSource(WORDS, 1).next(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a text of 0 tokens; ask for at least 1");
    }
}
