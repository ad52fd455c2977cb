package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublishedGridTest {
    private final Map<Workload, WorkloadGrid> grid = PublishedGrid.load();

    private List<LoadPoint> points(Workload workload) {
        return grid.get(workload).loadPoints();
    }

    private List<LoadPoint> all() {
        return Stream.of(Workload.values())
                .flatMap(workload -> points(workload).stream())
                .toList();
    }

    @Test
    void queryGridHasConcurrency1To15AtBatch1And20Tokens() {
        assertThat(points(Workload.QUERY))
                .containsExactlyElementsOf(Stream.of(1, 3, 5, 7, 9, 11, 13, 15)
                        .map(c -> new LoadPoint(Workload.QUERY, 20, 0, 1, c))
                        .toList());
    }

    @Test
    void passageGridHas300And512TokensAtBatch64AndConcurrency1And3And5() {
        assertThat(points(Workload.PASSAGE))
                .containsExactly(
                        new LoadPoint(Workload.PASSAGE, 300, 0, 64, 1),
                        new LoadPoint(Workload.PASSAGE, 300, 0, 64, 3),
                        new LoadPoint(Workload.PASSAGE, 300, 0, 64, 5),
                        new LoadPoint(Workload.PASSAGE, 512, 0, 64, 1),
                        new LoadPoint(Workload.PASSAGE, 512, 0, 64, 3),
                        new LoadPoint(Workload.PASSAGE, 512, 0, 64, 5));
    }

    @Test
    void rerankingGridHas10And20And40PassagesOf512TokensAtConcurrency1And3And5() {
        assertThat(points(Workload.RERANKING))
                .containsExactlyElementsOf(Stream.of(10, 20, 40)
                        .flatMap(passages -> Stream.of(1, 3, 5)
                                .map(users -> new LoadPoint(Workload.RERANKING, 512, 512, passages, users)))
                        .toList());
    }

    @Test
    void publishedGridHas23LevelsInTheOrderOfTheWorkloads() {
        List<LoadPoint> points =
                Settings.parse(SettingValues.of(Map.of(), Map.of()), grid).loadPoints(EnumSet.allOf(Workload.class));
        assertThat(points).hasSize(23).containsExactlyElementsOf(all());
    }

    @Test
    void requestNamesOfThe23LevelsAreUniqueAndTheirFirst16CharactersAsWell() {
        assertThat(all()).extracting(LoadPoint::name).doesNotHaveDuplicates();
        assertThat(all()).extracting(point -> point.name().substring(0, 16)).doesNotHaveDuplicates();
    }

    @Test
    void announcementsAreTheFormerScriptsLines() {
        assertThat(all())
                .extracting(LoadPoint::announcement)
                .containsExactly(
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=1",
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=3",
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=5",
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=7",
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=9",
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=11",
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=13",
                        "▶ Running: input_type=query, tokens=20, batch=1, concurrency=15",
                        "▶ Running: input_type=passage, tokens=300, batch=64, concurrency=1",
                        "▶ Running: input_type=passage, tokens=300, batch=64, concurrency=3",
                        "▶ Running: input_type=passage, tokens=300, batch=64, concurrency=5",
                        "▶ Running: input_type=passage, tokens=512, batch=64, concurrency=1",
                        "▶ Running: input_type=passage, tokens=512, batch=64, concurrency=3",
                        "▶ Running: input_type=passage, tokens=512, batch=64, concurrency=5",
                        "▶ Running reranking test: passages=10, batch=1, concurrency=1",
                        "▶ Running reranking test: passages=10, batch=1, concurrency=3",
                        "▶ Running reranking test: passages=10, batch=1, concurrency=5",
                        "▶ Running reranking test: passages=20, batch=1, concurrency=1",
                        "▶ Running reranking test: passages=20, batch=1, concurrency=3",
                        "▶ Running reranking test: passages=20, batch=1, concurrency=5",
                        "▶ Running reranking test: passages=40, batch=1, concurrency=1",
                        "▶ Running reranking test: passages=40, batch=1, concurrency=3",
                        "▶ Running reranking test: passages=40, batch=1, concurrency=5");
    }

    @Test
    void aPairOf512And512HasTogether1024Tokens() {
        assertThat(points(Workload.RERANKING))
                .allSatisfy(point -> assertThat(point.tokensPerItem()).isEqualTo(1024));
        assertThat(points(Workload.PASSAGE).get(0).tokensPerItem()).isEqualTo(300);
    }

    @Test
    void descriptionSaysOneTextAndManyTexts() {
        assertThat(new LoadPoint(Workload.QUERY, 20, 0, 1, 3).description())
                .isEqualTo("query, 20 tokens, 1 text, concurrency 3");
        assertThat(new LoadPoint(Workload.PASSAGE, 300, 0, 64, 5).description())
                .isEqualTo("passage, 300 tokens, 64 texts, concurrency 5");
        assertThat(new LoadPoint(Workload.RERANKING, 512, 20, 10, 1).description())
                .isEqualTo("reranking, 20+512 tokens, 10 passages, concurrency 1");
    }
}
