package nimload.servermetrics;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import nimload.servermetrics.PrometheusText.Sample;

/** Reads {@code name{label="value",…} value timestamp} in one pass. */
final class SampleLine {
    /** Longer than any number that a program writes. */
    private static final int MAX_NUMBER = 400;

    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?+(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

    private final String line;
    private int at;

    SampleLine(String line) {
        this.line = line;
    }

    /** Empty if the line is not a sample. */
    Optional<Sample> parse() {
        String name = name();
        Map<String, String> labels = new LinkedHashMap<>();
        skipBlanks();
        if (name.isEmpty() || (take('{') && !takeLabels(labels))) {
            return Optional.empty();
        }
        OptionalDouble value = number();
        if (!atEnd() && number().isEmpty()) {
            return Optional.empty();
        }
        return value.isPresent() && atEnd()
                ? Optional.of(new Sample(name, labels, value.getAsDouble()))
                : Optional.empty();
    }

    /** After a {@code #} follows an OpenMetrics exemplar, which is ignored. */
    private boolean atEnd() {
        skipBlanks();
        return at == line.length() || line.charAt(at) == '#';
    }

    /** Takes labels and the closing brace; false if they are malformed or a label repeats. */
    private boolean takeLabels(Map<String, String> labels) {
        skipBlanks();
        while (!take('}')) {
            String label = name();
            skipBlanks();
            if (label.isEmpty() || !take('=')) {
                return false;
            }
            skipBlanks();
            Optional<String> value = quoted();
            if (value.isEmpty() || labels.put(label, value.get()) != null) {
                return false;
            }
            skipBlanks();
            if (take(',')) {
                skipBlanks();
            } else if (at == line.length() || line.charAt(at) != '}') {
                return false;
            }
        }
        return true;
    }

    private String name() {
        int start = at;
        while (at < line.length() && isOfName(line.charAt(at), at > start)) {
            at++;
        }
        return line.substring(start, at);
    }

    private static boolean isOfName(char c, boolean inside) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || c == ':'
                || (inside && c >= '0' && c <= '9');
    }

    /** Empty unless a quoted string starts here and is closed. */
    private Optional<String> quoted() {
        if (!take('"')) {
            return Optional.empty();
        }
        StringBuilder value = new StringBuilder();
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return Optional.of(value.toString());
            }
            if (c == '\\' && at < line.length()) {
                value.append(unescaped(line.charAt(at++)));
            } else {
                value.append(c);
            }
        }
        return Optional.empty();
    }

    private static String unescaped(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case '"', '\\' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }

    private OptionalDouble number() {
        skipBlanks();
        int start = at;
        while (at < line.length() && !isBlank(line.charAt(at))) {
            at++;
        }
        String token = line.substring(start, at);
        if (token.length() > MAX_NUMBER) {
            return OptionalDouble.empty();
        }
        return switch (token.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> OptionalDouble.of(Double.NaN);
            case "inf", "+inf", "infinity", "+infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            // Java's parser would also accept "1d" and hexadecimal numbers.
            default ->
                DECIMAL.matcher(token).matches()
                        ? OptionalDouble.of(Double.parseDouble(token))
                        : OptionalDouble.empty();
        };
    }

    private boolean take(char c) {
        if (at < line.length() && line.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
