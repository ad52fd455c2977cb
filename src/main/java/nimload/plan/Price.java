package nimload.plan;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of money.
 *
 * @param amount above 0
 * @param currency as given, e.g. {@code EUR}; empty: not given
 * @param text as given
 */
public record Price(double amount, Optional<String> currency, String text) {
    private static final Pattern PRICE = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,4})?)(?: ?([A-Z]{3}|\\p{Sc}))?");

    /** {@code 2.50}, {@code 2.50 EUR} or {@code 2.50€}; empty for anything else, and for nothing at all. */
    public static Optional<Price> parse(String text) {
        Matcher price = PRICE.matcher(text);
        if (!price.matches() || Double.parseDouble(price.group(1)) == 0) {
            return Optional.empty();
        }
        return Optional.of(new Price(Double.parseDouble(price.group(1)), Optional.ofNullable(price.group(2)), text));
    }
}
