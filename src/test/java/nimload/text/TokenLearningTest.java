package nimload.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.text.TokenLearning.PairCosts;
import nimload.text.TokenLearning.PairCounting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLearningTest {
    private static final List<String> WORDS = CommonWords.load();

    /** A server's token count as a function of the text, with a count of requests. */
    private static final class Server {
        private final ToLongFunction<String> tokenizer;
        private int requests;

        Server(ToLongFunction<String> tokenizer) {
            this.tokenizer = tokenizer;
        }

        OptionalLong tokens(String text) {
            requests++;
            return OptionalLong.of(tokenizer.applyAsLong(text));
        }
    }

    private static long words(String text) {
        return text.split(" ").length;
    }

    /** One token per word of up to eight letters, and one more per further letter. */
    private static long pieces(String text) {
        return Stream.of(text.split(" "))
                .mapToLong(word -> 1 + Math.max(0, word.length() - 8))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void theSpecialsAreFoundWhereEveryWordIsOneToken(int specials) {
        Server server = new Server(text -> specials + words(text));
        TokenCosts costs = TokenLearning.ofTexts(WORDS, server::tokens);
        assertThat(costs.overhead()).isEqualTo(specials);
        assertThat(costs.verified()).isTrue();
        assertThat(costs.words())
                .hasSizeGreaterThanOrEqualTo(256)
                .isSubsetOf(WORDS)
                .doesNotHaveDuplicates();
        assertThat(server.requests).isLessThanOrEqualTo(75);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void wordsThatCostMoreThanOneTokenAreLeftOut(int specials) {
        List<String> longOnesAmongThem = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            longOnesAmongThem.add(WORDS.get(i));
            if (i % 40 == 7) {
                longOnesAmongThem.add("incomprehensible" + i);
            }
        }
        Server server = new Server(text -> specials + pieces(text));
        TokenCosts costs = TokenLearning.ofTexts(longOnesAmongThem, server::tokens);
        assertThat(costs.overhead()).isEqualTo(specials);
        assertThat(costs.verified()).isTrue();
        assertThat(costs.words())
                .hasSizeGreaterThanOrEqualTo(64)
                .allSatisfy(word -> assertThat(word.length()).isLessThanOrEqualTo(8));
        assertThat(server.requests).isLessThanOrEqualTo(75);
    }

    @Test
    void aTextOfLearntWordsCostsWhatWasLearnt() {
        Server server = new Server(text -> 4 + pieces(text));
        TokenCosts costs = TokenLearning.ofTexts(WORDS, server::tokens);
        TextSource texts = new TextSource(costs.words(), 1);
        for (int tokens : List.of(20, 300, 512)) {
            assertThat(4 + pieces(texts.next(tokens - costs.overhead()))).isEqualTo(tokens);
        }
    }

    @Test
    void aFirstWordThatIsExpensiveDoesNotMislead() {
        List<String> candidates = new ArrayList<>(List.of("incomprehensible", "uncharacteristic"));
        candidates.addAll(WORDS);
        Server server = new Server(text -> 2 + pieces(text));
        TokenCosts costs = TokenLearning.ofTexts(candidates, server::tokens);
        assertThat(costs.overhead()).isEqualTo(2);
        assertThat(costs.verified()).isTrue();
        assertThat(costs.words()).doesNotContain("incomprehensible", "uncharacteristic");
        assertThat(server.requests).isLessThanOrEqualTo(75);
    }

    @Test
    void aTokenizerThatFindsMostWordsExpensiveEndsAfter60Requests() {
        List<String> mostlyExpensive = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            mostlyExpensive.add(i % 3 == 0 ? WORDS.get(i) : "incomprehensible" + i);
        }
        Server server = new Server(text -> 2 + pieces(text));
        TokenCosts costs = TokenLearning.ofTexts(mostlyExpensive, server::tokens);
        assertThat(server.requests).isEqualTo(60);
        assertThat(costs).isEqualTo(new TokenCosts(4, mostlyExpensive, false));
    }

    @Test
    void theSmallestVocabularyIs64Words() {
        List<String> enough = WORDS.subList(0, 64);
        assertThat(TokenLearning.ofTexts(enough, new Server(text -> 2 + words(text))::tokens))
                .isEqualTo(new TokenCosts(2, enough, true));
        List<String> tooFew = WORDS.subList(0, 63);
        assertThat(TokenLearning.ofTexts(tooFew, new Server(text -> 2 + words(text))::tokens))
                .isEqualTo(new TokenCosts(4, tooFew, false));
    }

    /** Three requests for the first word, then one for each group of 48. */
    @Test
    void learningStopsAt384WordsOrAtTheLastCandidate() {
        Server server = new Server(text -> 2 + words(text));
        assertThat(TokenLearning.ofTexts(WORDS, server::tokens).words()).isEqualTo(WORDS.subList(0, 384));
        assertThat(server.requests).isEqualTo(3 + 8);
        Server ofTwoGroups = new Server(text -> 2 + words(text));
        assertThat(TokenLearning.ofTexts(WORDS.subList(0, 96), ofTwoGroups::tokens)
                        .words())
                .isEqualTo(WORDS.subList(0, 96));
        assertThat(ofTwoGroups.requests).isEqualTo(3 + 2);
    }

    /** A count that stops at 32 tokens: 20 words look right, and so would every group of 24. */
    @Test
    void usageThatStopsCountingIsUnverified() {
        Server server = new Server(text -> Math.min(32, 2 + words(text)));
        assertThat(TokenLearning.ofTexts(WORDS, server::tokens)).isEqualTo(new TokenCosts(4, WORDS, false));
    }

    @Test
    void absentUsageIsUnverified() {
        List<String> asked = new ArrayList<>();
        TokenCosts costs = TokenLearning.ofTexts(WORDS, text -> {
            asked.add(text);
            return OptionalLong.empty();
        });
        assertThat(costs).isEqualTo(new TokenCosts(4, WORDS, false));
        assertThat(asked).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void usageThatDoesNotGrowWithTheTextIsUnverified() {
        Server server = new Server(text -> 7);
        assertThat(TokenLearning.ofTexts(WORDS, server::tokens)).isEqualTo(new TokenCosts(4, WORDS, false));
        assertThat(server.requests).isLessThanOrEqualTo(75);
    }

    @Test
    void usageThatCountsCharactersIsUnverified() {
        Server server = new Server(String::length);
        assertThat(TokenLearning.ofTexts(WORDS, server::tokens)).isEqualTo(new TokenCosts(4, WORDS, false));
        assertThat(server.requests).isLessThanOrEqualTo(75);
    }

    @Test
    void usageThatCountsFewerTokensThanWordsIsUnverified() {
        Server server = new Server(text -> words(text) - 3);
        assertThat(TokenLearning.ofTexts(WORDS, server::tokens)).isEqualTo(new TokenCosts(4, WORDS, false));
    }

    /** How a server may count a query and its passages. */
    private interface PairTokenizer {
        long tokens(String query, List<String> passages);
    }

    private static PairCosts learn(PairTokenizer tokenizer) {
        List<String> asked = new ArrayList<>();
        PairCosts costs = TokenLearning.ofPairs(WORDS, (query, passages) -> {
            asked.add(query);
            return OptionalLong.of(tokenizer.tokens(query, passages));
        });
        assertThat(asked).hasSizeLessThanOrEqualTo(75);
        return costs;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 8})
    void pairsCountedInFullAreRecognised(int specials) {
        PairCosts costs = learn((query, passages) -> passages.stream()
                .mapToLong(passage -> specials + pieces(query) + pieces(passage))
                .sum());
        assertThat(costs.counting()).isEqualTo(PairCounting.WHOLE_PAIRS);
        assertThat(costs.costs().overhead()).isEqualTo(specials);
        assertThat(costs.costs().verified()).isTrue();
        assertThat(costs.costs().words()).hasSizeGreaterThanOrEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 8})
    void aQueryCountedOncePerRequestIsRecognised(int specials) {
        PairCosts costs = learn((query, passages) -> pieces(query)
                + passages.stream()
                        .mapToLong(passage -> specials + pieces(passage))
                        .sum());
        assertThat(costs.counting()).isEqualTo(PairCounting.QUERY_ONCE);
        assertThat(costs.costs().overhead()).isEqualTo(specials);
        assertThat(costs.costs().verified()).isTrue();
    }

    @Test
    void pairUsageThatIsConstantAbsentOrWithoutTheQueryIsUnknown() {
        PairCosts unknown = new PairCosts(new TokenCosts(8, WORDS, false), PairCounting.UNKNOWN);
        assertThat(learn((query, passages) -> 7)).isEqualTo(unknown);
        assertThat(learn((query, passages) ->
                        passages.stream().mapToLong(TokenLearningTest::pieces).sum()))
                .isEqualTo(unknown);
        assertThat(TokenLearning.ofPairs(WORDS, (query, passages) -> OptionalLong.empty()))
                .isEqualTo(unknown);
    }

    @Test
    void pairUsageThatIgnoresThePassageIsUnknown() {
        assertThat(learn((query, passages) -> passages.size() * pieces(query)))
                .isEqualTo(new PairCosts(new TokenCosts(8, WORDS, false), PairCounting.UNKNOWN));
    }

    @Test
    void theCommonWordsAreDifferentLowerCaseAndTheShortOnesFirst() {
        assertThat(CommonWords.load())
                .isEqualTo(WORDS)
                .hasSizeGreaterThanOrEqualTo(384)
                .doesNotHaveDuplicates()
                .allSatisfy(word -> assertThat(word).matches("[a-z]+"));
        assertThat(IntStream.range(0, WORDS.size()).mapToObj(i -> WORDS.get(i).length()))
                .isEqualTo(WORDS.stream().map(String::length).sorted().toList());
    }

    @Test
    void repeatedWordsAloneDoNotProveThatOthersAreCheap() {
        List<String> oneCheapWord = new ArrayList<>(List.of("act"));
        oneCheapWord.addAll(Collections.nCopies(500, "incomprehensible"));
        Server server = new Server(text -> 2 + pieces(text));
        assertThat(TokenLearning.ofTexts(oneCheapWord, server::tokens).verified())
                .isFalse();
    }
}
