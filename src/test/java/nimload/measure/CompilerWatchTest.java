package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CompilerWatchTest {
    /** {@link System#nanoTime()} may start anywhere and overflow. */
    private long nanos = Long.MAX_VALUE - 150_000_000;

    private long compiledMillis = 7_000;

    private CompilerWatch watch(Duration patience) {
        return new CompilerWatch(patience, () -> nanos, () -> compiledMillis);
    }

    private void pass(long millis, long compiled) {
        nanos += 1_000_000 * millis;
        compiledMillis += compiled;
    }

    @Test
    void theCompilerIsQuietAfterThreeLooksWithAtMost10MillisecondsOfWorkEach() {
        CompilerWatch watch = watch(Duration.ofHours(1));
        assertThat(watch.busy()).isTrue();
        for (int look = 1; look <= 2; look++) {
            pass(100, 10);
            assertThat(watch.busy()).as("look %d", look).isTrue();
        }
        pass(100, 10);
        assertThat(watch.busy()).isFalse();
    }

    @Test
    void elevenMillisecondsOfWorkStartTheCountAgain() {
        CompilerWatch watch = watch(Duration.ofHours(1));
        pass(100, 0);
        watch.busy();
        pass(100, 0);
        watch.busy();
        pass(100, 11);
        assertThat(watch.busy()).isTrue();
        for (int look = 1; look <= 2; look++) {
            pass(100, 0);
            assertThat(watch.busy()).as("look %d", look).isTrue();
        }
        pass(100, 0);
        assertThat(watch.busy()).isFalse();
    }

    @Test
    void aCompilerThatFallsBackToWorkIsBusyAgain() {
        CompilerWatch watch = watch(Duration.ofHours(1));
        for (int look = 0; look < 3; look++) {
            pass(100, 0);
            watch.busy();
        }
        assertThat(watch.busy()).isFalse();
        pass(100, 50);
        assertThat(watch.busy()).isTrue();
    }

    /** Many users ask; only a look after 100 ms counts. */
    @Test
    void askingMoreOftenIsNoFurtherLook() {
        CompilerWatch watch = watch(Duration.ofHours(1));
        for (int asked = 0; asked < 10; asked++) {
            assertThat(watch.busy()).isTrue();
        }
        pass(99, 0);
        assertThat(watch.busy()).isTrue();
        pass(1, 0);
        watch.busy();
        pass(99, 0);
        watch.busy();
        pass(101, 0);
        assertThat(watch.busy()).as("two looks, after 100 ms and 200 ms").isTrue();
        pass(100, 0);
        assertThat(watch.busy()).isFalse();
    }

    @Test
    void waitingEndsWithPatienceHoweverBusyTheCompilerIs() {
        CompilerWatch watch = watch(Duration.ofMillis(500));
        for (int look = 1; look <= 4; look++) {
            pass(100, 90);
            assertThat(watch.busy()).as("after %d ms", 100 * look).isTrue();
        }
        pass(99, 90);
        assertThat(watch.busy()).isTrue();
        pass(1, 0);
        assertThat(watch.busy()).isFalse();
    }

    @Test
    void thisJvmsCompilerIsWatchedFromTheStart() {
        assertThat(new CompilerWatch(Duration.ofHours(1)).busy()).isTrue();
        assertThat(new CompilerWatch(Duration.ZERO).busy()).isFalse();
    }
}
