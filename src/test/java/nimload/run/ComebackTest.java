package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ComebackTest {
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final AtomicBoolean answers = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private long millis;

    private final Comeback comeback = new Comeback(
            "embedding",
            Duration.ofSeconds(60),
            () -> {
                asked.incrementAndGet();
                return answers.get();
            },
            () -> Duration.ofMillis(millis).toNanos(),
            new PrintStream(console, true, StandardCharsets.UTF_8));

    private String console() {
        return console.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aNimThatHasNotStoppedIsNeitherAwaitedNorAsked() {
        assertThat(comeback.awaited()).isFalse();
        assertThat(comeback.givenUp()).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void oneThatStoppedIsAskedOnceASecondUntilItAnswers() {
        comeback.stopped();
        assertThat(comeback.awaited()).isTrue();
        millis = 999;
        assertThat(comeback.awaited()).isTrue();
        assertThat(asked).hasValue(1);
        millis = 1000;
        assertThat(comeback.awaited()).isTrue();
        assertThat(asked).hasValue(2);
        answers.set(true);
        millis = 2000;
        assertThat(comeback.awaited()).isFalse();
        assertThat(comeback.givenUp()).isFalse();
        assertThat(console())
                .isEqualToIgnoringNewLines(
                        "embedding does not answer any more; asking again for up to 60 s" + "embedding answers again");
    }

    @Test
    void itIsGivenUpAfterItsPatienceAndNotBefore() {
        comeback.stopped();
        millis = 59_999;
        assertThat(comeback.awaited()).isTrue();
        assertThat(comeback.givenUp()).isFalse();
        millis = 60_999;
        assertThat(comeback.awaited()).isFalse();
        assertThat(comeback.givenUp()).isTrue();
        assertThat(console()).contains("✗ embedding has not answered for 60 s; its remaining levels are left out");
        answers.set(true);
        millis = 70_000;
        comeback.stopped();
        assertThat(comeback.awaited()).isFalse();
        assertThat(comeback.givenUp()).isTrue();
    }
}
