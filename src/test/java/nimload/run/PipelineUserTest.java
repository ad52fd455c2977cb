package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.plan.Load;
import nimload.plan.PipelineSettings;
import nimload.plan.SettingValues;
import nimload.results.Searches;
import nimload.run.LevelPlan.Times;
import nimload.run.RequestInFlight.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Searches without Gatling: this test sends for their users, and answers. Both steps embed queries, which is all the same here. */
@Timeout(60)
class PipelineUserTest {
    /** The window closes with the second search that begins in it. */
    private static final Times TIMES = new Times(
            Duration.ZERO,
            Duration.ofNanos(1),
            Duration.ofSeconds(30),
            1,
            OptionalDouble.empty(),
            Duration.ZERO,
            MadeLevel.TIMEOUT);

    private final CompletableFuture<Searches> searches = new CompletableFuture<>();
    private final RunThreads threads = MadeLevel.threads();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private LevelPlan embedding;
    private LevelPlan reranking;
    private PipelineLevel level;
    private int answers;
    private Times times = TIMES;

    private LevelPlan plan(String name, Load load) {
        LevelPlan made = MadeLevel.plan(1, times);
        return new LevelPlan(
                name,
                Optional.empty(),
                made.point().at(load).during("ingestion off"),
                made.servers(),
                made.balancer(),
                made.series(),
                made.requests(),
                made.expected(),
                made.times(),
                made.headers());
    }

