package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.plan.Workload;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The levels of one of several generators, at times that are made up. */
class MeasurementTest {
    private static final Instant START = Instant.parse("2026-11-26T17:00:00Z");

    /** After a level's begin: 2 s alone, no warm-up. */
    private static final Duration OPENS = Duration.ofSeconds(2);

    private static final Duration WINDOW = Duration.ofSeconds(4);
    /** 2 s alone, 4 s of window, 0.5 s of comparison, 3 s for what comes between. */
    private static final Duration SLOT = Duration.ofMillis(9500);

    private static EmbeddedNim nim;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final SetClock clock = new SetClock();

    private static final class SetClock extends Clock {
        private Instant now = START.minusSeconds(83);

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeAll
    static void start() {
        nim = EmbeddedNim.start(0);
    }

    @AfterAll
    static void stop() {
        nim.close();
    }

    private List<Level> levels(Map<String, String> settings) {
        return levels(Program.grid(Workload.QUERY), settings);
    }

    private List<Level> levels(Program program, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "nim.rehearsal", "false",
                "nim.calibrate", "false",
                "nim.embedding.url", nim.url().toString(),
                "nim.generator", "1/2",
                "nim.startAt", START.toString(),
                "nim.query.concurrency", "3,4",
                "nim.duration", "4s",
                "nim.warmup", "0s"));
        all.putAll(settings);
        PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Benchmark.prepare(program, new Host(all, Map.of(), clock, false, console))
                .levels();
    }

    private List<String> printed(String beginning) {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(beginning))
                .toList();
    }

    @Test
    void whetherALevelIsLeftOutIsDecidedOnceForAllItsUsers() {
        List<Level> levels = levels(Map.of());

        clock.now = START.plus(OPENS).plus(WINDOW).minusNanos(1);
        assertThat(levels.get(0).abandoned()).as("the first user to ask").isFalse();
        clock.now = START.plus(OPENS).plus(WINDOW);
        assertThat(levels.get(0).abandoned())
                .as("those who wait for each other")
                .isFalse();

        clock.now = START.plus(SLOT).plus(OPENS).plus(WINDOW);
        assertThat(levels.get(1).abandoned()).isTrue();
        clock.now = clock.now.minusNanos(1);
        assertThat(levels.get(1).abandoned()).as("by a clock that was set back").isTrue();
        assertThat(printed("left out"))
                .containsExactly("left out query 20 c=4 (1 text): it is 2026-11-26T17:00:15.500Z, and the other"
                        + " generators have measured it; give a later nim.startAt, the same for all");
    }

    @Test
    void aRunSaysHowManyLevelsAllGeneratorsHaveAlsoThoseThatItSitsOut() {
        assertThat(levels(Map.of("nim.generator", "2/2", "nim.query.concurrency", "1,5")))
                .hasSize(1);
        assertThat(printed("nimload-run"))
                .singleElement(STRING)
                .contains("\"levelsPlanned\":1,", "\"levelsOfAll\":\"2\"");
    }

    @Test
    void aGeneratorThatWaitsForItsFirstLevelSaysSoOnce() {
        List<Level> levels = levels(Map.of());
        assertThat(levels.get(0).awaited()).isTrue();
        assertThat(levels.get(0).awaited()).isTrue();
        clock.now = START;
        assertThat(levels.get(0).awaited()).isFalse();
        assertThat(levels.get(1).awaited()).isTrue();
        assertThat(printed("waits"))
                .containsExactly("waits for nim.startAt=2026-11-26T17:00:00Z: its first level begins in 83 s");
    }

    @Test
    void oneThatSitsOutTheFirstLevelWaitsUntilItsOwnBegins() {
        assertThat(levels(Map.of("nim.generator", "2/2", "nim.query.concurrency", "1,5"))
                        .get(0)
                        .awaited())
                .isTrue();
        assertThat(printed("waits"))
                .containsExactly("waits for nim.startAt=2026-11-26T17:00:00Z: its first level begins in 92 s");
    }

    @Test
    void aStartAfterWhichNoLevelIsToComeIsRefused() {
        // The window of the second level, in the second repeat.
        Instant over = START.plus(SLOT.multipliedBy(3)).plus(OPENS).plus(WINDOW);
        clock.now = over.minusNanos(1);
        assertThat(levels(Map.of("nim.repeat", "2"))).hasSize(4);
        clock.now = over;
        assertThatThrownBy(() -> levels(Map.of("nim.repeat", "2")))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.startAt=2026-11-26T17:00:00Z is too long ago: the last window ended at"
                        + " 2026-11-26T17:00:34.500Z, and it is 2026-11-26T17:00:34.500Z; give all generators the same,"
                        + " some minutes from now (date -u +%FT%TZ)");
    }

    @Test
    void aStartMoreThanADayAheadIsRefused() {
        clock.now = START.minus(Duration.ofHours(24));
        assertThat(levels(Map.of())).hasSize(2);
        clock.now = clock.now.minusNanos(1);
        assertThatThrownBy(() -> levels(Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.startAt=2026-11-26T17:00:00Z is more than 24 h ahead, and it is"
                        + " 2026-11-25T16:59:59.999999999Z; give all generators the same");
    }

    @Test
    void everyGeneratorOfAnOpenLevelNeedsARequestInFlight() {
        Map<String, String> rates = Map.of(
                "nim.workloads",
                "query",
                "nim.capacity.rates",
                "5",
                "nim.generator",
                "4/4",
                "nim.capacity.inFlight",
                "4");
        assertThat(levels(Program.capacity(), rates))
                .singleElement()
                .satisfies(level -> assertThat(level.concurrency()).isEqualTo(1));

        Map<String, String> tooFew = new HashMap<>(rates);
        tooFew.put("nim.capacity.inFlight", "3");
        assertThatThrownBy(() -> levels(Program.capacity(), tooFew))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.capacity.inFlight=3 is fewer than the 4 generators of nim.generator=4/4, of which each"
                        + " keeps its part of the rate; give at least 4, or fewer generators");
    }
}
