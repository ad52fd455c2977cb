package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import nimload.results.ClientAdds;
import org.junit.jupiter.api.Test;

class AddedTimeTest {
    private static final Duration DELAY = Duration.ofMillis(2);

    private static AddedTime added(int requests, long addedMicros) {
        AddedTime added = new AddedTime();
        for (int i = 0; i < requests; i++) {
            // Each request has another server's time, which must not be seen in the result.
            long serviceMicros = 2000 + 100L * i;
            added.success((serviceMicros + addedMicros) * 1000, OptionalLong.of(serviceMicros));
        }
        return added;
    }

    @Test
    void theServersOwnTimeOfEachRequestIsTakenOff() {
        ClientAdds adds =
                added(100, 300).adds(15, DELAY, OptionalLong.of(123_456)).orElseThrow();
        assertThat(adds.p50Ms()).hasValue(0.3);
        assertThat(adds.p99Ms()).hasValue(0.3);
        assertThat(adds.meanGapMs()).hasValue(0.123);
        assertThat(adds.concurrency()).isEqualTo(15);
        assertThat(adds.samples()).isEqualTo(100);
        assertThat(adds.serverDelayMs()).isEqualTo(2);
    }

    @Test
    void p99IsAbsentBelow100Requests() {
        ClientAdds adds = added(99, 300).adds(1, DELAY, OptionalLong.empty()).orElseThrow();
        assertThat(adds.p99Ms()).isEmpty();
        assertThat(adds.meanGapMs()).isEmpty();
    }

    @Test
    void nothingIsKnownWithoutEveryServersTime() {
        assertThat(new AddedTime().adds(1, DELAY, OptionalLong.empty())).isEmpty();
        AddedTime untold = added(100, 300);
        untold.success(1_000_000, OptionalLong.empty());
        assertThat(untold.adds(1, DELAY, OptionalLong.empty())).isEmpty();
    }
}
