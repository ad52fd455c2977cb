package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.measure.ErrorKind;
import nimload.nim.RankingAnswer;
import nimload.nim.Usage;
import nimload.plan.ApiKey;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.run.AnswerCheck.Failure;
import nimload.run.AnswerCheck.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerCheckTest {
    private static final LoadPoint TWO_TEXTS = new LoadPoint(Workload.PASSAGE, 300, 0, 2, 1);
    private static final LoadPoint THREE_PASSAGES = new LoadPoint(Workload.RERANKING, 512, 512, 3, 1);

    private static final float[] EAST = {1, 0, 0};
    private static final float[] NORTH = {0, 1, 0};

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] vectors(float[]... vectors) {
        return bytes(IntStream.range(0, vectors.length)
                .mapToObj(i -> "{'index':" + i + ",'embedding':" + Arrays.toString(vectors[i]) + "}")
                .collect(Collectors.joining(",", "{'data':[", "],'usage':{'prompt_tokens':600}}")));
    }

    private static AnswerCheck check(LoadPoint point) {
        return new AnswerCheck(point, Optional.empty());
    }

    private static Outcome read(LoadPoint point, byte[] body, Optional<AnswerValues> alone) {
        return check(point).values(200, body, alone);
    }

    private static Optional<AnswerValues> alone(LoadPoint point, byte[] body) {
        Outcome outcome = read(point, body, Optional.empty());
        assertThat(outcome.failure()).isEmpty();
        return Optional.of(outcome.values().orElseThrow());
    }

    private static byte[] logits(double... logits) {
        return RankingAnswer.toJson(logits, Optional.of(new Usage(3072)));
    }

    @Test
    void aRightEmbeddingHasItsTokensAndWhenReadInFullItsValues() {
        byte[] body = vectors(EAST, NORTH);
        Outcome structure = check(TWO_TEXTS).structure(200, body);
        assertThat(structure).isEqualTo(new Outcome(Optional.empty(), OptionalLong.of(600), Optional.empty()));
        Outcome values = read(TWO_TEXTS, body, Optional.empty());
        assertThat(values.failure()).isEmpty();
        assertThat(values.tokens()).hasValue(600);
        assertThat(values.values()).isPresent();
        assertThat(read(TWO_TEXTS, body, values.values()).failure()).isEmpty();
    }

    @Test
    void vectorsOfTwoTextsThatAreSwappedAreAWrongAnswer() {
        Optional<AnswerValues> alone = alone(TWO_TEXTS, vectors(EAST, NORTH));
        Outcome swapped = read(TWO_TEXTS, vectors(NORTH, EAST), alone);
        assertThat(swapped.failure())
                .contains(new Failure(
                        ErrorKind.WRONG_ANSWER,
                        "text 0 got a different vector than alone (cosine 0.0000, at least 0.999 expected)"));
        assertThat(swapped.tokens()).isEmpty();
    }

    @Test
    void oneWrongVectorAmongManyIsFound() {
        LoadPoint point = new LoadPoint(Workload.PASSAGE, 300, 0, 64, 1);
        float[][] same = Collections.nCopies(64, EAST).toArray(new float[0][]);
        Optional<AnswerValues> alone = alone(point, vectors(same));
        same[63] = new float[] {-1, 0, 0};
        assertThat(read(point, vectors(same), alone).failure())
                .contains(new Failure(
                        ErrorKind.WRONG_ANSWER,
                        "text 63 got a different vector than alone (cosine -1.0000, at least 0.999 expected)"));
    }

    @ParameterizedTest
    @CsvSource({"0.99905, true", "0.99895, false"})
    void aCosineOf0Point999IsStillTheSameVector(double cosine, boolean same) {
        float[] turned = {(float) cosine, (float) Math.sqrt(1 - cosine * cosine), 0};
        assertThat(read(TWO_TEXTS, vectors(turned, NORTH), alone(TWO_TEXTS, vectors(EAST, NORTH)))
                        .failure()
                        .isEmpty())
                .isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({"0.98, 0.980", "1.02, 1.020", "0, 0.000", "2, 2.000"})
    void aVectorThatIsNot1LongIsAWrongAnswer(float length, String shown) {
        assertThat(read(TWO_TEXTS, vectors(EAST, new float[] {0, length, 0}), Optional.empty())
                        .failure())
                .contains(new Failure(ErrorKind.WRONG_ANSWER, "vector 1 has length " + shown + " instead of 1"));
    }

    @ParameterizedTest
    @ValueSource(floats = {0.991f, 1.009f})
    void aVectorMayBe1PerCentOffItsLength(float length) {
        assertThat(read(TWO_TEXTS, vectors(EAST, new float[] {0, length, 0}), Optional.empty())
                        .failure())
                .isEmpty();
    }

    @Test
    void theCheapCheckDoesNotSeeValues() {
        assertThat(check(TWO_TEXTS)
                        .structure(200, vectors(new float[] {2, 0, 0}, NORTH))
                        .failure())
                .isEmpty();
    }

    @Test
    void aCutAnswerIsMalformedInBothChecks() {
        byte[] whole = vectors(EAST, NORTH);
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        for (Outcome outcome : List.of(check(TWO_TEXTS).structure(200, cut), read(TWO_TEXTS, cut, Optional.empty()))) {
            assertThat(outcome.failure().orElseThrow().kind()).isEqualTo(ErrorKind.MALFORMED);
            assertThat(outcome.failure().orElseThrow().detail().lines()).hasSize(1);
            assertThat(outcome.values()).isEmpty();
            assertThat(outcome.tokens()).isEmpty();
        }
    }

    @Test
    void anotherNumberOfVectorsIsMalformed() {
        assertThat(check(TWO_TEXTS).structure(200, vectors(EAST)).failure())
                .contains(new Failure(ErrorKind.MALFORMED, "1 vectors for 2 texts"));
        assertThat(read(TWO_TEXTS, vectors(EAST), Optional.empty()).failure())
                .contains(new Failure(ErrorKind.MALFORMED, "1 vectors for 2 texts"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "503 | {'message':'queue full'} | HTTP 503: queue full",
                "422 | {'detail':[{'msg':'too long'}]} | HTTP 422: too long",
                "500 | <html> | HTTP 500",
                "204 | `` | HTTP 204",
                "301 | `` | HTTP 301",
            })
    void anyOtherStatusThan200IsAnErrorOfItsOwnKindInTheServersWords(int status, String body, String detail) {
        Optional<Failure> expected = Optional.of(new Failure(ErrorKind.http(status), detail));
        for (LoadPoint point : List.of(TWO_TEXTS, THREE_PASSAGES)) {
            assertThat(check(point).structure(status, bytes(body)).failure()).isEqualTo(expected);
            assertThat(check(point)
                            .values(status, bytes(body), Optional.empty())
                            .failure())
                    .isEqualTo(expected);
        }
        assertThat(expected.orElseThrow().kind().key()).isEqualTo("http " + status);
    }

    @Test
    void aKeyThatTheServerEchoesIsHiddenInTheFailure() {
        AnswerCheck check = new AnswerCheck(TWO_TEXTS, Optional.of(new ApiKey("nvapi-hunted")));
        byte[] body = bytes("{'message':'nvapi-hunted is not valid'}");
        Optional<Failure> hidden = Optional.of(new Failure(ErrorKind.http(401), "HTTP 401: *** is not valid"));
        assertThat(check.structure(401, body).failure()).isEqualTo(hidden);
        assertThat(check.values(401, body, Optional.empty()).failure()).isEqualTo(hidden);
    }

    @Test
    void logitsOfTwoPassagesThatAreSwappedAreAWrongAnswer() {
        Optional<AnswerValues> alone = alone(THREE_PASSAGES, logits(1, 2, 3));
        assertThat(read(THREE_PASSAGES, logits(1, 3, 2), alone).failure())
                .contains(new Failure(
                        ErrorKind.WRONG_ANSWER,
                        "passage 1 got logit 3.000, alone it got 2.000 (within 0.25 expected)"));
    }

    @ParameterizedTest
    @CsvSource({"0.25, true", "-0.25, true", "0.26, false", "-0.26, false"})
    void aLogitMayMoveByAQuarter(double by, boolean same) {
        assertThat(read(THREE_PASSAGES, logits(1, 2, 3 + by), alone(THREE_PASSAGES, logits(1, 2, 3)))
                        .failure()
                        .isEmpty())
                .isEqualTo(same);
    }

    @Test
    void aRankingIsReadInFullInBothChecks() {
        byte[] ascending = bytes("{'rankings':[{'index':0,'logit':1},{'index':1,'logit':2},{'index':2,'logit':3}]}");
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(check(THREE_PASSAGES).structure(200, ascending));
        outcomes.add(read(THREE_PASSAGES, ascending, Optional.empty()));
        assertThat(outcomes)
                .extracting(Outcome::failure)
                .containsOnly(Optional.of(new Failure(ErrorKind.MALFORMED, "logits not descending: 2.0 after 1.0")));
        Outcome right = check(THREE_PASSAGES).structure(200, logits(3, 2, 1));
        assertThat(right.failure()).isEmpty();
        assertThat(right.tokens()).hasValue(3072);
        assertThat(right.values()).isPresent();
    }
}
