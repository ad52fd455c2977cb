package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.page.CostText;
import nimload.plan.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostTest {
    private static final List<String> THREE = List.of("http://a:8000", "http://b:8000", "http://c:8000");

    private static Optional<Cost> cost(Map<String, String> settings, List<String> replicas, LevelResults level) {
        return Cost.of(Made.info(settings, replicas), level);
    }

    @Test
    void aUnitOfMoneyBuysTheTextsOfTheGpuTimeThatItPaysFor() {
        // 1,000 texts/s are 3.6 million an hour; an hour of one GPU costs 2.50.
        LevelResults level = Made.query(3).requestsPerSecond(1000).results();
        Cost cost = cost(Map.of("nim.gpuHour", "2.50 EUR"), List.of(), level).orElseThrow();
        assertThat(cost.itemsPerMoney().orElseThrow()).isEqualTo(1_440_000, within(1e-6));
        assertThat(cost.gpus()).isEqualTo(1);
        assertThat(CostText.of(cost, Workload.QUERY)).isEqualTo("1.44 million texts per EUR");
        assertThat(CostText.basis(cost)).contains("2.50 EUR per GPU hour, 1 GPU");
    }

    @Test
    void eachReplicaHasAGpuUnlessTheUserSaysHowManyThereAre() {
        LevelResults level = Made.query(3).requestsPerSecond(1000).results();
        Cost assumed = cost(Map.of("nim.gpuHour", "2"), THREE, level).orElseThrow();
        assertThat(assumed.itemsPerMoney().orElseThrow()).isEqualTo(600_000, within(1e-6));
        assertThat(CostText.basis(assumed)).contains("2 per GPU hour, 3 GPUs");
        Cost given = cost(Map.of("nim.gpuHour", "2", "nim.embedding.gpus", "6"), THREE, level)
                .orElseThrow();
        assertThat(given.itemsPerMoney().orElseThrow()).isEqualTo(300_000, within(1e-6));
        assertThat(CostText.of(given, Workload.QUERY)).isEqualTo("300,000 texts per unit of money");
    }

    @Test
    void aKilowattHourIsThreePointSixMillionJoules() {
        LevelResults level = Made.query(3).joulesPer1000Items(720).results();
        Cost cost = cost(Map.of(), List.of(), level).orElseThrow();
        assertThat(cost.itemsPerKilowattHour().orElseThrow()).isEqualTo(5_000_000, within(1e-6));
        assertThat(cost.itemsPerMoney()).isEmpty();
        assertThat(CostText.of(cost, Workload.RERANKING)).isEqualTo("5.00 million pairs per kWh");
        assertThat(CostText.basis(cost)).isEmpty();
    }

    @Test
    void whatIsNotKnownIsNotThere() {
        LevelResults noRate = Made.query(3).results();
        LevelResults noJoules =
                Made.query(3).requestsPerSecond(1).joulesPer1000Items(0).results();
        assertThat(cost(Map.of("nim.gpuHour", "2"), List.of(), noRate)).isEmpty();
        assertThat(cost(Map.of(), List.of(), noJoules)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.01234,0.0123",
        "0.999,0.999",
        "1.5,1.50",
        "12.34,12.3",
        "123.4,123",
        "12345,'12,300'",
        "999499,'999,000'",
        "999999,'1,000,000'",
        "1000000,1.00 million",
        "1234567890,1.23 billion"
    })
    void aCostHasThreeDigits(double items, String text) {
        Cost cost = new Cost(OptionalDouble.of(items), Optional.empty(), 1, OptionalDouble.empty());
        assertThat(CostText.of(cost, Workload.QUERY)).isEqualTo(text + " texts per unit of money");
    }
}
