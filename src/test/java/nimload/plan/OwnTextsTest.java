package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Levels of the user's own texts, and of lengths with a spread: what identifies them, and what they are called. */
class OwnTextsTest {
    private static OwnTexts texts(String file, String digest, int itemsPerLine) {
        return new OwnTexts(file, digest, 1000, 1500, 80_000, itemsPerLine, 1);
    }

    private static List<LoadPoint> points(Workload workload, OwnTexts texts) {
        return new WorkloadGrid(
                        workload,
                        List.of(TextLength.exactly(20), TextLength.exactly(30)),
                        workload == Workload.RERANKING ? 512 : 0,
                        List.of(1, 8),
                        List.of(3),
                        Optional.empty())
                .with(texts)
                .loadPoints();
    }

    @Test
    void theContentsIdentifyALevelAndTheFilesNameDoesNot() {
        List<LoadPoint> points = points(Workload.QUERY, texts("a.jsonl", "0123456789ab", 1));
        assertThat(points)
                .isEqualTo(points(Workload.QUERY, texts("b.jsonl.gz", "0123456789ab", 1)))
                .doesNotContainAnyElementsOf(points(Workload.QUERY, texts("a.jsonl", "0123456789ac", 1)))
                .doesNotContain(new LoadPoint(Workload.QUERY, 0, 0, 1, 3));
        assertThat(points.get(0).hashCode())
                .isEqualTo(points(Workload.QUERY, texts("b", "0123456789ab", 1))
                        .get(0)
                        .hashCode());
    }

    @Test
    void aBatchIsThatManyLinesAndLevelsOfOneFileDiffer() {
        assertThat(points(Workload.QUERY, texts("a.jsonl", "0", 2)))
                .extracting(LoadPoint::name)
                .containsExactly("query c=3 (texts of a.jsonl, 2 texts)", "query c=3 (texts of a.jsonl, 16 texts)");
        List<LoadPoint> varied = points(Workload.QUERY, texts("a.jsonl", "0", 0));
        assertThat(varied)
                .extracting(LoadPoint::name)
                .containsExactly(
                        "query c=3 (texts of a.jsonl, texts of 1 line)",
                        "query c=3 (texts of a.jsonl, texts of 8 lines)");
        assertThat(Set.copyOf(varied)).hasSize(2);
        assertThat(varied).extracting(LoadPoint::items).containsOnly(0);
    }

    @Test
    void aRequestToRankIsALineWhateverTheGridSays() {
        List<LoadPoint> points = points(Workload.RERANKING, texts("r.jsonl", "0", 0));
        assertThat(points)
                .extracting(LoadPoint::name)
                .containsExactly("rerank c=3 (texts of r.jsonl, passages of 1 line)");
        assertThat(points.get(0).announcement())
                .isEqualTo("▶ Running reranking test: texts=r.jsonl, passages=as in the file, batch=1, concurrency=3");
        assertThat(points.get(0).queryTokens()).isZero();
    }

    @Test
    void nothingOfALevelWithASpreadIsCalledByTheMeanAlone() {
        LoadPoint exact = new LoadPoint(Workload.PASSAGE, 300, 0, 8, 2);
        LoadPoint spread = new LoadPoint(Workload.PASSAGE, 300, 60, 0, 8, 2, Load.CLOSED, Optional.empty());
        assertThat(spread).isNotEqualTo(exact);
        assertThat(spread.shape()).isNotEqualTo(exact.shape());
        assertThat(List.of(
                        spread.name(),
                        spread.description(),
                        spread.announcement(),
                        spread.shape().label()))
                .containsExactly(
                        "passage 300~60 c=2 (8 texts)",
                        "passage, 300~60 tokens, 8 texts, concurrency 2",
                        "▶ Running: input_type=passage, tokens=300~60, batch=8, concurrency=2",
                        "300~60 tokens, 8 texts");
        assertThat(spread.atConcurrency(5).spread()).isEqualTo(60);
    }

    @Test
    void spreadsAreGivenAmongOtherLengths() {
        Grid grid = Grid.parse("my", "my.yaml", "passage: {tokens: [300~60, 512], batch: 1, concurrency: 1}");
        assertThat(grid.workloads().get(Workload.PASSAGE).loadPoints().stream()
                        .map(point -> point.shape().length())
                        .collect(Collectors.toList()))
                .containsExactly("300~60", "512");
    }
}
