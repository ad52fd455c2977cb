package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nimload.measure.LevelSamples;
import nimload.measure.LoadPointResult;
import nimload.nim.EncodingFormat;
import nimload.nim.Truncate;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.run.LevelPlan.Times;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One user of one level, driven as a simulation drives it, without a server. */
@Timeout(60)
class LevelTest {
    private static final String RIGHT = "{'data':[{'index':0,'embedding':[1,0]}],'usage':{'prompt_tokens':20}}";
    private static final String OTHER = "{'data':[{'index':0,'embedding':[0,1]}],'usage':{'prompt_tokens':20}}";

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final CompletableFuture<LoadPointResult> closed = new CompletableFuture<>();

    private final LevelPlan plan = new LevelPlan(
            "level",
            Optional.of("announced"),
            new LoadPoint(Workload.QUERY, 20, 0, 1, 1),
            URI.create("http://127.0.0.1:9"),
            new RequestFactory(
                    "m",
                    new TokenCosts(0, List.of("act", "air"), false),
                    PairCounting.UNKNOWN,
                    new Settings.Requests(EncodingFormat.FLOAT, Truncate.END, 1)),
            new Times(Duration.ZERO, Duration.ofSeconds(1), Duration.ofHours(1)),
            Optional.empty());

    private final Phase phase = new Phase() {
        @Override
        public List<LevelPlan> plans() {
            return List.of(plan);
        }

        @Override
        public void closed(LevelPlan plan, LoadPointResult result) {
            closed.complete(result);
        }
    };

    private final VirtualUser user = phase.levels(
                    new Host(
                            Map.of(),
                            Map.of(),
                            Clock.systemUTC(),
                            false,
                            new PrintStream(console, true, StandardCharsets.UTF_8)),
                    new AnswerChecks())
            .get(0)
            .newUser(Runnable::run);

    private void openAndSendAlone() {
        user.openLevel();
        while (user.sendsAlone()) {
            answer(RIGHT);
            user.settle();
        }
        user.startWarmUp();
        user.startMeasurement();
    }

    private void answer(String json) {
        user.nextBody();
        user.sent();
        user.answered(200, name -> null, () -> json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private LevelSamples leave() throws Exception {
        user.leave();
        return closed.get(30, TimeUnit.SECONDS).samples();
    }

    @Test
    void onlyTheMeasurementIsCountedAndTheLevelIsAnnounced() throws Exception {
        assertThat(user.opensLevel()).isTrue();
        openAndSendAlone();
        answer(RIGHT);
        assertThat(user.problem()).isEmpty();
        user.settle();
        assertThat(user.failed()).isFalse();
        LevelSamples samples = leave();
        assertThat(samples.successes()).isEqualTo(1);
        assertThat(samples.tokens()).hasValue(20);
        assertThat(samples.valuesChecked()).isEqualTo(1);
        assertThat(console.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("announced");
    }

    @Test
    void theFirstMeasuredAnswerIsComparedWithTheOneAlone() throws Exception {
        openAndSendAlone();
        answer(OTHER);
        assertThat(user.problem())
                .hasValueSatisfying(problem ->
                        assertThat(problem).startsWith("wrong answer: text 0 got a different vector than alone"));
        user.settle();
        assertThat(user.failed()).isTrue();
        assertThat(leave().failures().errors()).containsExactly(Map.entry("wrong answer", 1L));
    }

    @Test
    void aRequestThatIsNotAnsweredIsAConnectionErrorAndTheNextOneHasNoGap() throws Exception {
        openAndSendAlone();
        user.nextBody();
        user.settle();
        assertThat(user.failed()).isTrue();
        answer(RIGHT);
        user.settle();
        LevelSamples samples = leave();
        assertThat(samples.failures().errors()).containsExactly(Map.entry("connection", 1L));
        assertThat(samples.successes()).isEqualTo(1);
        assertThat(samples.meanGapNanos()).isEmpty();
    }

    @Test
    void aRequestThatIsWrittenAgainIsOneRequestWithOneGap() throws Exception {
        openAndSendAlone();
        answer(RIGHT);
        user.settle();
        user.nextBody();
        user.sent();
        long afterFirst = System.nanoTime();
        while (System.nanoTime() - afterFirst < TimeUnit.MILLISECONDS.toNanos(5)) {
            Thread.onSpinWait();
        }
        answerSent(RIGHT);
        user.settle();
        LevelSamples samples = leave();
        assertThat(samples.successes()).isEqualTo(2);
        assertThat(samples.maxMillis().orElseThrow()).isGreaterThanOrEqualTo(5);
    }

    private void answerSent(String json) {
        user.sent();
        user.answered(200, name -> null, () -> json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aLargeAnswerIsCheckedBeforeTheLevelCloses() throws Exception {
        openAndSendAlone();
        answer(RIGHT.substring(0, 30) + " ".repeat(64 << 10));
        assertThat(user.problem()).as("not checked yet").isEmpty();
        user.settle();
        assertThat(leave().failures().errors()).containsExactly(Map.entry("malformed", 1L));
        assertThat(user.failed()).as("found late").isTrue();
        assertThat(user.failed()).as("reported once").isFalse();
    }
}
