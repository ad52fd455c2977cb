package nimload.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.measure.ClientLoad;
import nimload.measure.ErrorKind;
import nimload.measure.LevelRecorder;
import nimload.measure.LoadPointResult;
import nimload.measure.Observations;
import nimload.measure.RecordedLevel;
import nimload.measure.TokenCheck;
import nimload.page.ReportPage;
import nimload.plan.ClockOffset;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Share;
import nimload.plan.Workload;
import nimload.results.Estimate;
import nimload.results.Generator;
import nimload.results.Generator.Window;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.ResultsFile;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergedRunTest {
    private static final int MANY = 8;
    private static final LoadPoint POINT = new LoadPoint(Workload.QUERY, 20, 0, 1, MANY);
    private static final Instant OPENED = Made.STARTED;
    private static final long WINDOW_NANOS = 10_000_000_000L;

    /** A part's window, and how far its clock was ahead. */
    private record Clocked(double lateMs, double seconds, Optional<ClockOffset> clock) {
        static final Clocked ON_TIME = new Clocked(0, 10, Optional.empty());
    }

    /** Latencies in ns, in no order and with ties; none is so long that nothing is answered meanwhile. */
    private static List<Long> latencies(long seed, int count) {
        Random random = new Random(seed);
        List<Long> latencies = new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> Math.min(50_000_000, Math.round(2_000_000 * Math.exp(random.nextGaussian()))))
                .toList());
        latencies.addAll(Collections.nCopies(count / 10, 5_000_000L));
        return latencies;
    }

    /** Up to minutes, where a histogram no longer tells neighbouring µs apart. */
    private static List<Long> wideLatencies(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> Math.round(300_000 * Math.exp(random.nextGaussian() * 4 + 3)))
                .toList();
    }

    private static LevelResults recorded(List<Long> latencies, int failures) {
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofSeconds(10), 0);
        for (int i = 0; i < latencies.size(); i++) {
            long sent = (WINDOW_NANOS - 1) * i / latencies.size();
            RecordedLevel.success(recorder, sent, sent + latencies.get(i), OptionalLong.of(20));
            recorder.size(1, 20, OptionalLong.of(20), 200, latencies.get(i) / 1000);
        }
        for (int i = 0; i < failures; i++) {
            RecordedLevel.failure(recorder, i, i + 1, i % 2 == 0 ? ErrorKind.TIMEOUT : ErrorKind.CONNECTION, "no");
        }
        return new LoadPointResult(
                        POINT,
                        RecordedLevel.closed(recorder, WINDOW_NANOS),
                        new TokenCheck(20, 0, true),
                        new ClientLoad(OptionalDouble.of(0.5), OptionalDouble.of(0.25)),
                        Observations.NONE,
                        OPENED.plusSeconds(12))
                .results();
    }

    private static LevelResults part(Share share, LevelResults level, Clocked clocked) {
        Instant opened = OPENED.plusNanos(Math.round(clocked.lateMs * 1e6));
        Window window = new Window(1, opened, opened.plusNanos(Math.round(clocked.seconds * 1e9)), clocked.lateMs);
        return level.asPartOf(
                POINT, Generator.of(share.number(), "host-" + share.number(), List.of(window), clocked.clock, level));
    }

    private static RunResults run(Share share, Map<String, String> more, List<LevelResults> levels) {
        Map<String, String> effective = new HashMap<>(Map.of(RunInfo.GENERATOR, share.text(), "seed", "7"));
        effective.putAll(more);
        RunInfo info = Made.info(1, 1);
        return RunResults.of(
                new RunInfo(
                        info.tool(),
                        info.id(),
                        info.started(),
                        1,
                        info.emulated(),
                        info.targets(),
                        info.durationSeconds(),
                        info.warmUpSeconds(),
                        1,
                        info.settings(),
                        effective,
                        info.client(),
                        info.notes()),
                levels);
    }

    private static RunResults run(Share share, LevelResults level, Clocked clocked) {
        return run(share, Map.of(), List.of(part(share, level, clocked)));
    }

    private static final TargetResults SERVER = new TargetResults("http://10.0.0.5:8000", "a/b", false, Map.of());

    /** The same of another target, or measured for other times. */
    private static RunResults with(RunResults run, TargetResults target, double seconds, double warmUpSeconds) {
        RunInfo info = run.info();
        return RunResults.of(
                new RunInfo(
                        info.tool(),
                        info.id(),
                        info.started(),
                        info.levelsPlanned(),
                        target.emulated(),
                        Map.of("embedding", target),
                        OptionalDouble.of(seconds),
                        OptionalDouble.of(warmUpSeconds),
                        info.repeats(),
                        info.settings(),
                        info.effective(),
                        info.client(),
                        info.notes()),
                run.levels());
    }

    /** As they come out of their files. */
    private static RunResults merged(List<RunResults> parts) throws Exception {
        List<RunResults> read = new ArrayList<>();
        for (RunResults part : parts) {
            read.add(ResultsFile.parse(ResultsFile.json(part)));
        }
        return MergedRun.of("20261122-160000", read);
    }

    private static List<RunResults> two(Clocked first, Clocked second) {
        return List.of(
                run(new Share(1, 2), recorded(latencies(1, 500), 0), first),
                run(new Share(2, 2), recorded(latencies(2, 500), 0), second));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void eightGeneratorsHaveToTheLastDigitThePercentilesOfOneRecorderThatWasGivenAllSamples(long seed)
            throws Exception {
        List<RunResults> parts = new ArrayList<>();
        List<Long> all = new ArrayList<>();
        int failures = 0;
        for (int number = 1; number <= MANY; number++) {
            List<Long> own =
                    seed == 1 ? latencies(number, 40 * number) : wideLatencies(100 * seed + number, 40 * number);
            all.addAll(own);
            failures += number;
            parts.add(run(new Share(number, MANY), recorded(own, number), Clocked.ON_TIME));
        }
        LevelResults one = recorded(all, failures);

        LevelResults merged = merged(parts).levels().get(0);

        for (Percentile percentile : Percentile.values()) {
            assertThat(one.percentile(percentile)).isPresent();
            assertThat(merged.percentile(percentile)).as(percentile.key()).isEqualTo(one.percentile(percentile));
        }
        assertThat(merged.latencyHistogram().orElseThrow().decode())
                .isEqualTo(one.latencyHistogram().orElseThrow().decode());
        assertThat(merged.latency().min()).isEqualTo(one.latency().min());
        assertThat(merged.latency().max()).isEqualTo(one.latency().max());
        // Each part's mean is rounded to a µs in its file.
        assertThat(merged.latency().avg().orElseThrow())
                .isEqualTo(one.latency().avg().orElseThrow(), within(0.0011));
        assertThat(merged.latency().std().orElseThrow())
                .isEqualTo(
                        one.latency().std().orElseThrow(),
                        within(one.latency().std().orElseThrow() * 1e-6));
        assertThat(merged.requests().count()).isEqualTo(one.requests().count());
        assertThat(merged.requests().errors()).isEqualTo(one.requests().errors());
        assertThat(merged.requests().errorsByKind())
                .containsOnlyKeys(ErrorKind.TIMEOUT.key(), ErrorKind.CONNECTION.key())
                .allSatisfy((kind, count) -> assertThat(count)
                        .isEqualTo(parts.stream()
                                .mapToLong(part -> part.levels()
                                        .get(0)
                                        .requests()
                                        .errorsByKind()
                                        .getOrDefault(kind, 0L))
                                .sum()));
        assertThat(merged.evidence().ledger()).isEqualTo(one.evidence().ledger());
        assertThat(merged.throughput().requestsPerSecond().orElseThrow())
                .as("each part's is rounded to a thousandth")
                .isEqualTo(one.throughput().requestsPerSecond().orElseThrow(), within(0.0005 * (MANY + 1)));
        assertThat(merged.throughput().elapsedSeconds()).hasValue(10);
        assertThat(merged.tokens().measuredPerItem()).hasValue(20);
        assertThat(merged.throughput().requestBytes()).hasValue(200);
        assertThat(merged.throughput().answerBytes().orElseThrow())
                .as("each part's is rounded to a tenth")
                .isEqualTo(one.throughput().answerBytes().orElseThrow(), within(0.11));
    }

    @Test
    void whatThePartsDoNotHoldIsLeftOut() throws Exception {
        LevelResults merged =
                merged(two(Clocked.ON_TIME, Clocked.ON_TIME)).levels().get(0);

        assertThat(merged.latency().percentiles().values())
                .isNotEmpty()
                .allSatisfy(estimate -> assertThat(estimate.interval()).isEmpty());
        assertThat(merged.throughput().requests().flatMap(Estimate::interval)).isEmpty();
        assertThat(merged.course().timeline()).isEmpty();
        assertThat(merged.server()).isEmpty();
        assertThat(merged.client().machineCpu()).isEmpty();
        assertThat(merged.evidence().interruptions().orElseThrow().longestSilenceMs())
                .isEmpty();
    }

    @Test
    void aRowPerGeneratorStaysAndThePageShowsIt() throws Exception {
        RunResults merged = merged(two(Clocked.ON_TIME, new Clocked(1.5, 10, Optional.of(new ClockOffset(2.5, 0.5)))));

        assertThat(merged.levels().get(0).client().generators())
                .extracting(Generator::host)
                .containsExactly("host-1", "host-2");
        assertThat(merged.complete()).isTrue();
        assertThat(ReportPage.html(merged)).contains("generator-levels", "host-1", "host-2");
        assertThat(ResultsFile.parse(ResultsFile.json(merged))).isEqualTo(merged);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10, true",
        "200, 10, true",
        "201, 10, false",
        "-200, 10, true",
        "-201, 10, false",
        "0, 9.8, true",
        "0, 9.79, false",
        "10000, 10, false",
        "20000, 10, false"
    })
    void windowsThatOverlapByLessThan98PercentMarkTheLevel(double lateMs, double seconds, boolean together)
            throws Exception {
        LevelResults merged = merged(two(Clocked.ON_TIME, new Clocked(lateMs, seconds, Optional.empty())))
                .levels()
                .get(0);

        assertThat(merged.validity().reasons().stream()
                        .filter(reason ->
                                reason.startsWith("not together: the generators measured at the same time for"))
                        .count())
                .isEqualTo(together ? 0 : 1);
    }

    @Test
    void aPartThatDoesNotSayWhenItMeasuredMayNotHaveMeasuredTogetherWithTheOthers() throws Exception {
        LevelResults level = recorded(latencies(1, 500), 0);
        RunResults first = run(new Share(1, 3), level, Clocked.ON_TIME);
        RunResults second = run(new Share(2, 3), level, new Clocked(5000, 10, Optional.empty()));
        RunResults withoutRow = run(new Share(3, 3), Map.of(), List.of(level));
        RunResults withoutWindow = run(
                new Share(3, 3),
                Map.of(),
                List.of(level.asPartOf(POINT, Generator.of(3, "host-3", List.of(), Optional.empty(), level))));
        String unknown = "not together: when generator 3 measured is not known";

        assertThat(notTogether(first, withoutRow)).containsExactly(unknown);
        assertThat(notTogether(first, withoutWindow)).containsExactly(unknown);
        assertThat(notTogether(first, second, withoutRow))
                .containsExactly(
                        unknown, "not together: the generators measured at the same time for 50.0 % of the window");
        assertThat(notTogether(withoutRow)).as("of itself alone").isEmpty();
    }

    private static List<String> notTogether(RunResults... parts) throws Exception {
        return merged(List.of(parts)).levels().get(0).validity().reasons().stream()
                .filter(reason -> reason.startsWith("not together"))
                .toList();
    }

    /** The second left out repeat 2 of three; repeats are 100 s apart. */
    @Test
    void windowsOfTheSameRepeatAreHeldAgainstEachOther() throws Exception {
        LevelResults level = recorded(latencies(1, 500), 0);
        assertThat(notTogether(windows(1, level, 1, 2, 3), windows(2, level, 1, 3)))
                .isEmpty();
        assertThat(notTogether(windows(1, level, 1, 2, 3), windows(2, level, 0, 0)))
                .as("an older file, of which the windows count")
                .containsExactly("not together: the generators measured at the same time for 50.0 % of the window");
        assertThat(notTogether(windows(1, level, 1), windows(2, level, 2)))
                .containsExactly("not together: the generators measured at the same time for 0.0 % of the window");
    }

    /** @param repeats of an older file 0: the first and the third */
    private static RunResults windows(int number, LevelResults level, int... repeats) {
        List<Window> windows = IntStream.range(0, repeats.length)
                .mapToObj(index -> {
                    int repeat = repeats[index] == 0 ? 1 + 2 * index : repeats[index];
                    Instant opened = OPENED.plusSeconds(100L * repeat);
                    return new Window(repeats[index], opened, opened.plusSeconds(10), 0);
                })
                .toList();
        Share share = new Share(number, 2);
        return run(
                share,
                Map.of(),
                List.of(level.asPartOf(
                        POINT, Generator.of(number, "host-" + number, windows, Optional.empty(), level))));
    }

    @Test
    void windowsAreHeldAgainstOneClockAndItsBoundCountsAgainstThem() throws Exception {
        ClockOffset reference = new ClockOffset(0, 0);
        // Its clock showed the same, but was a second behind: it opened a second after the other.
        assertThat(merged(two(
                                new Clocked(0, 10, Optional.of(reference)),
                                new Clocked(0, 10, Optional.of(new ClockOffset(-1000, 1)))))
                        .levels()
                        .get(0)
                        .validity()
                        .reasons())
                .contains("not together: the generators measured at the same time for 89.9 % of the window");
        assertThat(merged(two(
                                new Clocked(0, 10, Optional.of(reference)),
                                new Clocked(-1000, 10, Optional.of(new ClockOffset(-1000, 150)))))
                        .levels()
                        .get(0)
                        .validity()
                        .reasons())
                .noneMatch(reason -> reason.startsWith("not together"));
        assertThat(merged(two(
                                new Clocked(0, 10, Optional.of(reference)),
                                new Clocked(-1000, 10, Optional.of(new ClockOffset(-1000, 250)))))
                        .levels()
                        .get(0)
                        .validity()
                        .reasons())
                .contains("not together: the generators measured at the same time for 97.5 % of the window");
    }

    @Test
    void theLargestDifferenceOfTheClocksIsStatedWithItsBoundOrThatItIsNotKnown() throws Exception {
        assertThat(merged(two(
                                new Clocked(0, 10, Optional.of(new ClockOffset(2.5, 0.5))),
                                new Clocked(0, 10, Optional.of(new ClockOffset(-4, 1)))))
                        .info()
                        .notes())
                .contains("The generators' clocks differed by up to 6.5 ms, known to ± 1.5 ms.");
        Clocked sameClock = new Clocked(0, 10, Optional.of(new ClockOffset(2, 0.25)));
        assertThat(merged(two(sameClock, sameClock)).info().notes())
                .contains("The generators' clocks differed by up to 0.0 ms, known to ± 0.5 ms.");
        assertThat(merged(two(new Clocked(0, 10, Optional.of(new ClockOffset(2.5, 0.5))), Clocked.ON_TIME))
                        .info()
                        .notes())
                .contains("The generators' clocks were not compared: how far their windows overlapped is by what each"
                        + " clock showed.");
    }

    @Test
    void aLostGeneratorMarksTheLevelsThatItLacksAndTheOthersNumbersStay() throws Exception {
        LevelResults level = recorded(latencies(1, 500), 0);
        RunResults first = run(new Share(1, 2), level, Clocked.ON_TIME);
        RunResults lost = run(new Share(2, 2), Map.of(), List.of());

        for (List<RunResults> parts : List.of(List.of(first, lost), List.of(first))) {
            RunResults merged = merged(parts);
            LevelResults of = merged.levels().get(0);
            assertThat(merged.complete()).isFalse();
            assertThat(of.valid()).isFalse();
            assertThat(besidesFirst(of)).containsExactly("generator 2 is missing: the level had 4 of its 8 users less");
            assertThat(of.latency().at(Percentile.P99)).isEqualTo(level.percentile(Percentile.P99));
            assertThat(of.throughput().requestsPerSecond())
                    .isEqualTo(level.throughput().requestsPerSecond());
        }
        assertThat(merged(List.of(first)).info().notes())
                .startsWith("Merged from 1 of 2 generators.", "Nothing is known of generator 2.");
    }

    /** Its rate is dealt out, whatever may be in flight. */
    @Test
    void aLostGeneratorOfAnOpenLevelIsMissingAlsoWithoutAUserOfItsOwn() throws Exception {
        LoadPoint open = new LoadPoint(Workload.QUERY, 20, 0, 1, 1).at(Load.constant(10));
        LevelResults first = new Made.Level(open).requestsPerSecond(5).results();

        RunResults merged = merged(List.of(run(new Share(1, 2), Map.of(), List.of(first))));

        assertThat(merged.levels().get(0).validity().reasons())
                .contains("generator 2 is missing: the level had 1/2 of its rate less");
    }

    @Test
    void levelsThatOnlyALostGeneratorHadUsersOfArePlannedAndMissing() throws Exception {
        LevelResults level = recorded(latencies(1, 500), 0);
        Map<String, String> ofTwo = Map.of(RunInfo.LEVELS_OF_ALL, "2");
        RunResults second = run(new Share(2, 2), ofTwo, List.of(part(new Share(2, 2), level, Clocked.ON_TIME)));

        RunResults merged = merged(List.of(second));

        assertThat(merged.info().levelsPlanned()).isEqualTo(2);
        assertThat(merged.complete()).isFalse();
        assertThat(merged.gap()).contains("1 of 2 levels have results");
        assertThat(merged.info().effective())
                .as("is levelsPlanned now")
                .doesNotContainKey(RunInfo.LEVELS_OF_ALL)
                .containsEntry("generators", "2");

        Map<String, String> ofThree = Map.of(RunInfo.LEVELS_OF_ALL, "3");
        RunResults first = run(new Share(1, 2), ofThree, List.of(part(new Share(1, 2), level, Clocked.ON_TIME)));
        assertThat(merged(List.of(first, second)).info().levelsPlanned())
                .as("one of them was refused a level")
                .isEqualTo(3);
    }

    @Test
    void whatSpeaksAgainstAPartSpeaksAgainstTheLevelAndNamesTheGenerator() throws Exception {
        LevelResults limited = new Made.Level(POINT)
                .requestsPerSecond(50)
                .notValid("client-limited: it stood still")
                .results();
        RunResults merged = merged(List.of(
                run(new Share(1, 2), recorded(latencies(1, 500), 0), Clocked.ON_TIME),
                run(new Share(2, 2), limited, Clocked.ON_TIME)));

        assertThat(besidesFirst(merged.levels().get(0)))
                .containsExactly("generator 2: client-limited: it stood still", "generator 2 has 0 of 1 repeats");
        assertThat(merged.levels().get(0).latency().percentiles())
                .as("a part with answers has no histogram")
                .isEmpty();
    }

    @Test
    void differentAddressesMarkTheLevelsSinceTheyMayBeOfTwoServers() throws Exception {
        RunResults first = run(new Share(1, 2), recorded(latencies(1, 500), 0), Clocked.ON_TIME);
        RunResults second = run(new Share(2, 2), recorded(latencies(2, 500), 0), Clocked.ON_TIME);

        assertThat(different(first, with(second, SERVER, 5, 1.5))).isEmpty();
        TargetResults other = new TargetResults("http://10.0.0.6:8000", "a/b", false, Map.of());
        assertThat(different(first, with(second, other, 5, 1.5)))
                .containsExactly("different addresses: generator 1 measured http://10.0.0.5:8000, generator 2"
                        + " http://10.0.0.6:8000");
        assertThat(different(replicas(first, "http://a", "http://b"), replicas(second, "http://b", "http://a")))
                .as("a name gives its addresses in any order")
                .isEmpty();
        assertThat(different(replicas(first, "http://a", "http://b"), replicas(second, "http://a", "http://c")))
                .containsExactly("different addresses: generator 1 measured http://a, http://b, generator 2 http://a,"
                        + " http://c");
    }

    private static RunResults replicas(RunResults run, String... urls) {
        return with(run, new TargetResults(urls[0], List.of(urls), "a/b", false, Map.of(), Map.of()), 5, 1.5);
    }

    private static List<String> different(RunResults first, RunResults second) throws Exception {
        return merged(List.of(first, second)).levels().get(0).validity().reasons().stream()
                .filter(reason -> reason.startsWith("different"))
                .toList();
    }

    /** Its made-up requests do not fill the level. */
    private static List<String> besidesFirst(LevelResults level) {
        return level.validity().reasons().stream()
                .filter(reason -> !reason.startsWith("generator 1: too short"))
                .toList();
    }

    @Test
    void whatIsNotOneRunIsNotMerged() {
        LevelResults level = recorded(latencies(1, 20), 0);
        RunResults first = run(new Share(1, 2), level, Clocked.ON_TIME);
        assertThatThrownBy(() -> merged(List.of(first, first)))
                .isInstanceOf(UserError.class)
                .hasMessage("generator 1/2 is there more than once; give each generator's run once");
        assertThatThrownBy(() -> merged(List.of(
                        first,
                        run(
                                new Share(2, 2),
                                Map.of("seed", "8"),
                                List.of(part(new Share(2, 2), level, Clocked.ON_TIME))))))
                .isInstanceOf(UserError.class)
                .hasMessage("generators 1/2 and 2/2 did not make one run together: seed 7 and 8; give parts of one run,"
                        + " with the same settings and nim.startAt");
        assertThatThrownBy(() -> merged(List.of(first, run(new Share(2, 3), level, Clocked.ON_TIME))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("generator of 2 and of 3");
        RunResults second = run(new Share(2, 2), level, Clocked.ON_TIME);
        assertThatThrownBy(() -> merged(List.of(first, with(second, SERVER, 30, 1.5))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did not make one run together: nim.duration 5.0s and 30.0s; give parts");
        assertThatThrownBy(() -> merged(List.of(first, with(second, SERVER, 5, 0))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did not make one run together: nim.warmup 1.5s and 0.0s; give parts");
        TargetResults embedded = new TargetResults("http://127.0.0.1:40123", "a/b", true, Map.of());
        assertThatThrownBy(() -> merged(List.of(first, with(second, embedded, 5, 1.5))))
                .isInstanceOf(UserError.class)
                .hasMessage("generator 2/2 loaded the embedded NIM in its own process, which the other generators did"
                        + " not reach, so nothing adds up; run all of them with the same -Dnim.embedding.url, e.g. that"
                        + " of exec:java@emulator");
        assertThatThrownBy(() -> merged(List.of(Made.run(List.of(level)))))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "run 20261122-150000 was not made by one of several generators, so there is nothing to merge"
                                + " it with; give runs made with nim.generator");
    }
}