    private PipelineUser user(String setting, String value) {
        PipelineSettings pipeline =
                PipelineSettings.read(SettingValues.of(Map.of("nim.pipeline.ingest", "off", setting, value), Map.of()));
        embedding = plan("first", pipeline.load());
        reranking = plan("second", pipeline.load());
        level = new PipelineLevel(
                new PipelineLevel.Plans(embedding, reranking, Optional.empty()),
                pipeline,
                1,
                new Phase() {
                    @Override
                    public List<LevelPlan> plans() {
                        return List.of(embedding, reranking);
                    }

                    @Override
                    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
                        level.closed(result).ifPresent(searches::complete);
                    }
                },
                new Host(
                        Map.of(),
                        Map.of(),
                        Clock.systemUTC(),
                        false,
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)),
                threads);
        PipelineUser user = level.newUser(loop);
        assertThat(user.opens()).isTrue();
        assertThat(user.ingests()).isFalse();
        for (VirtualUser step : List.of(user.first(), user.last())) {
            step.openLevel();
            while (step.sendsAlone()) {
                request(step, 200);
            }
        }
        await(user::awaitOthers);
        return user;
    }

    @AfterEach
    void stop() {
        loop.shutdownNow();
        threads.stalls().close();
        threads.watches().shutdown();
    }

    private static void await(Consumer<Runnable> waiting) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        waiting.accept(() -> gone.complete(null));
        gone.join();
    }

    private void request(VirtualUser step, int status) {
        step.nextBody();
        step.sent();
        step.answered(status, name -> null, () -> MadeLevel.answer(answers++));
        step.settle();
    }

    private void search(PipelineUser user, BooleanSupplier embedded) {
        user.begins();
        request(user.first(), embedded.getAsBoolean() ? 200 : 503);
        await(user::searchesVectors);
        if (user.goesOn()) {
            user.ranks();
            request(user.last(), 200);
        }
        user.searched();
    }

    private static final BooleanSupplier RIGHT = () -> true;

    private Searches leave(PipelineUser user) throws Exception {
        user.leave();
        return searches.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aSearchThatBeganInTheWindowCountsWithBothItsSteps() throws Exception {
        PipelineUser user = user("nim.pipeline.users", "1");
        while (user.warmsUp()) {
            search(user, RIGHT);
        }
        int counted = 0;
        while (user.measures()) {
            search(user, RIGHT);
            counted++;
        }
        assertThat(counted).isPositive();
        Searches ended = leave(user);

        assertThat(ended.count()).isEqualTo(counted);
        assertThat(ended.failed()).isZero();
        assertThat(ended.part(Searches.SEARCH).orElseThrow().latency().min().orElseThrow())
                .as("the pause of 5 ms")
                .isGreaterThanOrEqualTo(5);
        assertThat(ended.latency().avg().orElseThrow())
                .isCloseTo(
                        ended.parts().stream()
                                .mapToDouble(part -> part.latency().avg().orElseThrow())
                                .sum(),
                        within(0.003));
    }

    @Test
    void aSearchInItsPauseWhenTheWindowClosesIsAwaitedAndCounts() throws Exception {
        PipelineUser user = user("nim.pipeline.users", "1");
        while (user.warmsUp()) {
            search(user, RIGHT);
        }
        assertThat(user.measures()).isTrue();
        user.begins();
        request(user.first(), 200);
        await(user::searchesVectors);
        long closing = System.nanoTime() + TIMES.longest().toNanos();
        assertThat(level.stage(closing)).isEqualTo(Stage.COOL_DOWN);
        assertThat(level.stage(closing))
                .as("no request is in flight, but a search")
                .isEqualTo(Stage.COOL_DOWN);
        user.ranks();
        request(user.last(), 200);
        user.searched();
        Searches ended = leave(user);

        assertThat(ended.count()).isEqualTo(1);
        assertThat(ended.failed()).isZero();
    }

    @Test
    void aQueryThatIsNotEmbeddedEndsItsSearchWithoutAPauseOrARanking() throws Exception {
        PipelineUser user = user("nim.pipeline.users", "1");
        while (user.warmsUp()) {
            search(user, RIGHT);
        }
        assertThat(user.measures()).isTrue();
        search(user, () -> false);
        assertThat(user.failed()).isTrue();
        assertThat(user.goesOn()).isFalse();
        assertThat(user.measures()).as("one right search is awaited").isTrue();
        search(user, RIGHT);
        assertThat(user.failed()).isFalse();
        Searches ended = leave(user);

        assertThat(ended.count()).isEqualTo(2);
        assertThat(ended.failed()).isEqualTo(1);
    }

    /** The answer is read while the vector search would run. */
    @Test
    void aWrongVectorIsFoundInThePauseAndNothingIsRanked() throws Exception {
        PipelineUser user = user("nim.pipeline.users", "1");
        while (user.warmsUp()) {
            search(user, RIGHT);
        }
        user.measures();
        user.begins();
        user.first().nextBody();
        user.first().sent();
        user.first().answered(200, name -> null, () -> MadeLevel.bytes("{'data':[]}"));
        user.first().settle();
        assertThat(user.goesOn()).as("not known yet").isTrue();
        await(user::searchesVectors);
        assertThat(user.goesOn()).isFalse();
        user.searched();
        search(user, RIGHT);
        Searches ended = leave(user);

        assertThat(ended.count()).isEqualTo(2);
        assertThat(ended.failed()).isEqualTo(1);
    }

    @Test
    void searchesThatArriveAreFeltFromTheirTimesOn() throws Exception {
        PipelineUser user = user("nim.pipeline.rate", "200");
        await(user::awaitArrival);
        while (user.arrives()) {
            search(user, RIGHT);
            await(user::awaitArrival);
        }
        Searches ended = leave(user);

        assertThat(ended.count()).isPositive();
        assertThat(ended.arrivals().orElseThrow().count()).isEqualTo(ended.count());
        assertThat(ended.felt().avg().orElseThrow())
                .isGreaterThanOrEqualTo(ended.latency().avg().orElseThrow());
    }

    @Test
    void searchesThatHaveWaitedLongerThanTheRequestTimeoutDoNotBegin() throws Exception {
        times = new Times(
                TIMES.warmUp(),
                TIMES.measurement(),
                TIMES.longest(),
                TIMES.samples(),
                TIMES.precision(),
                TIMES.comparison(),
                Duration.ofMillis(5));
        PipelineUser user = user("nim.pipeline.rate", "1000");
        await(user::awaitArrival);
        while (user.arrives() && level.stage(System.nanoTime()) != Stage.MEASUREMENT) {
            search(user, RIGHT);
            await(user::awaitArrival);
        }
        long busyUntil = System.nanoTime() + Duration.ofMillis(60).toNanos();
        while (System.nanoTime() - busyUntil < 0) {
            Thread.onSpinWait();
        }
        while (user.arrives()) {
            search(user, RIGHT);
            await(user::awaitArrival);
        }
        Searches ended = leave(user);

        assertThat(ended.arrivals().orElseThrow().notSent()).isPositive();
        assertThat(ended.arrivals().orElseThrow().count())
                .isEqualTo(ended.count() + ended.arrivals().orElseThrow().notSent());
    }
}
