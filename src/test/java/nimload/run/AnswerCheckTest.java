package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.measure.ErrorKind;
import nimload.nim.EncodingFormat;
import nimload.nim.NimKind;
import nimload.nim.RankingAnswer;
import nimload.nim.Truncate;
import nimload.nim.Usage;
import nimload.nim.WireForm;
import nimload.plan.ApiKey;
import nimload.plan.Headers;
import nimload.plan.Settings;
import nimload.run.AnswerCheck.Failure;
import nimload.run.AnswerCheck.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerCheckTest {
    private static final int TEXTS = 2;
    private static final int PASSAGES = 3;
    private static final boolean CHEAP = false;
    private static final boolean IN_FULL = true;

    private static final float[] EAST = {1, 0, 0};
    private static final float[] NORTH = {0, 1, 0};

    /** Vectors of three numbers and of length 1. */
    private static final Settings.Requests REQUESTS = new Settings.Requests(EncodingFormat.FLOAT, Truncate.END, 1);

    private static final WireForm EMBEDDING = REQUESTS.embedding();
    private static final WireForm RANKING = REQUESTS.ranking();
    private static final ExpectedAnswer UNIT = new ExpectedAnswer(OptionalInt.of(3), true, Optional.of("a/b"));

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] vectors(float[]... vectors) {
        return vectorsOf("'a/b'", vectors);
    }

    /** @param model as JSON */
    private static byte[] vectorsOf(String model, float[]... vectors) {
        return bytes(IntStream.range(0, vectors.length)
                .mapToObj(i -> "{'index':" + i + ",'embedding':" + Arrays.toString(vectors[i]) + "}")
                .collect(Collectors.joining(
                        ",", "{'model':" + model + ",'data':[", "],'usage':{'prompt_tokens':600}}")));
    }

    private static Outcome embedding(ExpectedAnswer expected, byte[] body, boolean inFull) {
        return new AnswerCheck(EMBEDDING, expected, Headers.NONE).of(200, true, body, TEXTS, inFull);
    }

    private static Outcome ranking(byte[] body, boolean inFull) {
        return new AnswerCheck(RANKING, ExpectedAnswer.UNKNOWN, Headers.NONE).of(200, true, body, PASSAGES, inFull);
    }

    private static byte[] logits(double... logits) {
        return RankingAnswer.toJson(logits, Optional.of(new Usage(3072)));
    }

    @Test
    void aRightEmbeddingHasTokensAndAFingerprintAndWhenReadInFullItsValues() {
        byte[] body = vectors(EAST, NORTH);
        Outcome cheap = embedding(UNIT, body, CHEAP);
        assertThat(cheap.right()).isTrue();
        assertThat(cheap.tokens()).hasValue(600);
        assertThat(cheap.fingerprint().orElseThrow().keys()).hasSize(2).doesNotHaveDuplicates();
        assertThat(cheap.values()).isEmpty();
        Outcome inFull = embedding(UNIT, body, IN_FULL);
        assertThat(inFull.right()).isTrue();
        assertThat(inFull.tokens()).hasValue(600);
        assertThat(inFull.fingerprint().orElseThrow().keys())
                .isEqualTo(cheap.fingerprint().orElseThrow().keys());
        assertThat(inFull.values().orElseThrow().differenceFrom(inFull.values().orElseThrow(), place -> place))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.98, 0.980", "1.02, 1.020", "2, 2.000"})
    void aVectorThatIsNot1LongIsAWrongAnswerThatOnlyReadingInFullShows(float length, String shown) {
        byte[] body = vectors(EAST, new float[] {0, length, 0});
        assertThat(embedding(UNIT, body, IN_FULL).failure())
                .contains(new Failure(ErrorKind.WRONG_ANSWER, "vector 1 has length " + shown + " instead of 1", true));
        assertThat(embedding(UNIT, body, CHEAP).failure()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {CHEAP, IN_FULL})
    void aVectorOfZerosIsAWrongAnswerOfAnyModel(boolean inFull) {
        byte[] body = vectors(EAST, new float[3]);
        assertThat(embedding(UNIT, body, inFull).failure())
                .contains(new Failure(ErrorKind.WRONG_ANSWER, "vector 1 has length 0.000 instead of 1", true));
        ExpectedAnswer any = new ExpectedAnswer(OptionalInt.of(3), false, Optional.empty());
        assertThat(embedding(any, body, inFull).failure())
                .contains(new Failure(ErrorKind.WRONG_ANSWER, "vector 1 is 0", true));
        float[] endsInOne = new float[9];
        endsInOne[8] = 1;
        assertThat(embedding(ExpectedAnswer.UNKNOWN, vectors(endsInOne, endsInOne), inFull)
                        .right())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(floats = {0.991f, 1.009f})
    void aVectorMayBe1PerCentOffItsLength(float length) {
        assertThat(embedding(UNIT, vectors(EAST, new float[] {0, length, 0}), IN_FULL)
                        .failure())
                .isEmpty();
    }

    @Test
    void vectorsOfAModelThatDoesNotNormaliseMayHaveAnyLength() {
        ExpectedAnswer any = new ExpectedAnswer(OptionalInt.of(3), false, Optional.empty());
        assertThat(embedding(any, vectors(EAST, new float[] {0, 7, 0}), IN_FULL).failure())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {CHEAP, IN_FULL})
    void anotherDimensionThanBeforeTheLoadIsAWrongAnswer(boolean inFull) {
        assertThat(embedding(UNIT, vectors(new float[] {1, 0}, new float[] {0, 1}), inFull)
                        .failure())
                .contains(new Failure(ErrorKind.WRONG_ANSWER, "vectors of 2 numbers instead of 3", false));
    }

    @ParameterizedTest
    @CsvSource({"'c/d', c/d", "null, (none named)"})
    void anotherModelThanBeforeTheLoadIsAWrongAnswer(String model, String shown) {
        String json = model.equals("null") ? model : "'" + model + "'";
        assertThat(embedding(UNIT, vectorsOf(json, EAST, NORTH), CHEAP).failure())
                .contains(new Failure(
                        ErrorKind.WRONG_ANSWER,
                        "the answer is of model " + shown + ", before the load it was of a/b",
                        false));
    }

    @Test
    void whereNoModelWasNamedBeforeTheLoadAnyIsRight() {
        ExpectedAnswer unnamed = new ExpectedAnswer(OptionalInt.of(3), true, Optional.empty());
        assertThat(embedding(unnamed, vectors(EAST, NORTH), CHEAP).failure()).isEmpty();
    }

    @Test
    void whereNoModelWasNamedTheOneAskedForMayBeNamedAndNoOther() {
        ExpectedAnswer unnamed =
                new ExpectedAnswer(OptionalInt.of(3), true, Optional.empty(), Optional.of("a/b"), OptionalLong.empty());
        assertThat(embedding(unnamed, vectorsOf("null", EAST, NORTH), CHEAP).failure())
                .isEmpty();
        assertThat(embedding(unnamed, vectorsOf("'a/b'", EAST, NORTH), CHEAP).failure())
                .isEmpty();
        assertThat(embedding(unnamed, vectorsOf("'c/d'", EAST, NORTH), CHEAP).failure())
                .contains(new Failure(
                        ErrorKind.WRONG_ANSWER,
                        "the answer is of model c/d, before the load answers named none, and requests name a/b",
                        false));
    }

    @Test
    void aRankingOfAnotherModelIsAWrongAnswer() {
        AnswerCheck check = new AnswerCheck(
                RANKING, new ExpectedAnswer(OptionalInt.empty(), false, Optional.of("a/b")), Headers.NONE);
        assertThat(check.of(200, true, logits(3, 2, 1), PASSAGES, CHEAP).failure())
                .contains(new Failure(
                        ErrorKind.WRONG_ANSWER,
                        "the answer is of model (none named), before the load it was of a/b",
                        false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {CHEAP, IN_FULL})
    void aCutAnswerIsMalformedWithoutReadingItInFull(boolean inFull) {
        byte[] whole = vectors(EAST, NORTH);
        Outcome outcome = embedding(UNIT, Arrays.copyOf(whole, whole.length - 1), inFull);
        Failure failure = outcome.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(ErrorKind.MALFORMED);
        assertThat(failure.detail().lines()).hasSize(1);
        assertThat(failure.inFull()).isFalse();
        assertThat(outcome.values()).isEmpty();
        assertThat(outcome.fingerprint()).isEmpty();
        assertThat(outcome.tokens()).isEmpty();
    }

    @Test
    void aVectorThatHoldsNoNumberBehindItsHeadIsFoundByReadingInFull() {
        String numbers = "1,0,0,0,0,0,0,0,1e999";
        byte[] body =
                bytes("{'data':[{'index':0,'embedding':[" + numbers + "]},{'index':1,'embedding':[" + numbers + "]}]}");
        assertThat(embedding(ExpectedAnswer.UNKNOWN, body, CHEAP).failure()).isEmpty();
        Failure failure =
                embedding(ExpectedAnswer.UNKNOWN, body, IN_FULL).failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(ErrorKind.MALFORMED);
        assertThat(failure.inFull()).isTrue();
    }

    @Test
    void anotherNumberOfVectorsIsMalformed() {
        assertThat(embedding(UNIT, vectors(EAST), CHEAP).failure())
                .contains(new Failure(ErrorKind.MALFORMED, "1 vectors for 2 texts", false));
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
        Optional<Failure> expected = Optional.of(new Failure(ErrorKind.http(status), detail, false));
        for (NimKind nim : NimKind.values()) {
            AnswerCheck check = new AnswerCheck(REQUESTS.form(nim), UNIT, Headers.NONE);
            for (boolean inFull : List.of(CHEAP, IN_FULL)) {
                assertThat(check.of(status, true, bytes(body), TEXTS, inFull).failure())
                        .isEqualTo(expected);
            }
        }
        assertThat(expected.orElseThrow().kind().key()).isEqualTo("http " + status);
    }

    @ParameterizedTest
    @EnumSource(NimKind.class)
    void aKeyThatTheServerEchoesIsHiddenInTheFailure(NimKind nim) {
        AnswerCheck check = new AnswerCheck(REQUESTS.form(nim), UNIT, Headers.of(new ApiKey("nvapi-hunted")));
        assertThat(check.of(401, true, bytes("{'message':'nvapi-hunted is not valid'}"), TEXTS, CHEAP)
                        .failure())
                .contains(new Failure(ErrorKind.http(401), "HTTP 401: *** is not valid", false));
    }

    /** A server's words end after 300 characters, here within the key. */
    @ParameterizedTest
    @ValueSource(ints = {200, 401})
    void noPartOfAKeyIsLeftWhereItsQuotationIsCut(int status) {
        AnswerCheck check = new AnswerCheck(EMBEDDING, UNIT, Headers.of(new ApiKey("nvapi-hunted")));
        String words = "x".repeat(290) + " nvapi-hunted is not valid";
        assertThat(check.of(status, true, bytes("{'message':'" + words + "'}"), TEXTS, CHEAP)
                        .failure()
                        .orElseThrow()
                        .detail())
                .contains("xxx")
                .doesNotContain("nv");
    }

    @Test
    void aKeyThatTheServerEchoesAsItsModelIsHiddenInTheFailure() {
        AnswerCheck check = new AnswerCheck(EMBEDDING, UNIT, Headers.of(new ApiKey("nvapi-hunted")));
        assertThat(check.of(200, true, vectorsOf("'nvapi-hunted'", EAST, NORTH), TEXTS, CHEAP)
                        .failure()
                        .orElseThrow()
                        .detail())
                .isEqualTo("the answer is of model ***, before the load it was of a/b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {CHEAP, IN_FULL})
    void aRankingIsAlwaysReadInFull(boolean inFull) {
        byte[] ascending = bytes("{'rankings':[{'index':0,'logit':1},{'index':1,'logit':2},{'index':2,'logit':3}]}");
        assertThat(ranking(ascending, inFull).failure())
                .contains(new Failure(ErrorKind.MALFORMED, "logits not descending: 2.0 after 1.0", false));
        Outcome right = ranking(logits(3, 2, 1), inFull);
        assertThat(right.failure()).isEmpty();
        assertThat(right.tokens()).hasValue(3072);
        assertThat(right.values()).isPresent();
        assertThat(right.fingerprint()).isPresent();
    }
}
