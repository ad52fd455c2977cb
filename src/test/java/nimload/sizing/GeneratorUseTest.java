package nimload.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Shape;
import nimload.plan.Workload;
import nimload.sizing.GeneratorUse.Bodies;
import nimload.sizing.GeneratorUse.Network;
import nimload.sizing.GeneratorUse.Resource;
import org.junit.jupiter.api.Test;

class GeneratorUseTest {
    private static final Shape QUERY = new Shape(Workload.QUERY, 20, 0, 1);

    private static GeneratorUse of(MeasuredRun run) {
        return GeneratorUse.of(run.results(), QUERY);
    }

    @Test
    void cpuPerRequestIsThatOfTheLevelWithTheHighestRate() {
        GeneratorUse use = of(new MeasuredRun()
                .users(1, 100, 4, 6)
                .cpu(0.5, 10)
                .users(9, 500, 8, 9)
                .cpu(0.01, 2)
                .users(15, 900, 9, 10)
                .cpu(0.9, 2)
                .notValid()
                .users(16, 901, 9, 10)
                .cpu(0.9, 2)
                .requests(99));
        // 1 % of 16 cores for 2 s and 1000 requests
        assertThat(use.cpuMillis().orElseThrow()).isCloseTo(0.32, within(1e-12));
        assertThat(use.meanMillis()).hasValue(4);
    }

    @Test
    void cpuThatWasNotMeasuredIsUnknownAndNotZero() {
        assertThat(of(new MeasuredRun().users(1, 100, 4, 6)).cpuMillis()).isEmpty();
        assertThat(of(new MeasuredRun().users(1, 100, 4, 6).cpu(0, 10)).cpuMillis())
                .isEmpty();
        assertThat(of(new MeasuredRun()))
                .isEqualTo(new GeneratorUse(
                        OptionalDouble.empty(), OptionalDouble.of(16), OptionalDouble.empty(), Optional.empty()));
    }

    @Test
    void bodiesAreThoseOfTheSameLevelAndOneAloneIsNone() {
        assertThat(of(new MeasuredRun()
                                .users(1, 100, 4, 6)
                                .bytes(1, 2)
                                .users(9, 500, 8, 9)
                                .bytes(250.5, 19_145))
                        .bodies())
                .contains(new Bodies(250.5, 19_145));
        assertThat(of(new MeasuredRun().users(1, 100, 4, 6).bytes(250, -1)).bodies())
                .isEmpty();
    }

    @Test
    void theScarcestResourceComesFirst() {
        GeneratorUse use = new GeneratorUse(
                OptionalDouble.of(0.5), OptionalDouble.of(10), OptionalDouble.of(20), Optional.empty());
        List<Resource> small = use.at(28_000, Optional.of(new Network(new Bodies(250, 10_000), 10e9)));
        assertThat(small).extracting(Resource::name).containsExactly("CPU", "network", "sockets");
        // 14 cores busy of 10 × 70 %; 280 MB/s of 10 Gbit/s × 70 %; 560 requests in flight
        assertThat(small.get(0).generators()).isCloseTo(2, within(1e-9));
        assertThat(small.get(1).generators()).isCloseTo(0.32, within(1e-9));
        assertThat(small.get(2).generators()).isCloseTo(560.0 / 28_232, within(1e-9));
        assertThat(use.at(28_000, Optional.of(new Network(new Bodies(250, 10_000), 1e9)))
                        .get(0)
                        .name())
                .isEqualTo("network");
        assertThat(use.at(28_000, Optional.of(new Network(new Bodies(100_000, 250), 1e9)))
                        .get(0)
                        .generators())
                .isCloseTo(32, within(1e-9));
    }

    @Test
    void whatIsNotKnownIsNotListed() {
        assertThat(new GeneratorUse(
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                Optional.empty())
                        .at(1000, Optional.empty()))
                .isEmpty();
    }
}
