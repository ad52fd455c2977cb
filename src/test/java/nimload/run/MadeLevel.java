package nimload.run;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import nimload.measure.StallClock;
import nimload.nim.EmbeddingForm;
import nimload.nim.EncodingFormat;
import nimload.nim.RankingForm;
import nimload.nim.Truncate;
import nimload.plan.Headers;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Settings;
import nimload.plan.Share;
import nimload.plan.Workload;
import nimload.run.LevelPlan.Times;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/** A level without a server: its plan, its threads, and answers that a right server could give. */
final class MadeLevel {
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final RequestFactory REQUESTS = new RequestFactory(
            "m",
            new TokenCosts(0, List.of("act", "air", "all", "arm", "art", "ask", "bad", "bag"), false),
            PairCounting.UNKNOWN,
            new Settings.Requests(EncodingFormat.FLOAT, Truncate.END, 1));

    private MadeLevel() {}

    /** Queries of 20 tokens, all different. */
    static LevelPlan plan(int concurrency, Times times) {
        return new LevelPlan(
                "level",
                Optional.of("announced"),
                new LoadPoint(Workload.QUERY, 20, 0, 1, concurrency),
                List.of(URI.create("http://127.0.0.1:9")),
                Optional.empty(),
                OptionalInt.of(1),
                REQUESTS,
                ExpectedAnswer.UNKNOWN,
                times,
                Headers.NONE);
    }

    /** Queries of 20 tokens at a rate, of which one may be in flight per generator. */
    static LevelPlan of(Share share, Load load, Times times) {
        return new LevelPlan(
                "level",
                Optional.empty(),
                new LoadPoint(Workload.QUERY, 20, 0, 1, share.of()).at(load),
                List.of(URI.create("http://127.0.0.1:9")),
                Optional.empty(),
                OptionalInt.of(1),
                new RequestFactory("m", REQUESTS.costs(), PairCounting.UNKNOWN, format(share)),
                ExpectedAnswer.UNKNOWN,
                times,
                Headers.NONE);
    }

    private static Settings.Requests format(Share share) {
        return new Settings.Requests(
                EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END), RankingForm.nim(Truncate.END), 1, share);
    }

    /** Requests of one of the user's own texts each, from one of several generators. */
    static LevelPlan ofOwnTexts(TextFile own, Share share) {
        RequestFactory requests =
                new RequestFactory("m", REQUESTS.costs(), PairCounting.UNKNOWN, format(share), Optional.of(own));
        return new LevelPlan(
                "level",
                Optional.of("announced"),
                PublishedGrid.load()
                        .get(Workload.QUERY)
                        .with(own.texts())
                        .loadPoints()
                        .get(0),
                List.of(URI.create("http://127.0.0.1:9")),
                Optional.empty(),
                OptionalInt.of(1),
                requests,
                ExpectedAnswer.UNKNOWN,
                times(10),
                Headers.NONE);
    }

    /** A window of 1 to 4 s that waits for so many right answers, and 200 ms to compare. */
    static Times times(long samples) {
        return new Times(
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                samples,
                OptionalDouble.empty(),
                Duration.ofMillis(200),
                TIMEOUT);
    }

    /** Bodies are built by whoever wants them. */
    static RunThreads threads() {
        return new RunThreads(
                new AnswerChecks(),
                Runnable::run,
                Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task, "level-watches");
                    thread.setDaemon(true);
                    return thread;
                }),
                StallClock.start());
    }

    static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    /** The answer to the text of a number: no two are alike. */
    static byte[] answer(int number) {
        return bytes(String.format(
                Locale.ROOT,
                "{'data':[{'index':0,'embedding':[%.9f,%.9f]}],'usage':{'prompt_tokens':20}}",
                Math.cos(number),
                Math.sin(number)));
    }
}
