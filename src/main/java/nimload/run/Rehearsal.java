package nimload.run;

import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import nimload.emulator.EmbeddedNim;
import nimload.nim.Routes;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * Levels against a loopback server that answers at once: a few thousand requests of the largest shape of each workload,
 * so that the client's code is compiled before anything is measured. Cold, it adds twice as much to each latency.
 */
final class Rehearsal {
    /** The first pass makes code hot, the second runs what was compiled, and what of it was compiled wrongly again. */
    private static final int PASSES = 2;

    private static final Duration WARM_UP = Duration.ofMillis(300);
    private static final Duration EACH = Duration.ofSeconds(1);

    /** As many requests at once as keep two cores busy without a queue. */
    private static final int CONCURRENCY = 2;

    private Rehearsal() {}

    static List<Level> of(List<LoadPoint> points, Settings settings, Clock clock, PrintStream out) {
        List<LoadPoint> shapes = Stream.of(Workload.values())
                .flatMap(workload -> points.stream()
                        .filter(point -> point.workload() == workload)
                        .max(Comparator.comparingInt(point -> point.items() * point.tokensPerItem()))
                        .stream())
                .map(point -> new LoadPoint(
                        point.workload(), point.inputTokens(), point.queryTokens(), point.items(), CONCURRENCY))
                .toList();
        List<LoadPoint> passes = Stream.generate(() -> shapes)
                .limit(PASSES)
                .flatMap(List::stream)
                .toList();
        EmbeddedNim server = EmbeddedNim.startWithFixedDelay(0, Duration.ZERO);
        AtomicInteger left = new AtomicInteger(passes.size());
        TokenCosts costs = new TokenCosts(0, CommonWords.load(), false);
        List<Level> levels = new ArrayList<>();
        for (LoadPoint shape : passes) {
            boolean reranking = shape.workload() == Workload.RERANKING;
            RequestFactory requests = new RequestFactory(
                    reranking ? EmbeddedNim.RERANKING_MODEL : EmbeddedNim.EMBEDDING_MODEL,
                    costs,
                    PairCounting.UNKNOWN,
                    settings.encodingFormat(),
                    settings.truncate(),
                    settings.seed());
            LevelPlan plan = new LevelPlan(
                    "rehearsal " + (levels.size() + 1) + ": " + shape.name(),
                    shape,
                    URI.create(server.url() + (reranking ? Routes.RANKING : Routes.EMBEDDINGS)),
                    requests,
                    WARM_UP,
                    EACH,
                    settings.requestTimeout(),
                    Optional.empty());
            levels.add(new Level(
                    plan,
                    clock,
                    List.of(),
                    Optional.empty(),
                    level -> {
                        if (level == levels.get(0)) {
                            out.println("Running the client hot against a loopback server, not measured");
                        }
                    },
                    result -> {
                        if (left.decrementAndGet() == 0) {
                            server.close();
                        }
                    }));
        }
        return levels;
    }
}
