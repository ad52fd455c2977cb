package nimload.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastSquaresTest {
    @Test
    void findsTheSmallestSumOfSquares() {
        LeastSquares.Minimum minimum =
                LeastSquares.of(at -> new double[] {at[0] - 3, Math.exp(at[1]) - 2, 0.5}, new double[] {0, 0});
        assertThat(minimum.parameters()[0]).isCloseTo(3, within(0.01));
        assertThat(minimum.parameters()[1]).isCloseTo(Math.log(2), within(0.01));
        assertThat(minimum.cost()).isCloseTo(0.25, within(1e-3));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e200})
    void aStartWithoutAFiniteSumIsRefused(double residual) {
        assertThatThrownBy(() -> LeastSquares.of(at -> new double[] {1, residual}, new double[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the start is off by [1.0, " + residual + "]");
    }
}
