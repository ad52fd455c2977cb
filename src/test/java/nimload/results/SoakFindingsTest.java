package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.plan.Workload;
import nimload.results.SoakSlice.ServerState;
import org.junit.jupiter.api.Test;

class SoakFindingsTest {
    private static String sentence(Soak soak) {
        return SoakFindings.of(soak).sentence(soak);
    }

    @Test
    void heldSoakSaysHowItsP95WentAndForHowLong() {
        Soak soak = new MadeSoak().slice(7.1).slice(7.3).slice(7.2).of(3);

        assertThat(sentence(soak)).isEqualTo("held: query p95 7.1 → 7.2 ms over 3 min, 0 errors, no restart");
    }

    @Test
    void neighbouringSlicesWithErrorsAreOneBurst() {
        Soak soak = new MadeSoak()
                .slice(7)
                .slice(7, 3, Optional.empty())
                .slice(7, 9, Optional.empty())
                .slice(7)
                .slice(7, 1, Optional.empty())
                .of(5);

        assertThat(SoakFindings.of(soak).bursts())
                .extracting(SoakFindings.Burst::words)
                .containsExactly(
                        "12 errors in slices 2 to 3 (03:01:00 to 03:03:00 UTC): connection: not established",
                        "1 error in slice 5 (03:04:00 to 03:05:00 UTC): connection: not established");
        assertThat(sentence(soak))
                .startsWith("did not hold: ")
                .contains("13 errors in 2 bursts, the first in slices 2 to 3, ");
    }

    @Test
    void burstNamesTheFirstErrorOfEachKind() {
        Soak soak = new MadeSoak()
                .errors(3, "timeout", "no answer within 30 s")
                .errors(2, "timeout", "no answer within 31 s")
                .errors(1, "http 503", "queue full")
                .of(3);
        assertThat(SoakFindings.of(soak).bursts())
                .extracting(SoakFindings.Burst::words)
                .containsExactly("6 errors in slices 1 to 3 (03:00:00 to 03:03:00 UTC): http 503: queue full;"
                        + " timeout: no answer within 30 s");
        assertThat(SoakFindings.of(new MadeSoak().slice(7).notSent(5).of(1)).bursts())
                .extracting(SoakFindings.Burst::words)
                .containsExactly("5 errors (0 failed, 5 never sent) in slice 1 (03:00:00 to 03:01:00 UTC)");
    }

    @Test
    void slicesThatFollowEachOtherAreOneRange() {
        assertThat(SoakFindings.slices(List.of(3))).isEqualTo("slice 3");
        assertThat(SoakFindings.slices(List.of(2, 3, 5, 7, 8, 9))).isEqualTo("slices 2 to 3, 5, 7 to 9");
        assertThat(SoakFindings.slices(List.of(1, 3))).isEqualTo("slices 1, 3");
    }

    @Test
    void requestsThatWereNeverSentAreErrorsAndCountedApart() {
        Soak soak = new MadeSoak()
                .slice(7, 12, Optional.empty())
                .slice(7)
                .notSent(500)
                .slice(7)
                .of(3);

        assertThat(SoakFindings.of(soak).bursts())
                .extracting(SoakFindings.Burst::words)
                .containsExactly("512 errors (12 failed, 500 never sent) in slices 1 to 2 (03:00:00 to 03:02:00 UTC):"
                        + " connection: not established");
        assertThat(sentence(soak))
                .startsWith("did not hold: ")
                .contains(", 512 errors (12 failed, 500 never sent) in slices 1 to 2, no restart");
        assertThat(sentence(new MadeSoak().slice(7).notSent(1).of(1)))
                .startsWith("did not hold: ")
                .contains(", 1 error (0 failed, 1 never sent) in slice 1");
    }

    @Test
    void restartIsNamedWithItsEvidenceAndBreaksTheSoak() {
        Soak soak = new MadeSoak()
                .slice(7)
                .slice(7, 0, Optional.of("a falling nv_inference_request_success"))
                .of(2);

        assertThat(sentence(soak))
                .isEqualTo("did not hold: query p95 7.0 → 7.0 ms over 2 min, 0 errors, restarted: embedding in slice 2"
                        + " (before 03:02:00 UTC: a falling nv_inference_request_success)");
    }

    @Test
    void noRestartIsClaimedOnlyWhereTheMetricsOfEveryNimWereReadInEverySlice() {
        ServerState read = MadeSoak.server(Optional.empty(), List.of());
        ServerState unread = ServerState.unread("HTTP 503");
        assertThat(sentence(new MadeSoak()
                        .slice(7)
                        .slice(7)
                        .servers(Map.of("embedding", unread))
                        .slice(7)
                        .servers(Map.of())
                        .of(3)))
                .endsWith(", 0 errors, restarts not known (metrics not read in 2 of 3 slices)");
        assertThat(sentence(new MadeSoak()
                        .slice(7)
                        .servers(Map.of("reranking", read))
                        .of(1)))
                .endsWith("restarts not known (metrics not read in 1 of 1 slices)");
        assertThat(sentence(new MadeSoak()
                        .slice(7)
                        .servers(Map.of("embedding http://a:1", read, "embedding http://b:1", unread))
                        .of(1)))
                .contains("restarts not known");
        assertThat(sentence(new MadeSoak()
                        .slice(7)
                        .servers(Map.of("embedding http://a:1", read, "embedding http://b:1", read))
                        .of(1)))
                .endsWith(", no restart");
        assertThat(sentence(new MadeSoak()
                        .slice(7, 0, Optional.of("a fall"))
                        .slice(7)
                        .servers(Map.of("embedding", unread))
                        .of(2)))
                .endsWith("(before 03:01:00 UTC: a fall); others not known (metrics not read in 1 of 2 slices)");
    }

