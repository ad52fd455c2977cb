package nimload.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Price;
import nimload.plan.Workload;
import nimload.results.Cost;

/** A cost in words: {@code 722,000 texts per EUR, 1.81 million texts per kWh}. */
public final class CostText {
    private static final MathContext SIGNIFICANT = new MathContext(3);
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;

    private CostText() {}

    public static String of(Cost cost, Workload workload) {
        List<String> parts = new ArrayList<>();
        String items = " " + workload.items() + " per ";
        perUnit(cost.itemsPerMoney())
                .ifPresent(number -> parts.add(
                        number + items + cost.price().flatMap(Price::currency).orElse("unit of money")));
        perUnit(cost.itemsPerKilowattHour()).ifPresent(number -> parts.add(number + items + "kWh"));
        return String.join(", ", parts);
    }

    /** What the money of {@link #of} is for: {@code 2.50 EUR per GPU hour, 1 GPU}; empty without a price. */
    public static Optional<String> basis(Cost cost) {
        return cost.price()
                .map(price -> price.text() + " per GPU hour, " + cost.gpus() + (cost.gpus() == 1 ? " GPU" : " GPUs"));
    }

    private static Optional<String> perUnit(OptionalDouble value) {
        return value.isPresent() ? Optional.of(significant(value.getAsDouble())) : Optional.empty();
    }

    private static String significant(double value) {
        if (value >= BILLION) {
            return decimals(value / BILLION) + " billion";
        }
        return value >= MILLION ? decimals(value / MILLION) + " million" : decimals(value);
    }

    private static String decimals(double value) {
        BigDecimal rounded = new BigDecimal(value).round(SIGNIFICANT);
        int wholeDigits = rounded.precision() - rounded.scale();
        return String.format(Locale.ROOT, "%,." + Math.max(0, SIGNIFICANT.getPrecision() - wholeDigits) + "f", rounded);
    }
}
