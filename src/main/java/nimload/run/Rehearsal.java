package nimload.run;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nimload.emulator.EmbeddedNim;
import nimload.nim.Routes;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * Levels against a loopback server that answers at once: a few thousand requests of every shape of the run, so that the
 * client's code is compiled before anything is measured. Cold, it adds twice as much to each latency.
 */
final class Rehearsal {
    /** Enough for the compiler to settle; the shapes of the published grid take 9 s together. */
    private static final Duration EACH = Duration.ofMillis(Integer.getInteger("dbg.each", 1500));

    /** As many requests at once as keep two cores busy without a queue. */
    private static final int CONCURRENCY = 2;

    private Rehearsal() {}

    static List<Level> of(List<LoadPoint> points, Settings settings, PrintStream out) {
        List<LoadPoint> shapes0 = points.stream()
                .map(point -> new LoadPoint(
                        point.workload(), point.inputTokens(), point.queryTokens(), point.items(), CONCURRENCY))
                .distinct()
                .toList();
        List<LoadPoint> shapes = new ArrayList<>(shapes0);
        for (int i = 1; i < Integer.getInteger("dbg.passes", 1); i++)
            shapes.addAll(shapes0.stream()
                    .map(p -> new LoadPoint(
                            p.workload(), p.inputTokens(), p.queryTokens(), p.items(), CONCURRENCY + shapes.size()))
                    .toList());
        EmbeddedNim server = EmbeddedNim.startWithFixedDelay(0, Duration.ZERO);
        AtomicInteger left = new AtomicInteger(shapes.size());
        TokenCosts costs = new TokenCosts(0, CommonWords.load(), false);
        List<Level> levels = new ArrayList<>();
        for (LoadPoint shape : shapes) {
            boolean reranking = shape.workload() == Workload.RERANKING;
            RequestFactory requests = new RequestFactory(
                    reranking ? EmbeddedNim.RERANKING_MODEL : EmbeddedNim.EMBEDDING_MODEL,
                    costs,
                    PairCounting.UNKNOWN,
                    settings.encodingFormat(),
                    settings.truncate(),
                    settings.seed());
            levels.add(new Level(
                    shape,
                    URI.create(server.url() + (reranking ? Routes.RANKING : Routes.EMBEDDINGS)),
                    requests,
                    Duration.ofMillis(500),
                    EACH,
                    settings.requestTimeout(),
                    level -> {
                        if (level == levels.get(0)) {
                            out.println("Running the client hot against a loopback server, "
                                    + EACH.multipliedBy(shapes.size()).toSeconds() + " s; not measured");
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
