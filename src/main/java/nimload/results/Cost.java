package nimload.results;

import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Price;
import nimload.plan.Remarks;

/**
 * What a level's texts or pairs cost: its rate held against what the user pays for GPUs, and against the energy that the
 * server's own counter reports.
 *
 * @param itemsPerMoney texts or pairs per unit of money: {@code itemsPerSecond × 3600 ÷ (price of a GPU hour × GPUs)};
 *     empty without a price or a rate
 * @param price of one GPU for one hour
 * @param gpus that are paid for
 * @param itemsPerKilowattHour by the energy of all GPUs in the level, whatever used it; empty where the server reports none
 */
public record Cost(OptionalDouble itemsPerMoney, Optional<Price> price, int gpus, OptionalDouble itemsPerKilowattHour) {
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double JOULES_PER_KILOWATT_HOUR = 3.6e6;

    /** Of a level of a run; empty where neither money nor energy is known. */
    public static Optional<Cost> of(RunInfo info, LevelResults level) {
        Remarks remarks = info.remarks();
        int gpus = info.gpus(level.workload().nim());
        OptionalDouble rate = level.throughput().itemsPerSecond();
        OptionalDouble perMoney = remarks.gpuHour().isPresent() && rate.isPresent()
                ? OptionalDouble.of(rate.getAsDouble()
                        * SECONDS_PER_HOUR
                        / (remarks.gpuHour().get().amount() * gpus))
                : OptionalDouble.empty();
        OptionalDouble perKilowattHour = level.server()
                .map(server -> server.gpu().joulesPer1000Items())
                .filter(joules -> joules.isPresent() && joules.getAsDouble() > 0)
                .map(joules -> OptionalDouble.of(JOULES_PER_KILOWATT_HOUR / joules.getAsDouble() * 1000))
                .orElse(OptionalDouble.empty());
        return perMoney.isEmpty() && perKilowattHour.isEmpty()
                ? Optional.empty()
                : Optional.of(new Cost(perMoney, remarks.gpuHour(), gpus, perKilowattHour));
    }
}
