package nimload.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import nimload.plan.Setting;
import nimload.results.Arrivals;
import nimload.results.Capacity;
import nimload.results.Capacity.Recovery;
import nimload.results.Interruptions;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunResults;

/** A search's answer in words. */
public final class SearchWords {
    /** Response times this many times the latency from the real send are worth a sentence. */
    private static final double HIDES_MUCH = 1.5;

    private static final List<Percentile> TAIL = List.of(Percentile.P99, Percentile.P95);

    private SearchWords() {}

    /** {@code query, 20 tokens, 1 text: at least 812 and at most 836 queries/s at p95 ≤ 20 ms (95 %); latency broke first.} */
    public static String sentence(Capacity search) {
        return search.point().shape().description() + ": " + readable(search.sentence()) + ".";
    }

    /** The same without the shape: {@code At least 812 and at most …}. */
    static String answer(Capacity search) {
        String words = readable(search.sentence());
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private static String readable(String text) {
        return text.replace("<=", "≤");
    }

    /** {@code 96/s} or {@code 8 users}. */
    static String load(Capacity search, double load) {
        return search.byConcurrency() ? HeadlineWords.users((int) Math.round(load)) : NumberText.exact(load) + "/s";
    }

    /** What the answers of a run's searches mean and what came with them, a sentence each. */
    public static List<String> remarks(RunResults run) {
        Set<String> remarks = new LinkedHashSet<>();
        run.capacity().forEach(search -> remarks.add(meaning(search)));
        run.capacity()
                .forEach(search -> remarks(run, search)
                        .forEach(remark -> remarks.add(
                                run.capacity().size() == 1
                                        ? remark
                                        : search.point().shape().description() + ": " + remark)));
        return List.copyOf(remarks);
    }

    private static List<String> remarks(RunResults run, Capacity search) {
        List<String> remarks = new ArrayList<>();
        if (!run.info().settings().containsKey(Setting.CAPACITY_LIMIT.property())) {
            remarks.add("No limit was given, so this one held: " + readable(String.join(" and ", search.limits()))
                    + ", the default for " + search.point().workload().key() + "; nim.capacity.limit sets yours.");
        }
        search.recoveries().forEach(recovery -> remarks.add(recovery(search, recovery)));
        run.levels().stream()
                .filter(level -> search.covers(level.point()))
                .flatMap(level -> Hidden.of(level).stream())
                .max(Comparator.comparingDouble(Hidden::millis))
                .ifPresent(hidden -> remarks.add(hidden.sentence(search)));
        return remarks;
    }

    /** What a search's numbers are, for all of them. */
    private static String meaning(Capacity search) {
        return search.byConcurrency()
                ? "Each user sends again after its answer, so a slow answer delays the next request: for arrivals that"
                        + " do not wait, search the rate."
                : "Requests arrive at a rate whatever the answers do, and response time counts from the intended send:"
                        + " waiting that a slow answer causes others is in it.";
    }

    private static String recovery(Capacity search, Recovery recovery) {
        String collapsed = "The target collapsed at " + load(search, recovery.load()) + ": ";
        return recovery.seconds().isPresent()
                ? collapsed + "a single request was answered in time again "
                        + NumberText.of(recovery.seconds().getAsDouble(), 1) + " s after the load ended."
                : collapsed + "no single request was answered in time for " + NumberText.of(recovery.waitedSeconds(), 0)
                        + " s after the load ended.";
    }

    /** A percentile of which the latency from the real send shows a part only. */
    private record Hidden(LevelResults level, Percentile percentile, double latency, double response) {
        static Optional<Hidden> of(LevelResults level) {
            return TAIL.stream()
                    .flatMap(percentile -> of(level, percentile).stream())
                    .filter(hidden -> hidden.response > HIDES_MUCH * hidden.latency)
                    .findFirst();
        }

        private static Optional<Hidden> of(LevelResults level, Percentile percentile) {
            Latency response = level.response();
            OptionalDouble latency = level.percentile(percentile);
            return response.at(percentile).isPresent() && latency.isPresent()
                    ? Optional.of(new Hidden(
                            level,
                            percentile,
                            latency.getAsDouble(),
                            response.at(percentile).getAsDouble()))
                    : Optional.empty();
        }

        double millis() {
            return response - latency;
        }

        String sentence(Capacity search) {
            return "At " + SearchWords.load(search, search.loadOf(level.point())) + " " + percentile.key()
                    + " counted from the real send is " + NumberText.of(latency, 3) + " ms, from the intended one "
                    + NumberText.of(response, 3) + " ms: " + cause() + ".";
        }

        private String cause() {
            int waiting =
                    level.throughput().arrivals().map(Arrivals::mostWaiting).orElse(0);
            if (waiting == 0) {
                return "this client sent late";
            }
            OptionalDouble silence = level.evidence()
                    .interruptions()
                    .map(Interruptions::longestSilenceMs)
                    .orElse(OptionalDouble.empty());
            if (silence.isPresent() && silence.getAsDouble() > millis() / 2) {
                return "nothing was answered for " + NumberText.of(silence.getAsDouble(), 0)
                        + " ms, and requests waited to be sent";
            }
            return "up to " + waiting + " requests waited to be sent, because " + level.concurrency()
                    + " were in flight, the most allowed";
        }
    }
}
