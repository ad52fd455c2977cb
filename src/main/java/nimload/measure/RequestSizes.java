package nimload.measure;

import java.util.List;
import java.util.Optional;
import nimload.results.Percentile;
import nimload.results.TokenLengths;
import org.HdrHistogram.Histogram;

/**
 * How large the counted requests with right answers were.
 *
 * @param items texts or pairs in all of them
 * @param plannedTokens as they were built, in all of them; 0 where that was not planned
 * @param mostItems in one of them
 * @param tokens of each request as the server counted them; packed
 * @param requestBytes of all their bodies
 * @param answerBytes of the bodies of all their answers
 */
public record RequestSizes(
        long items, long plannedTokens, int mostItems, Histogram tokens, long requestBytes, long answerBytes) {

    static RequestSizes together(List<RequestSizes> runs) {
        Histogram tokens = new Histogram(runs.get(0).tokens.getNumberOfSignificantValueDigits());
        runs.forEach(run -> tokens.add(run.tokens));
        return new RequestSizes(
                runs.stream().mapToLong(RequestSizes::items).sum(),
                runs.stream().mapToLong(RequestSizes::plannedTokens).sum(),
                runs.stream().mapToInt(RequestSizes::mostItems).max().orElse(0),
                LevelSamples.packed(tokens),
                runs.stream().mapToLong(RequestSizes::requestBytes).sum(),
                runs.stream().mapToLong(RequestSizes::answerBytes).sum());
    }

    /** Lengths of single texts where each request had one, else of whole requests; empty where the server counts none. */
    Optional<TokenLengths> lengths(String item) {
        return tokens.getTotalCount() == 0
                ? Optional.empty()
                : Optional.of(new TokenLengths(
                        mostItems == 1 ? item : "request",
                        Percentiles.value(tokens, Percentile.P50),
                        Percentiles.value(tokens, Percentile.P95),
                        tokens.getMaxValue()));
    }
}
