package nimload.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Learns from a few requests how many tokens words cost on a target.
 *
 * <p>Repeating one word gives the cost per word (the slope) and the overhead per text (the intercept). Then it sends
 * groups of different words: no word costs less than one token, so a group of n words that costs n tokens proves that
 * each costs one. A group that costs more is split until the expensive words stand alone. Candidates are tried in
 * order, so put the likely cheap ones, the short ones, first.
 */
public final class TokenLearning {
    /** Words per group: one request proves all of them if each costs one token. */
    private static final int GROUP = 48;

    /** Enough to keep the texts of the shortest level different; more would only cost requests. */
    private static final int ENOUGH_WORDS = 384;

    /** With fewer words, texts would be too much alike. */
    private static final int MIN_WORDS = 64;

    /** Bounds the splitting where the tokenizer finds many words expensive. */
    private static final int MAX_REQUESTS = 60;

    /** Special tokens of the models in the published grid: start, end and a prefix of two tokens. */
    private static final int ASSUMED_TEXT_OVERHEAD = 4;

    private static final int ASSUMED_PAIR_OVERHEAD = 8;

    private final List<String> candidates;
    private int requests;

    private TokenLearning(List<String> candidates) {
        this.candidates = candidates;
    }

    /** How a server's {@code usage} of a ranking grows with the lengths of query and passages. */
    public enum PairCounting {
        /** Every pair counts in full: the query once per passage. */
        WHOLE_PAIRS,
        /** The query counts once per request, whatever the number of passages. */
        QUERY_ONCE,
        /** There is no usage, or it grows in neither of these ways. */
        UNKNOWN
    }

    /**
     * @param costs of query and passage words, with the overhead per pair
     * @param counting how to read {@code usage}
     */
    public record PairCosts(TokenCosts costs, PairCounting counting) {}

    /** What texts to embed cost; unverified if the server's count cannot confirm it. */
    public static TokenCosts ofTexts(List<String> candidates, UsageProbe probe) {
        TokenLearning learning = new TokenLearning(candidates);
        return learning.learn(probe).orElseGet(() -> new TokenCosts(ASSUMED_TEXT_OVERHEAD, candidates, false));
    }

    /** What (query, passage) pairs cost; unverified if the server's count cannot confirm it. */
    public static PairCosts ofPairs(List<String> candidates, PairUsageProbe probe) {
        String word = candidates.get(0);
        OptionalLong short1 = probe.tokens(repeat(word, 10), List.of(repeat(word, 10)));
        OptionalLong long1 = probe.tokens(repeat(word, 30), List.of(repeat(word, 10)));
        List<String> four = Collections.nCopies(4, repeat(word, 10));
        OptionalLong short4 = probe.tokens(repeat(word, 10), four);
        OptionalLong long4 = probe.tokens(repeat(word, 30), four);
        PairCounting counting = PairCounting.UNKNOWN;
        if (short1.isPresent() && long1.isPresent() && short4.isPresent() && long4.isPresent()) {
            long one = long1.getAsLong() - short1.getAsLong();
            long ofFour = long4.getAsLong() - short4.getAsLong();
            if (one > 0 && ofFour == 4 * one) {
                counting = PairCounting.WHOLE_PAIRS;
            } else if (one > 0 && ofFour == one) {
                counting = PairCounting.QUERY_ONCE;
            }
        }
        if (counting == PairCounting.UNKNOWN) {
            return unknownPairs(candidates);
        }
        // With one passage both ways of counting give the same.
        String query = repeat(word, 10);
        TokenLearning learning = new TokenLearning(candidates);
        PairCounting learned = counting;
        return learning.learn(passage -> probe.tokens(query, List.of(passage)))
                .map(costs -> new TokenCosts(costs.overhead() - 10, costs.words(), true))
                .map(costs -> new PairCosts(costs, learned))
                .orElseGet(() -> unknownPairs(candidates));
    }

    private static PairCosts unknownPairs(List<String> candidates) {
        return new PairCosts(new TokenCosts(ASSUMED_PAIR_OVERHEAD, candidates, false), PairCounting.UNKNOWN);
    }

    private Optional<TokenCosts> learn(UsageProbe probe) {
        for (String word : candidates.subList(0, Math.min(8, candidates.size()))) {
            OptionalLong ten = ask(probe, repeat(word, 10));
            OptionalLong twenty = ask(probe, repeat(word, 20));
            OptionalLong forty = ask(probe, repeat(word, 40));
            if (ten.isEmpty() || twenty.isEmpty() || forty.isEmpty()) {
                return Optional.empty();
            }
            boolean oneTokenAWord = twenty.getAsLong() - ten.getAsLong() == 10
                    && forty.getAsLong() - twenty.getAsLong() == 20
                    && ten.getAsLong() >= 10;
            if (oneTokenAWord) {
                int overhead = Math.toIntExact(ten.getAsLong() - 10);
                List<String> words = oneTokenWords(probe, overhead);
                return words.size() < MIN_WORDS ? Optional.empty() : Optional.of(new TokenCosts(overhead, words, true));
            }
        }
        return Optional.empty();
    }

    private List<String> oneTokenWords(UsageProbe probe, int overhead) {
        List<String> words = new ArrayList<>();
        for (int from = 0; from < candidates.size() && words.size() < ENOUGH_WORDS; from += GROUP) {
            words.addAll(oneTokenWords(
                    probe, overhead, candidates.subList(from, Math.min(from + GROUP, candidates.size()))));
        }
        return words;
    }

    private List<String> oneTokenWords(UsageProbe probe, int overhead, List<String> group) {
        if (requests >= MAX_REQUESTS) {
            return List.of();
        }
        OptionalLong counted = ask(probe, String.join(" ", group));
        if (counted.isPresent() && counted.getAsLong() == overhead + group.size()) {
            return group;
        }
        if (counted.isEmpty() || group.size() == 1) {
            return List.of();
        }
        List<String> words = new ArrayList<>(oneTokenWords(probe, overhead, group.subList(0, group.size() / 2)));
        words.addAll(oneTokenWords(probe, overhead, group.subList(group.size() / 2, group.size())));
        return words;
    }

    private OptionalLong ask(UsageProbe probe, String text) {
        requests++;
        return probe.tokens(text);
    }

    private static String repeat(String word, int times) {
        return String.join(" ", Collections.nCopies(times, word));
    }
}
