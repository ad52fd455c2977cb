package nimload.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.UserError;

/**
 * Whole numbers as people write them: {@code 1,3,5}, the range {@code 1-15}, with a step {@code 1-15/2}, or a mixture
 * {@code 1,4-8/2,16}. A range begins with its first number and ends with the last one that its step reaches.
 *
 * @param example a setting or line of a file with a right value, for messages
 * @param refused makes an error of what is wrong and what would be right
 */
record NumberList(int min, int max, String example, BiFunction<String, String, UserError> refused) {
    /** More levels would take more than a night. */
    static final int MOST = 1000;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\s*-\\s*(\\d{1,9})(?:\\s*/\\s*(\\d{1,9}))?");

    private static final Pattern SPREAD = Pattern.compile("(\\d{1,9})\\s*~\\s*(\\d{1,9})");

    /** In the order in which they are written, each once. */
    List<Integer> numbers(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            for (int number : part(part.strip())) {
                if (numbers.contains(number)) {
                    throw twice(Integer.toString(number));
                }
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** Lengths of texts: numbers, ranges, and means with a spread such as {@code 300~60}, each once. */
    List<TextLength> lengths(String text) {
        List<TextLength> lengths = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            for (TextLength length : lengthsOf(part.strip())) {
                if (lengths.contains(length)) {
                    throw twice(length.toString());
                }
                lengths.add(length);
            }
        }
        return lengths;
    }

    private List<TextLength> lengthsOf(String text) {
        Matcher spread = SPREAD.matcher(text);
        if (!spread.matches()) {
            return part(text).stream().map(TextLength::exactly).toList();
        }
        int mean = number(spread.group(1));
        int deviation = Integer.parseInt(spread.group(2));
        if (deviation < 1 || deviation >= mean) {
            throw refused.apply(
                    text + " has a spread that is not below its mean and above 0",
                    "give the mean and the standard deviation, e.g. 300~60");
        }
        return List.of(new TextLength(mean, deviation));
    }

    /** The error of a number that comes twice. */
    UserError twice(String number) {
        return refused.apply(number + " is given twice", "give each number once");
    }

    private List<Integer> part(String text) {
        Matcher range = RANGE.matcher(text);
        return range.matches() ? range(range) : List.of(number(text));
    }

    private List<Integer> range(Matcher range) {
        int first = number(range.group(1));
        int last = number(range.group(2));
        int step = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
        if (step == 0) {
            throw refused.apply(range.group() + " has a step of 0", "give a step from 1, e.g. 1-15/2");
        }
        if (last < first) {
            throw refused.apply(range.group() + " is empty: it ends below its beginning", "give e.g. 1-15");
        }
        if ((last - first) / step >= MOST) {
            throw refused.apply(
                    range.group() + " has " + ((last - first) / step + 1) + " numbers, more than " + MOST,
                    "give a larger step, e.g. " + first + "-" + last + "/" + ((last - first) / 10));
        }
        List<Integer> numbers = new ArrayList<>();
        for (int number = first; number <= last; number += step) {
            numbers.add(number);
        }
        return numbers;
    }

    /** @param text of one number */
    int number(String text) {
        String right = "give whole numbers from " + min + " to " + max + ", " + example;
        if (!text.matches("\\d{1,9}")) {
            throw refused.apply("\"" + text + "\" is not a whole number", right);
        }
        int number = Integer.parseInt(text);
        if (number < min || number > max) {
            throw refused.apply(number + " is out of range", right);
        }
        return number;
    }
}
