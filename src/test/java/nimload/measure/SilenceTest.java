package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import nimload.measure.Silence.Longest;
import org.junit.jupiter.api.Test;

class SilenceTest {
    /** The zero of the clock means nothing, and it may overflow within a level. */
    private static final long START = Long.MAX_VALUE - 700;

    private long stalledNanos;
    private final Silence silence = new Silence(() -> stalledNanos);

    private void opens(long nanos) {
        silence.opens(START + nanos);
    }

    private void closes(long nanos) {
        silence.closes(START + nanos);
    }

    private void sent(long nanos) {
        silence.sent(START + nanos);
    }

    private void ended(long nanos) {
        silence.ended(START + nanos);
    }

    @Test
    void itIsTheLongestTimeBetweenTwoEndsWhileARequestIsInFlight() {
        opens(0);
        sent(10);
        sent(10);
        sent(10);
        ended(50);
        ended(200);
        ended(349);
        assertThat(silence.longest()).contains(new Longest(150, 50));
    }

    @Test
    void itBeginsWithTheSendOfARequestThatIsAlone() {
        opens(0);
        sent(10);
        sent(60);
        ended(110);
        assertThat(silence.longest()).contains(new Longest(100, 10));
    }

    @Test
    void aTimeInWhichNothingIsInFlightIsNone() {
        opens(0);
        sent(0);
        ended(100);
        sent(500);
        ended(550);
        assertThat(silence.longest()).contains(new Longest(100, 0));
    }

    @Test
    void theTimeBeforeTheWindowIsNoPartOfIt() {
        sent(-500);
        sent(-500);
        ended(-400);
        opens(0);
        ended(80);
        assertThat(silence.longest()).contains(new Longest(80, 0));
    }

    @Test
    void oneThatBeganInTheWindowLastsBeyondIt() {
        opens(0);
        sent(999);
        closes(1000);
        ended(1600);
        assertThat(silence.longest()).contains(new Longest(601, 999));
    }

    @Test
    void oneThatBeginsAsTheWindowClosesOrLaterIsNone() {
        opens(0);
        sent(0);
        sent(0);
        sent(0);
        ended(10);
        closes(1000);
        ended(1000);
        ended(5000);
        assertThat(silence.longest()).contains(new Longest(990, 10));
    }

    @Test
    void whatTheClientStoodStillIsNoPartOfItAndNoReasonToOverlookAnother() {
        opens(0);
        sent(0);
        sent(0);
        stalledNanos += 290;
        ended(300);
        ended(500);
        assertThat(silence.longest()).contains(new Longest(200, 300));
        sent(600);
        stalledNanos += 50;
        ended(900);
        assertThat(silence.longest()).contains(new Longest(250, 600));
    }

    @Test
    void itIsUnknownWhereNothingEndedAfterTheWindowOpened() {
        sent(0);
        ended(10);
        opens(20);
        sent(30);
        assertThat(silence.longest()).isEmpty();
    }
}
