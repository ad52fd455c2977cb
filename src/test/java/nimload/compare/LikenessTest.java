package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import org.junit.jupiter.api.Test;

class LikenessTest {
    private static MadeRun run() {
        return new MadeRun("b").query(5).closed(10);
    }

    private static List<String> differences(MadeRun run) {
        return Likeness.differences(new MadeRun("a").query(5).closed(10).results(), run.results());
    }

    @Test
    void versionsAndClientsMayDiffer() {
        assertThat(differences(new MadeRun("b").about("release", "2.0").query(5).closed(10)))
                .isEmpty();
    }

    @Test
    void theEmbeddedNimIsNotARealOne() {
        assertThat(differences(run().emulated()))
                .containsExactly("the baseline was made with a real NIM, the run with the embedded NIM");
        assertThat(Likeness.kind(run().emulated().results(), true)).isEmpty();
    }

    @Test
    void anotherEncodingOrTruncationIsDifferentWork() {
        assertThat(differences(run().effective("encodingFormat", "base64").effective("truncate", "NONE")))
                .containsExactly("encodingFormat was float and is base64", "truncate was END and is NONE");
    }

    @Test
    void moreThanOnePercentMoreTokensIsDifferentWork() {
        assertThat(differences(run().tokens(20.2))).isEmpty();
        assertThat(differences(run().tokens(20.3)))
                .containsExactly("query 20 c=5 (1 text) had 20.0 tokens per item and has 20.3");
    }

    @Test
    void runsWithoutALevelInCommonAreNotComparable() {
        assertThat(differences(new MadeRun("b").query(7).closed(10)))
                .containsExactly(
                        "no level in common (workload, tokens, items per request, concurrency and rate must be the same)");
    }

    @Test
    void thePlanIsEnoughToRefuseBeforeTheLoad() {
        assertThat(Likeness.differences(
                        run().results(),
                        Map.of("encodingFormat", "base64"),
                        List.of(new LoadPoint(Workload.QUERY, 20, 0, 1, 7))))
                .hasSize(2);
        assertThat(Likeness.differences(
                        run().results(),
                        Map.of("encodingFormat", "float"),
                        List.of(new LoadPoint(Workload.QUERY, 20, 0, 1, 5))))
                .isEmpty();
    }

    @Test
    void theRefusalIsOneLineThatSaysHowToGoOn() {
        assertThatThrownBy(() -> Likeness.require(List.of(
                        new MadeRun("a").query(5).closed(10).results(),
                        run().results(),
                        run().emulated().results())))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "a and b are not comparable: the baseline was made with a real NIM, the run with the embedded NIM;"
                                + " to compare them anyway, add --allow-different");
    }

    @Test
    void anotherFormOfRequestsIsDifferentWorkAndOlderRunsHadTheDefaults() {
        assertThat(differences(run().effective("embedding.protocol", "nim")
                        .effective("embedding.embeddingType", "float")
                        .effective("reranking.protocol", "nim")))
                .isEmpty();
        assertThat(differences(run().effective("embedding.protocol", "openai")
                        .effective("embedding.dimensions", "256")
                        .effective("embedding.embeddingType", "int8")
                        .effective("embedding.extra", "{\"user\":\"u\"}")
                        .effective("reranking.protocol", "tei")
                        .effective("reranking.extra", "{}")))
                .containsExactly(
                        "embedding.dimensions was the model's own and is 256",
                        "embedding.embeddingType was float and is int8",
                        "embedding.extra was none and is {\"user\":\"u\"}",
                        "embedding.protocol was nim and is openai",
                        "reranking.extra was none and is {}",
                        "reranking.protocol was nim and is tei");
    }

    @Test
    void whatAnotherToolSentIsNotKnown() {
        MadeRun imported = new MadeRun("a").tool("genai-perf 0.0.16").query(5).closed(10);
        assertThat(Likeness.differences(
                        imported.results(),
                        run().effective("embedding.protocol", "openai").results()))
                .isEmpty();
    }
}
