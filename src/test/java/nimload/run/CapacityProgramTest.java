package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.plan.SettingValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityProgramTest {
    private static Program read(String settings) {
        Program program = Program.capacity();
        program.check(SettingValues.of(
                Stream.of(settings.split(" "))
                        .map(setting -> setting.split("=", 2))
                        .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1])),
                Map.of()));
        return program;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim.duration=60s|a step is as long as its verdict needs; nim.capacity.maxDuration bounds all together",
                "nim.warmup=5s|a step is as long as its verdict needs; nim.capacity.maxDuration bounds all together",
                "nim.samples=500|a step is as long as its verdict needs; nim.capacity.maxDuration bounds all together",
                "nim.precision=2%|a step is as long as its verdict needs; nim.capacity.maxDuration bounds all together",
                "nim.maxDuration=60s|a step is as long as its verdict needs; nim.capacity.maxDuration bounds all together",
                "nim.slo=slo.yaml|a search has its limits in nim.capacity.limit",
                "nim.generator=1/2|a search goes by what one generator sees; several keep the fixed rates of"
                        + " nim.capacity.rates",
                "nim.repeat=3|a search repeats its steps as it needs",
                "nim.capacity.limit=p95<=9ms nim.capacity.rates=50|fixed rates are not searched, and their limits are those"
                        + " of nim.slo",
                "nim.capacity.start=5 nim.capacity.rates=50|fixed rates are not searched, and their limits are those of"
                        + " nim.slo",
                "nim.capacity.max=5 nim.capacity.rates=50|fixed rates are not searched, and their limits are those of"
                        + " nim.slo",
                "nim.capacity.precision=5% nim.capacity.rates=50|fixed rates are not searched, and their limits are those"
                        + " of nim.slo",
                "nim.capacity.maxDuration=5m nim.capacity.rates=50|fixed rates are not searched, and their limits are"
                        + " those of nim.slo",
                "nim.capacity.arrivals=constant nim.capacity.by=concurrency|with nim.capacity.by=concurrency users send",
                "nim.capacity.inFlight=8 nim.capacity.by=concurrency|with nim.capacity.by=concurrency users send",
            })
    void aSettingThatWouldDoNothingIsRefused(String settings, String why) {
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(UserError.class)
                .hasMessage(settings.split(" ")[0] + " is not for CapacitySimulation: " + why + "; leave it out");
    }

    @Test
    void failedRequestsArePartOfASearchAndFailFixedRates() {
        assertThat(read("nim.capacity.by=rate").failsWithRequests()).isFalse();
        assertThat(read("nim.capacity.rates=50 nim.duration=9s nim.slo=slo.yaml")
                        .failsWithRequests())
                .isTrue();
    }
}
