package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentAnswersTest {
    private final RecentAnswers recent = new RecentAnswers();

    private static Fingerprint vectors(int... texts) {
        float[][] heads = new float[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            heads[i] = new float[] {texts[i], 1};
        }
        return new Fingerprint.Heads(heads, 1024);
    }

    @Test
    void anAnswerThatAnotherBodyGotIsAnothers() {
        assertThat(recent.other(1, vectors(10))).isEmpty();
        assertThat(recent.other(2, vectors(20))).isEmpty();
        assertThat(recent.other(3, vectors(10))).contains(1);
        assertThat(recent.other(4, vectors(20))).contains(2);
    }

    @Test
    void theSameBodyMayGetItsAnswerAgain() {
        assertThat(recent.other(1000, vectors(10))).isEmpty();
        assertThat(recent.other(1000, vectors(10))).isEmpty();
    }

    @Test
    void oneVectorOfAnothersBatchIsEnough() {
        assertThat(recent.other(1, vectors(10, 11, 12))).isEmpty();
        assertThat(recent.other(2, vectors(20, 12, 22))).contains(1);
    }

    @Test
    void aRankingWithoutAKeyIsNobodys() {
        Fingerprint zeros = new Fingerprint.Logits(new double[5]);
        assertThat(recent.other(1, zeros)).isEmpty();
        assertThat(recent.other(2, zeros)).isEmpty();
    }

    @Test
    void theLast8192VectorsAreRemembered() {
        recent.other(0, vectors(0));
        fill(8191);
        assertThat(recent.other(9999, vectors(0))).contains(0);
    }

    @Test
    void after8192OthersAVectorIsForgotten() {
        recent.other(0, vectors(0));
        fill(8192);
        assertThat(recent.other(9999, vectors(0))).isEmpty();
    }

    private void fill(int others) {
        for (int i = 1; i <= others; i++) {
            recent.other(i, vectors(i));
        }
    }
}
