package nimload.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nimload.results.EncodedHistogram;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HistogramsTest {
    private static Optional<EncodedHistogram> of(int digits, long... micros) {
        Histogram histogram = new Histogram(digits);
        for (long value : micros) {
            histogram.recordValue(value);
        }
        return Optional.of(EncodedHistogram.of(histogram));
    }

    @Test
    void sumHasAllSamplesAndTheDigitsOfTheCoarsestWhereverItStands() {
        for (List<Optional<EncodedHistogram>> parts :
                List.of(List.of(of(3, 123_456), of(5, 123_456, 7)), List.of(of(5, 123_456, 7), of(3, 123_456)))) {
            Histogram sum = Histograms.sum(parts).orElseThrow();
            assertThat(sum.getTotalCount()).isEqualTo(3);
            assertThat(sum.getNumberOfSignificantValueDigits()).isEqualTo(3);
            assertThat(sum.getCountAtValue(7)).isEqualTo(1);
            assertThat(sum.getCountAtValue(123_456)).isEqualTo(2);
        }
    }

    @Test
    void thereIsNoSumOfNoneAndNoneWhereAPartLacksIts() {
        assertThat(Histograms.sum(List.of())).isEmpty();
        assertThat(Histograms.sum(List.of(of(5, 1), Optional.empty()))).isEmpty();
    }
}
