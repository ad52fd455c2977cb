package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GcPausesTest {
    @Test
    void aCollectionBetweenStartAndEndIsCountedAndItsLengthKnown() {
        GcPauses pauses = GcPauses.start();
        System.gc();
        GcPauses.Seen seen = pauses.stop();

        assertThat(seen.count().orElseThrow()).isPositive();
        assertThat(seen.millis().orElseThrow()).isNotNegative();
        // Both ends of a pause are whole milliseconds.
        assertThat(seen.longestMillis().orElseThrow())
                .isBetween(0.0, seen.millis().orElseThrow() + 1);
    }

    @Test
    void aCollectionBeforeTheStartIsNot() {
        System.gc();
        GcPauses first = GcPauses.start();
        GcPauses second = GcPauses.start();
        System.gc();
        long after = second.stop().count().orElseThrow();

        assertThat(first.stop().count().orElseThrow()).isEqualTo(after);
    }
}
