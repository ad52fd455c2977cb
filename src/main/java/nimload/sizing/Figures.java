package nimload.sizing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as text, with no more figures than were measured. */
final class Figures {
    private static final MathContext THREE = new MathContext(3);

    private Figures() {}

    /** Three figures, or all those before the decimal point: {@code 0.137}, {@code 29.5}, {@code 1043}. */
    static String of(double number) {
        BigDecimal exact = BigDecimal.valueOf(number);
        BigDecimal rounded = Math.abs(number) >= 1000 ? exact.setScale(0, RoundingMode.HALF_UP) : exact.round(THREE);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
