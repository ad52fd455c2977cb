package nimload.imports;

import java.nio.file.Path;
import nimload.UserError;

/** Converts other tools' numbers to this project's units. */
final class Units {
    private Units() {}

    /** The factor that converts a time in {@code unit} to ms. */
    static double millis(Path file, String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "us", "µs" -> 1e-3;
            case "ns" -> 1e-6;
            case "s", "sec" -> 1e3;
            default -> throw new UserError(file + ": times in " + unit + "; give a file in ms, us, ns or s");
        };
    }

    /** Rounded to three decimals, for latencies to the µs. */
    static double positive(Path file, String name, String text, double factor) {
        try {
            double value = Double.parseDouble(text.replace(",", "")) * factor;
            if (value >= 0 && Double.isFinite(value)) {
                return rounded(value);
            }
        } catch (NumberFormatException e) {
            throw refused(file, name, text, e);
        }
        throw refused(file, name, text, null);
    }

    static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }

    private static UserError refused(Path file, String name, String text, NumberFormatException cause) {
        return new UserError(
                file + ": " + name + "=" + text + " is not a number of at least 0; give a file as the tool wrote it",
                cause);
    }
}
