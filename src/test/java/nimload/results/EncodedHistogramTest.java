package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.junit.jupiter.api.Test;

class EncodedHistogramTest {
    @Property(tries = 50)
    void whatIsEncodedIsDecodedTheSame(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 0, max = 100_000_000) Long> micros) {
        Histogram histogram = new PackedHistogram(5);
        micros.forEach(histogram::recordValue);
        assertThat(EncodedHistogram.of(histogram).decode()).isEqualTo(histogram);
    }

    /** A run keeps the histograms of all its levels, and encodes each again and again. */
    @Test
    void anEncodedHistogramTakesNoMoreMemoryThanBefore() {
        List<Histogram> levels = new ArrayList<>();
        for (int level = 0; level < 100; level++) {
            Histogram histogram = new PackedHistogram(5);
            histogram.recordValue(1_000_000 + level);
            levels.add(histogram);
        }
        EncodedHistogram.of(levels.get(0));
        long before = usedBytes();
        levels.forEach(EncodedHistogram::of);
        assertThat(usedBytes() - before)
                .as("2 MB a level if each kept its buffer")
                .isLessThan(50L << 20);
        assertThat(levels).hasSize(100);
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
