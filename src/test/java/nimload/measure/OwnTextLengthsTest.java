package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.OwnTexts;
import nimload.plan.Workload;
import nimload.results.TokenLengths;
import org.junit.jupiter.api.Test;

/** A level with the user's own texts, of which the server counts the tokens. */
class OwnTextLengthsTest {
    private static LoadPointResult level(int items, OptionalLong limit, long... tokens) {
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofSeconds(1), 0);
        for (int i = 0; i < tokens.length; i++) {
            RecordedLevel.success(recorder, i * 1_000_000L, i * 1_000_000L + 900_000, OptionalLong.of(tokens[i]));
            recorder.size(items, 0, OptionalLong.of(tokens[i]), 0, 0);
        }
        LoadPoint point = new LoadPoint(
                Workload.QUERY,
                0,
                0,
                0,
                items,
                1,
                Load.CLOSED,
                Optional.of(new OwnTexts("a.txt", "0123456789ab", 100, 100, 2000, 1, items)));
        return new LoadPointResult(
                point,
                RecordedLevel.closed(recorder, 1_000_000_000),
                TokenCheck.ofOwnTexts(true, true).limitedTo(limit),
                new ClientLoad(OptionalDouble.of(0.25), OptionalDouble.of(0.25)),
                Observations.NONE,
                RecordedLevel.ENDED);
    }

    private static List<String> cut(LoadPointResult level) {
        return level.remarks().stream()
                .filter(remark -> remark.startsWith("cut"))
                .toList();
    }

    @Test
    void textsAtTheModelsLimitAreNamed() {
        assertThat(cut(level(1, OptionalLong.of(512), 20, 512, 30)))
                .containsExactly("cut: some texts have 512 tokens, all that the model takes; what was longer was cut");
        assertThat(cut(level(1, OptionalLong.of(512), 20, 511, 30))).isEmpty();
        assertThat(cut(level(1, OptionalLong.empty(), 20, 512, 30))).isEmpty();
        assertThat(cut(level(2, OptionalLong.of(512), 20, 512, 30)))
                .as("of requests of two texts nobody knows a text's length")
                .isEmpty();
    }

    @Test
    void lengthsAreThoseOfTextsOrOfRequests() {
        TokenLengths texts = level(1, OptionalLong.empty(), 20, 30)
                .results()
                .tokens()
                .lengths()
                .orElseThrow();
        TokenLengths requests = level(2, OptionalLong.empty(), 20, 30)
                .results()
                .tokens()
                .lengths()
                .orElseThrow();

        assertThat(texts.of()).isEqualTo("text");
        assertThat(texts.max()).isEqualTo(30);
        assertThat(texts.p50()).hasValue(20);
        assertThat(texts.p95()).as("of two texts").isEmpty();
        assertThat(requests.of()).isEqualTo("request");
    }
}
