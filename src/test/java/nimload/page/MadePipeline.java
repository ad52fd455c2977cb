package nimload.page;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.Pipeline;
import nimload.results.RunResults;
import nimload.results.Searches;
import nimload.results.Searches.Part;
import nimload.statistics.Interval;

/** Searches that nobody ran. */
public final class MadePipeline {
    private MadePipeline() {}

    private static Latency latency(double millis) {
        return new Latency(
                OptionalDouble.of(millis),
                OptionalDouble.empty(),
                OptionalDouble.of(millis / 2),
                OptionalDouble.of(millis * 2),
                Map.of(
                        Percentile.P95,
                        new Estimate(millis * 1.5, Optional.of(Interval.of(millis * 1.5 - 3, millis * 1.5 + 4)))));
    }

    static Searches searches(String ingestion, double embedding, List<String> reasons) {
        return new Searches(
                ingestion.equals("off") ? "ingestion off" : "ingestion on",
                ingestion,
                120,
                0,
                OptionalDouble.of(2),
                latency(embedding + 95.5),
                Optional.empty(),
                List.of(
                        new Part(Searches.EMBEDDING, latency(embedding), Optional.of(new Searches.Service(3, 1, 0.2))),
                        new Part(Searches.SEARCH, latency(5), Optional.empty()),
                        new Part(Searches.RERANKING, latency(90), Optional.empty()),
                        new Part(Searches.GAPS, latency(0.5), Optional.empty())),
                latency(0.1),
                reasons,
                Optional.empty());
    }

    /** The searches' queries. */
    private static LevelResults query(String during, double p95) {
        return new Made.Level(new LoadPoint(Workload.QUERY, 128, 0, 1, 0)
                        .at(Load.poisson(2))
                        .during(during))
                .requestsPerSecond(2)
                .arrivals(Map.of(Percentile.P95, Made.Level.estimate(p95, 1)), 0)
                .results();
    }

    static RunResults run(List<Searches> levels) {
        return Made.run(List.of(query("ingestion off", 4), query("ingestion on", 34)))
                .withPipeline(Optional.of(Pipeline.of("2/s poisson", "5ms", levels)));
    }

    /** Without ingestion, then with it, which may not be quoted. */
    public static RunResults both() {
        return run(List.of(searches("off", 4, List.of()), searches("1/s constant", 34, List.of("passage: slow"))));
    }
}
