package nimload.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Learns from a few requests what words cost on a target.
 *
 * <p>A word that is repeated tells the cost of a word (the slope) and what is added to a text (the rest). Then groups of
 * different words are sent: since no word costs less than one token, a group of n words that costs n proves that each of
 * them costs one. A group that costs more is split until the expensive words stand alone. The candidates are asked in
 * their order, so the likely cheap ones, the short ones, come first.
 */
public final class TokenLearning {
    /** Words a group, and so words that one request proves where all of them are cheap. */
    private static final int GROUP = 48;

    /** As many as keep two texts of the shortest level from being alike; more would only cost requests. */
    private static final int ENOUGH_WORDS = 384;

    /** Fewer different words than this would make texts too much alike. */
    private static final int MIN_WORDS = 64;

    /** Bounds the splitting on a target whose tokenizer finds many words expensive. */
    private static final int MAX_REQUESTS = 60;

    /** The specials of the models of the published grid: start, end and the prefix of two tokens. */
    private static final int ASSUMED_TEXT_OVERHEAD = 4;

    private static final int ASSUMED_PAIR_OVERHEAD = 8;

    private final List<String> candidates;
    private int requests;

    private TokenLearning(List<String> candidates) {
        this.candidates = candidates;
    }

    /** How a server's {@code usage} of a ranking moves with the lengths of query and passages. */
    public enum PairCounting {
        /** Every pair is counted whole: the query once for each passage. */
        WHOLE_PAIRS,
        /** The query is counted once a request, however many passages there are. */
        QUERY_ONCE,
        /** There is no usage, or it does not move as one of the above. */
        UNKNOWN
    }

    /**
     * @param costs of query and passage words, and what is added to a pair
     * @param counting how to read {@code usage}
     */
    public record PairCosts(TokenCosts costs, PairCounting counting) {}

    /** Of texts that are embedded. */
    public static TokenCosts ofTexts(List<String> candidates, UsageProbe probe) {
        TokenLearning learning = new TokenLearning(candidates);
        return learning.learn(probe).orElseGet(() -> new TokenCosts(ASSUMED_TEXT_OVERHEAD, candidates, false));
    }

    /** Of (query, passage) pairs. */
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
        // With one passage both ways of counting see the same pair.
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
