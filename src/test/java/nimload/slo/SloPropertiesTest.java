package nimload.slo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import nimload.UserError;
import nimload.measure.RecordedLevel;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.SloCheck;
import nimload.slo.LevelSelector.Range;

class SloPropertiesTest {

    @Property
    void aLatencyOfWholeMicrosecondsIsReadExactlyInBothUnits(
            @ForAll @LongRange(min = 1, max = 999_999_999) long micros) {
        BigDecimal millis = BigDecimal.valueOf(micros, 3);
        assertThat(SloValues.latencyMillis(millis.toPlainString() + "ms")).hasValue(micros / 1e3);
        assertThat(SloValues.latencyMillis(BigDecimal.valueOf(micros, 6).toPlainString() + "s"))
                .hasValue(micros / 1e3);
        assertThat(SloValues.latencyMillis(millis.toPlainString())).isEmpty();
        assertThat(SloValues.latencyMillis("-" + millis.toPlainString() + "ms")).isEmpty();
    }

    @Property
    void aShareIsReadExactlyUpTo100Percent(@ForAll @IntRange(min = 0, max = 200_000) int thousandths) {
        OptionalDouble share =
                SloValues.share(BigDecimal.valueOf(thousandths, 3).toPlainString() + "%");
        if (thousandths <= 100_000) {
            assertThat(share).hasValue(BigDecimal.valueOf(thousandths, 5).doubleValue());
        } else {
            assertThat(share).isEmpty();
        }
    }

    @Property
    void aRateIsReadInItsThreeSpellings(@ForAll @IntRange(min = 1) int tenths) {
        String number = BigDecimal.valueOf(tenths, 1).toPlainString();
        assertThat(List.of(number, number + "/s", ">= " + number))
                .allSatisfy(text -> assertThat(SloValues.rate(text)).hasValue(Double.parseDouble(number)));
        assertThat(SloValues.rate("-" + number)).isEmpty();
    }

    @Property
    void aRangeHoldsItsEndsAndWhatLiesBetween(
            @ForAll @IntRange(min = 1, max = 5000) int a,
            @ForAll @IntRange(min = 1, max = 5000) int b,
            @ForAll @IntRange(min = 1, max = 5000) int number) {
        Optional<Range> range = SloValues.range(a + "-" + b);
        assertThat(range.isPresent()).isEqualTo(a <= b);
        range.ifPresent(is -> assertThat(is.holds(number)).isEqualTo(a <= number && number <= b));
        assertThat(SloValues.range(Integer.toString(a))).contains(new Range(a, a));
    }

    @Property
    void anyTextIsAnSloOrRefusedInOneLine(@ForAll("texts") String yaml) {
        try {
            SloFile.parse("slo.yaml", yaml);
        } catch (UserError e) {
            assertThat(e.getMessage()).startsWith("slo.yaml").doesNotContain("\n");
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                Arbitraries.of(
                                "- ",
                                "p95",
                                "p99.9",
                                "goodput",
                                "workload",
                                "concurrency",
                                ": ",
                                "{",
                                "}",
                                "[",
                                "]",
                                ", ",
                                "\n",
                                "  ",
                                "1s",
                                "99%",
                                "5/s",
                                "1-5",
                                "query",
                                "latency",
                                "atLeast",
                                "&a ",
                                "*a",
                                "<<",
                                "'",
                                "\"",
                                "!!int ",
                                "--- ",
                                "> ",
                                "| ",
                                "# ",
                                "\t",
                                "\u0000")
                        .list()
                        .ofMaxSize(15)
                        .map(parts -> String.join("", parts)));
    }

    @Property(tries = 50)
    void asManyRequestsAreWithinTheLatencyAsThePercentileSays(
            @ForAll @Size(min = 20, max = 60) List<@LongRange(min = 1, max = 2_000_000) Long> micros,
            @ForAll @LongRange(min = 1, max = 2_000_000) long limitMicros) {
        LevelResults level =
                Levels.of(new RecordedLevel().answers(micros.stream().mapToLong(Long::longValue)));
        SloCheck percentile = new Limit.LatencyPercentile(Percentile.P95, limitMicros / 1e3).check(level);
        SloCheck goodput = new Limit.Goodput(limitMicros / 1e3, 0.95, SloCheck.SHARE).check(level);
        assertThat(goodput.met()).isEqualTo(percentile.met());
    }

    @Property(tries = 50)
    void goodputCountsExactlyTheRequestsWithinTheLatency(
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 1, max = 262_000) Long> micros,
            @ForAll @LongRange(min = 1, max = 262_000) long limitMicros) {
        LevelResults level =
                Levels.of(new RecordedLevel().answers(micros.stream().mapToLong(Long::longValue)));
        long within = micros.stream().filter(latency -> latency <= limitMicros).count();
        assertThat(new Limit.Goodput(limitMicros / 1e3, 0.5, SloCheck.SHARE)
                        .check(level)
                        .measured())
                .hasValue((double) within / micros.size());
        assertThat(new Limit.Goodput(limitMicros / 1e3, 0.5, SloCheck.PER_SECOND)
                        .check(level)
                        .measured())
                .hasValue(within / level.throughput().elapsedSeconds().orElseThrow());
    }

    @Property(tries = 50)
    void theHighestConcurrencyIsTheLastBeforeTheFirstThatIsSlower(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 3) Integer> latencies) {
        List<LevelResults> levels = new ArrayList<>();
        for (int i = 0; i < latencies.size(); i++) {
            levels.add(Levels.query(2 * i + 1, new RecordedLevel().answers(20, 1000L * latencies.get(i))));
        }
        int broken =
                latencies.stream().takeWhile(latency -> latency <= 2).toList().size();
        Collections.shuffle(levels);
        assertThat(Levels.evaluate("- p95: 2ms", levels).slo().orElseThrow().highestConcurrency())
                .containsExactly(Map.entry("query, 20 tokens, 1 text", broken == 0 ? 0 : 2 * broken - 1));
    }
}