    @Test
    void driftIsNamedWithItsIntervalIfItStandsOutOfTheNoise() {
        MadeSoak rising = new MadeSoak();
        MadeSoak scattered = new MadeSoak();
        for (int i = 0; i < 20; i++) {
            double noise = i % 2 == 0 ? 0.1 : -0.1;
            rising.slice(10 + 0.1 * i + noise);
            scattered.slice(10 + noise);
        }

        assertThat(sentence(rising.of(20))).containsPattern("query p95 rose by 1\\.[89] ms \\(1\\.\\d to 2\\.\\d\\)");
        assertThat(sentence(scattered.of(20))).doesNotContain("rose", "fell");
    }

    @Test
    void slicesThatTheClientLimitedHaveNoPartInTheCourse() {
        MadeSoak made = new MadeSoak().slice(99).reasons("client-limited: busy");
        for (int i = 0; i < 20; i++) {
            made.slice(10 + i % 2);
            made.slice(20 + 10 * i).reasons("client-limited: busy");
        }
        SoakFindings.Course course = SoakFindings.of(made.of(41)).courses().get(Workload.QUERY);
        assertThat(course.words()).isEqualTo("p95 10.0 → 11.0 ms");
        assertThat(course.trend()).isPresent();
        assertThat(course.drift()).isEmpty();

        Soak all = new MadeSoak().slice(7).reasons("client-limited: busy").of(1);
        assertThat(SoakFindings.of(all).courses()).isEmpty();
        assertThat(sentence(all)).startsWith("held: over 1 min, 0 errors");
        assertThat(SoakFindings.of(new MadeSoak().slice(7).reasons("silent").of(1))
                        .courses())
                .hasSize(1);
    }

    @Test
    void killedSoakHasAGapBetweenItsPartsAndIsNotHeldUntilAllSlicesAreThere() {
        MadeSoak made = new MadeSoak().slice(7).killedFor(90).slice(7);

        assertThat(made.of(2).gaps()).extracting(Soak.Gap::length).isEqualTo(List.of(Duration.ofSeconds(90)));
        assertThat(made.of(2).nextPart()).isEqualTo(3);
        assertThat(sentence(made.of(2))).startsWith("held: ").endsWith("; without load 1 min 30 s");
        assertThat(sentence(made.of(3))).startsWith("held so far: ").endsWith("; 2 of 3 slices");
    }

    @Test
    void durationsAreWordedInTheirLargestUnits() {
        assertThat(SoakFindings.text(Duration.ofHours(8))).isEqualTo("8 h");
        assertThat(SoakFindings.text(Duration.ofMinutes(65))).isEqualTo("1 h 5 min");
        assertThat(SoakFindings.text(Duration.ofMillis(29_600))).isEqualTo("30 s");
    }

    @Test
    void serversAndErrorsAreInTheSameOrderInEveryFile() {
        Map<String, ServerState> servers = new LinkedHashMap<>();
        List.of("reranking", "embedding http://b:1", "embedding http://a:1")
                .forEach(name -> servers.put(name, ServerState.unread("x")));
        SoakSlice slice =
                new MadeSoak().slice(7).servers(servers).of(1).slices().get(0);
        assertThat(slice.servers().keySet())
                .containsExactly("embedding http://a:1", "embedding http://b:1", "reranking");
        assertThat(slice.workloads().get(0).responseMs().keySet()).containsExactly("p50", "p95", "p99");
    }

    @Test
    void logWithItsSlicesIsReadBackAsTheSoakItWas() {
        Soak soak = new MadeSoak()
                .slice(7)
                .killedFor(5)
                .slice(8, 2, Optional.empty())
                .of(2);
        RunResults run = new RunResults(RunResults.SCHEMA, Made.info(1, 1), false, List.of(), Optional.empty())
                .withSoak(Optional.of(soak.withVerdict("held")));
        StringBuilder log = new StringBuilder("12:00 " + ResultsLog.line(run) + "\n");
        soak.slices()
                .forEach(slice ->
                        log.append("12:01 ").append(ResultsLog.line(slice)).append('\n'));

        assertThat(ResultsLog.line(run)).doesNotContain("responseMs");
        assertThat(ResultsLog.parse(log.toString()).soak()).contains(soak.withVerdict("held"));
    }
}
