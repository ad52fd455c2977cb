package nimload.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import nimload.plan.LoadPoint;

/**
 * One finished level: what was asked for and what came of it.
 *
 * @param machine how busy the load generator was
 */
public record LoadPointResult(LoadPoint point, LevelSamples samples, TokenCheck tokenCheck, ClientLoad machine) {
    /** Below this share of the requests asked for, the level is not the one that was asked for. */
    private static final double MIN_ACHIEVED = 0.9;

    /** Above this share of all cores, answers wait for the client. */
    private static final double CPU_SATURATED = 0.9;

    /** Texts of 300 and more tokens may be off by so much; shorter ones by nothing. */
    private static final double TOKEN_TOLERANCE = 0.01;

    private static final int EXACT_BELOW_TOKENS = 100;

    private static final double HIGHEST_PERCENTILE = 99;

    /** Requests that were sent and counted: successful and failed. */
    public long requests() {
        return samples.successes() + samples.errorCount();
    }

    /** Texts or pairs a second. */
    public OptionalDouble itemsPerSecond() {
        OptionalDouble rate = samples.requestsPerSecond();
        return rate.isPresent() ? OptionalDouble.of(rate.getAsDouble() * point.items()) : rate;
    }

    /** By the server's own count, as it gives it. */
    public OptionalDouble tokensPerSecond() {
        return samples.tokens().isPresent() && tokenCheck.verified()
                ? OptionalDouble.of(samples.tokens().getAsLong() / (samples.elapsedNanos() / 1e9))
                : OptionalDouble.empty();
    }

    /** Tokens of a text, or of a (query, passage) pair, by the server's own count; empty where that cannot be told. */
    public OptionalDouble measuredTokensPerItem() {
        if (samples.tokens().isEmpty() || !tokenCheck.verified()) {
            return OptionalDouble.empty();
        }
        double perRequest = (double) samples.tokens().getAsLong() / samples.successes();
        int once = tokenCheck.queryTokensOnce();
        return OptionalDouble.of((perRequest - once) / point.items() + once);
    }

    /** Why the numbers should not be quoted, each reason in one phrase; empty if they may. */
    public List<String> reasonsAgainst() {
        List<String> reasons = new ArrayList<>(failures());
        reasons.addAll(clientLimits());
        if (samples.errorCount() == 0
                && samples.percentileMillis(HIGHEST_PERCENTILE).isEmpty()) {
            reasons.add(format(
                    "too few samples for p99: %d of %d",
                    samples.successes(), LevelSamples.samplesNeeded(HIGHEST_PERCENTILE)));
        }
        return reasons;
    }

    /** Reasons that lie with the target or its answers. */
    public List<String> failures() {
        List<String> reasons = new ArrayList<>();
        if (samples.errorCount() > 0) {
            reasons.add(
                    format("%d of %d requests failed: %s", samples.errorCount(), requests(), kinds(samples.errors())));
        } else if (samples.successes() == 0) {
            reasons.add("no request was answered");
        }
        if (!samples.warmUpErrors().isEmpty()) {
            reasons.add("requests of the warm-up failed: " + kinds(samples.warmUpErrors()));
        }
        measuredTokensPerItem().ifPresent(measured -> {
            double off = Math.abs(measured - tokenCheck.expectedPerItem());
            double allowed = tokenCheck.expectedPerItem() < EXACT_BELOW_TOKENS
                    ? 1e-9
                    : TOKEN_TOLERANCE * tokenCheck.expectedPerItem();
            if (off > allowed) {
                reasons.add(format("tokens off: %.1f instead of %d", measured, tokenCheck.expectedPerItem()));
            }
        });
        return reasons;
    }

    /** Reasons that lie with the load generator. */
    public List<String> clientLimits() {
        List<String> reasons = new ArrayList<>();
        samples.achievedConcurrency().ifPresent(achieved -> {
            if (achieved < MIN_ACHIEVED * point.concurrency()) {
                String inFlight = format("%.2f of %d in flight", achieved, point.concurrency());
                reasons.add(
                        gapExplains(achieved)
                                ? format(
                                        "client-limited: %s; %.2f ms between answer and next send",
                                        inFlight, samples.meanGapNanos().getAsLong() / 1e6)
                                : "too short: " + inFlight + " while the last answers came in; lengthen nim.duration");
            }
        });
        machine.machineCpu().ifPresent(busy -> {
            if (busy > CPU_SATURATED) {
                reasons.add(format("client's CPU saturated: %.0f %% busy", 100 * busy));
            }
        });
        return reasons;
    }

    /** Whether the gap between answers and next sends accounts for at least half of what is missing in flight. */
    private boolean gapExplains(double achieved) {
        if (samples.meanGapNanos().isEmpty() || samples.meanMillis().isEmpty()) {
            return false;
        }
        double gapMillis = samples.meanGapNanos().getAsLong() / 1e6;
        double missing = 1 - achieved / point.concurrency();
        return gapMillis / (gapMillis + samples.meanMillis().getAsDouble()) >= missing / 2;
    }

    private static String kinds(Map<String, Long> errors) {
        return errors.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(error -> error.getKey() + " ×" + error.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
