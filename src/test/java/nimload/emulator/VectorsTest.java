package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import nimload.nim.InputType;
import org.junit.jupiter.api.Test;

class VectorsTest {
    /** Answers may be compared between versions and machines. */
    @Test
    void aTextHasTheSameVectorAndAPairTheSameLogitForEver() {
        float[] query = Vectors.of(1024, true).vector(InputType.QUERY, "text");
        assertThat(new float[] {query[0], query[64], query[512], query[1023]})
                .containsExactly(-5.2499457E-4f, -0.027592063f, 0.033381686f, -0.038404748f);
        float[] passage = Vectors.of(1024, true).vector(InputType.PASSAGE, "text");
        assertThat(new float[] {passage[0], passage[1023]}).containsExactly(-0.031427316f, -0.002553215f);
        assertThat(Vectors.logit("query", "passage")).isEqualTo(6.805);
        assertThat(Vectors.logit("passage", "query")).isEqualTo(-1.983);
    }

    @Test
    void logitsSpreadFromMinus10To10() {
        double[] logits = IntStream.range(0, 2000)
                .mapToDouble(i -> Vectors.logit("query", "passage " + i))
                .toArray();
        assertThat(DoubleStream.of(logits).min().orElseThrow()).isBetween(-10.0, -9.0);
        assertThat(DoubleStream.of(logits).max().orElseThrow()).isBetween(9.0, 10.0);
    }
}
