package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Workload;
import org.junit.jupiter.api.Test;

/** Which levels are left after one request of each largest shape. */
class LevelTrialTest {
    private static final String WORDS = "HTTP 422: List should have at most 10 items";

    private final List<String> sent = new ArrayList<>();

    private static List<LoadPoint> grid(Workload workload) {
        return PublishedGrid.load().get(workload).loadPoints();
    }

    private LevelTrial trial(List<LoadPoint> planned, Predicate<LoadPoint> taken) {
        return LevelTrial.of(planned, point -> {
            sent.add(point.shape().description());
            return taken.test(point) ? Optional.empty() : Optional.of(WORDS);
        });
    }

    @Test
    void theLargestRequestOfEachWorkloadIsEnoughWhereItIsTaken() {
        List<LoadPoint> planned = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            planned.addAll(grid(workload));
        }
        LevelTrial trial = trial(planned, point -> true);
        assertThat(sent)
                .containsExactly(
                        "query, 20 tokens, 1 text",
                        "passage, 512 tokens, 64 texts",
                        "reranking, 512+512 tokens, 40 passages");
        assertThat(trial.points()).isEqualTo(planned);
        assertThat(trial.notes()).isEmpty();
        assertThat(trial.problems()).isEmpty();
    }

    @Test
    void onlyWhatTheServerDoesNotTakeIsLeftOut() {
        LevelTrial trial = trial(grid(Workload.RERANKING), point -> point.items() <= 10);
        assertThat(sent)
                .containsExactly(
                        "reranking, 512+512 tokens, 40 passages",
                        "reranking, 512+512 tokens, 20 passages",
                        "reranking, 512+512 tokens, 10 passages");
        assertThat(trial.points())
                .hasSize(3)
                .allSatisfy(point -> assertThat(point.items()).isEqualTo(10));
        assertThat(trial.notes())
                .containsExactly(
                        "reranking, 512+512 tokens, 40 passages: 3 levels left out, " + WORDS + ".",
                        "reranking, 512+512 tokens, 20 passages: 3 levels left out, " + WORDS + ".");
        assertThat(trial.problems())
                .containsExactly("6 of 9 reranking levels were left out, since the server does not take 512+512 tokens,"
                        + " 40 passages: " + WORDS + "; plan the others alone with -Dnim.reranking.passages=10");
    }

    /** 4 x 1000 tokens and 40 x 100 tokens: neither contains the other. */
    @Test
    void shapesThatDoNotContainEachOtherAreBothSent() {
        List<LoadPoint> planned = List.of(
                new LoadPoint(Workload.PASSAGE, 100, 0, 40, 1),
                new LoadPoint(Workload.PASSAGE, 1000, 0, 4, 1),
                new LoadPoint(Workload.PASSAGE, 100, 0, 4, 1));
        assertThat(trial(planned, point -> true).points()).isEqualTo(planned);
        assertThat(sent).containsExactly("passage, 100 tokens, 40 texts", "passage, 1000 tokens, 4 texts");
        assertThat(trial(planned, point -> point.items() == 4).points()).isEqualTo(planned.subList(1, 3));
    }

    @Test
    void levelsThatNoListsGiveAreNotGivenAsLists() {
        List<LoadPoint> planned = new ArrayList<>();
        for (int tokens : List.of(100, 200)) {
            for (int items : List.of(1, 2)) {
                planned.add(new LoadPoint(Workload.QUERY, tokens, 0, items, 1));
            }
        }
        assertThat(trial(planned, point -> point.items() * point.inputTokens() < 400)
                        .problems())
                .containsExactly("1 of 4 query levels were left out, since the server does not take 200 tokens, 2"
                        + " texts: " + WORDS + "; plan the others alone with -Dnim.query.batch=… or"
                        + " -Dnim.query.tokens=…");
    }

    @Test
    void aWorkloadWithoutAnyLevelEndsTheRun() {
        assertThatThrownBy(() -> trial(grid(Workload.PASSAGE), point -> false))
                .isInstanceOf(UserError.class)
                .hasMessage("passage: no level can run, the server does not take the smallest request either, 300"
                        + " tokens, 64 texts: " + WORDS + "; give a smaller one, -Dnim.passage.batch=… or"
                        + " -Dnim.passage.tokens=…");
        assertThatThrownBy(() -> trial(grid(Workload.QUERY), point -> false))
                .hasMessageStartingWith(
                        "query: no level can run, the server does not take its request, 20 tokens, 1" + " text: ");
    }
}
