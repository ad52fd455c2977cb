package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.RankingForm;
import nimload.nim.Truncate;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Share;
import nimload.plan.Workload;
import nimload.run.Body.Arrangement;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;
import org.junit.jupiter.api.Test;

class FreshBodiesTest {
    private static final LoadPoint QUERY = new LoadPoint(Workload.QUERY, 20, 0, 1, 3);

    private static final RequestFactory REQUESTS = new RequestFactory(
            "m",
            new TokenCosts(4, CommonWords.load(), true),
            PairCounting.UNKNOWN,
            new Settings.Requests(EncodingFormat.FLOAT, Truncate.END, 1));

    @Test
    void noTextComesTwiceIn10000BodiesOf20Tokens() throws Exception {
        FreshBodies bodies = new FreshBodies(REQUESTS, QUERY, 1, Runnable::run);
        Set<String> texts = new HashSet<>();
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            Body body = bodies.next();
            numbers.add(body.number());
            texts.addAll(EmbeddingRequest.parse(body.bytes()).input());
        }
        assertThat(texts).hasSize(10_000);
        assertThat(numbers).hasSize(10_000);
    }

    @Test
    void noTwoGeneratorsSendTheSameText() throws Exception {
        Set<String> texts = new HashSet<>();
        for (int number = 1; number <= 3; number++) {
            RequestFactory requests = new RequestFactory(
                    "m",
                    new TokenCosts(4, CommonWords.load(), true),
                    PairCounting.UNKNOWN,
                    new Settings.Requests(
                            EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END),
                            RankingForm.nim(Truncate.END),
                            1,
                            new Share(number, 3)));
            FreshBodies bodies = new FreshBodies(requests, QUERY, 1, Runnable::run);
            for (int reference = 0; reference < References.NUMBERS; reference++) {
                texts.addAll(EmbeddingRequest.parse(
                                bodies.again(reference, Arrangement.WHOLE).bytes())
                        .input());
            }
            for (int i = 0; i < 1000; i++) {
                texts.addAll(EmbeddingRequest.parse(bodies.next().bytes()).input());
            }
        }
        assertThat(texts).hasSize(3 * (1000 + References.NUMBERS));
    }

    @Test
    void aBodyCanBeBuiltAgainByItsNumber() {
        FreshBodies bodies = new FreshBodies(REQUESTS, QUERY, 1, Runnable::run);
        for (int i = 0; i < 100; i++) {
            Body body = bodies.next();
            assertThat(bodies.again(body.number(), Arrangement.WHOLE).bytes()).isEqualTo(body.bytes());
        }
    }

    @Test
    void theSameSeedAndSeriesSendTheSameBodiesAndAnotherSeriesOthers() {
        FreshBodies one = new FreshBodies(REQUESTS, QUERY, 1, Runnable::run);
        FreshBodies same = new FreshBodies(REQUESTS, QUERY, 1, Runnable::run);
        FreshBodies other = new FreshBodies(REQUESTS, QUERY, 2, Runnable::run);
        for (int i = 0; i < 100; i++) {
            byte[] body = one.next().bytes();
            assertThat(same.next().bytes()).isEqualTo(body);
            assertThat(other.next().bytes()).isNotEqualTo(body);
        }
    }

    @Test
    void aUserThatFindsNoneReadyBuildsItsOwn() {
        LoadPoint large = new LoadPoint(Workload.PASSAGE, 2048, 0, 512, 1);
        FreshBodies bodies = new FreshBodies(REQUESTS, large, 1, task -> {});
        assertThat(IntStream.range(0, 20).mapToObj(i -> bodies.next().number()))
                .containsExactlyElementsOf(IntStream.range(References.NUMBERS, References.NUMBERS + 20)
                        .boxed()
                        .toList());
    }

    @Test
    void fourUsersAndABuilderShareNoBody() throws Exception {
        ExecutorService builder = Executors.newSingleThreadExecutor();
        ExecutorService users = Executors.newFixedThreadPool(4);
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        try {
            FreshBodies bodies = new FreshBodies(REQUESTS, QUERY, 1, builder);
            List<Future<?>> done = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(user -> users.submit(() -> {
                        for (int i = 0; i < 2500; i++) {
                            numbers.add(bodies.next().number());
                        }
                    }))
                    .toList();
            for (Future<?> user : done) {
                user.get();
            }
        } finally {
            users.shutdown();
            builder.shutdown();
        }
        assertThat(numbers).hasSize(10_000);
    }
}
