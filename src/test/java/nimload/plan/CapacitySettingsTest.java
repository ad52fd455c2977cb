package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import nimload.UserError;
import nimload.plan.CapacitySettings.By;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacitySettingsTest {
    private static CapacitySettings of(String... namesAndValues) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put("nim.capacity." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return CapacitySettings.read(SettingValues.of(properties, Map.of()));
    }

    @Test
    void withoutSettingsAPoissonRateIsSearched() {
        CapacitySettings settings = of();

        assertThat(settings.by()).isEqualTo(By.RATE);
        assertThat(settings.start()).isEmpty();
        assertThat(settings.most()).isEqualTo(20_000);
        assertThat(settings.rates()).isEmpty();
        assertThat(settings.load(5)).isEqualTo(Load.poisson(5));
        assertThat(of("arrivals", "constant").load(5)).isEqualTo(Load.constant(5));
    }

    @Test
    void requestsArriveEvery10SecondsAtTheLeastAndUsersAreWhole() {
        assertThat(of("rates", "0.1, 20000").rates()).containsExactly(0.1, 20_000.0);
        assertThat(of("start", "0.1").start()).hasValue(0.1);
        assertThat(of("by", "concurrency", "start", "1", "max", "256").most()).isEqualTo(256);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate        | rates | 0.09,5 | nim.capacity.rates=0.09: out of range; give a rate per second from 0.1 to 20000, e.g. -Dnim.capacity.rates=20",
                "rate        | start | 0.09   | nim.capacity.start=0.09: out of range; give a rate per second from 0.1 to 20000, e.g. -Dnim.capacity.start=20",
                "rate        | max   | 20001  | nim.capacity.max=20001: out of range; give a rate per second from 0.1 to 20000, e.g. -Dnim.capacity.max=20",
                "rate        | max   | 2O     | nim.capacity.max=2O: \"2O\" is not a number; give a rate per second from 0.1 to 20000, e.g. -Dnim.capacity.max=20",
                "rate        | rates | 5,5    | nim.capacity.rates=5,5: not rising; give each rate once, the lowest first, e.g. -Dnim.capacity.rates=50,100,200",
                "concurrency | rates | 5      | nim.capacity.rates=5: rates, and nim.capacity.by=concurrency; give one of the two; grids have users",
                "concurrency | start | 1.5    | nim.capacity.start=1.5: \"1.5\" is not a whole number; give whole numbers from 1 to 256, e.g. -Dnim.capacity.start=1",
                "concurrency | max   | 257    | nim.capacity.max=257: 257 is out of range; give whole numbers from 1 to 256, e.g. -Dnim.capacity.max=1",
            })
    void whatIsNotRightIsRefusedWithWhatWouldBe(String by, String name, String value, String message) {
        assertThatThrownBy(() -> of("by", by, name, value))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }
}
