package nimload.nim;

import com.fasterxml.jackson.core.io.NumberInput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Walks over JSON without reading its values: a third of the time of a JSON parser, which would delay the user's next
 * request.
 *
 * <p>It finds where values begin and end. It does not check the grammar inside a number ({@code 1..2}) or an escape.
 */
final class JsonCursor {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x80 * ONES;
    private static final long LOW_BITS = 0x7F * ONES;
    private static final int MAX_DEPTH = 64;

    private final byte[] json;
    private int position;

    JsonCursor(byte[] json) {
        this.json = json;
    }

    /** The next byte that is not white space, left in place; 0 at the end. */
    byte peek() {
        while (position < json.length) {
            byte b = json[position];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
            position++;
        }
        return 0;
    }

    /** Takes the next byte if it is {@code wanted}. */
    boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    /** Whether nothing but white space is left. */
    boolean atEnd() {
        return peek() == 0 && position >= json.length;
    }

    void expect(char wanted) throws MalformedAnswer {
        if (!take(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    /** Takes a field name and the colon after it. Escapes in the name stay as written. */
    String fieldName() throws MalformedAnswer {
        peek();
        int start = position + 1;
        int length = skipString();
        String name = new String(json, start, length, StandardCharsets.UTF_8);
        expect(':');
        return name;
    }

    /** Takes a string and returns its length in bytes as written, without the quotes. */
    int skipString() throws MalformedAnswer {
        expect('"');
        int start = position;
        while (position < json.length) {
            byte b = json[position++];
            if (b == '"') {
                return position - 1 - start;
            }
            if (b == '\\') {
                position++;
            }
        }
        throw unexpected("the end of a string");
    }

    /** The {@code length} characters that begin {@code back} before this place. */
    String asciiBefore(int back, int length) {
        return new String(json, position - back, length, StandardCharsets.ISO_8859_1);
    }

    /** Takes a string and returns its text. */
    String text() throws MalformedAnswer {
        int length = skipString();
        try {
            return Json.MAPPER.readValue(json, position - 2 - length, length + 2, String.class);
        } catch (IOException e) {
            throw new MalformedAnswer("not JSON: " + EmbeddingAnswer.firstLine(e));
        }
    }

    /** How many {@code =} end the string that was just taken, up to 2. */
    int paddingBefore() {
        int padding = 0;
        while (padding < 2 && json[position - 2 - padding] == '=') {
            padding++;
        }
        return padding;
    }

    /** Takes a whole number. */
    long integer() throws MalformedAnswer {
        boolean negative = take('-');
        peek();
        int start = position;
        long value = 0;
        while (position < json.length && json[position] >= '0' && json[position] <= '9' && position - start < 18) {
            value = 10 * value + json[position++] - '0';
        }
        if (position == start || position < json.length && isNumber(json[position])) {
            throw unexpected("a whole number");
        }
        return negative ? -value : value;
    }

    /** Takes any value; empty unless it is a whole number, of at most 18 characters. */
    OptionalLong integerIfAny() throws MalformedAnswer {
        peek();
        int start = position;
        skipValue();
        String value = new String(json, start, position - start, StandardCharsets.UTF_8);
        if (!value.matches("-?\\d+")) {
            return OptionalLong.empty();
        }
        if (value.length() > 18) {
            throw new MalformedAnswer("a number of " + value.length() + " digits");
        }
        return OptionalLong.of(Long.parseLong(value));
    }

    /** Takes an array of numbers, returns how many it holds and reads the first of them into {@code head}. */
    int numbers(float[] head) throws MalformedAnswer {
        peek();
        int start = position + 1;
        int count = numbers();
        for (int i = 0; i < Math.min(count, head.length); i++) {
            int end = start;
            while (json[end] != ',' && json[end] != ']') {
                end++;
            }
            String number = new String(json, start, end - start, StandardCharsets.ISO_8859_1).strip();
            try {
                head[i] = EmbeddingAnswer.finite(NumberInput.parseFloat(number, true));
            } catch (NumberFormatException e) {
                throw new MalformedAnswer("a value of an embedding is " + number);
            }
            start = end + 1;
        }
        return count;
    }

    private int numbers() throws MalformedAnswer {
        expect('[');
        if (take(']')) {
            return 0;
        }
        // Locals, because the compiler would write the field to memory after every eight bytes.
        byte[] bytes = json;
        int at = position;
        int lastWord = bytes.length - Long.BYTES;
        int commas = 0;
        boolean afterValue = false;
        while (at < bytes.length) {
            if (at <= lastWord) {
                long word = (long) LONGS.get(bytes, at);
                if (onlyNumbersAndCommas(word)) {
                    long commaBits = commaBits(word);
                    long afterComma = commaBits << 8 | (afterValue ? 0 : 0x80);
                    if ((commaBits & afterComma) != 0) {
                        position = at;
                        throw unexpected("a number between two commas");
                    }
                    commas += Long.bitCount(commaBits);
                    afterValue = commaBits >= 0;
                    at += Long.BYTES;
                    continue;
                }
            }
            byte b = bytes[at++];
            if (isNumber(b)) {
                afterValue = true;
            } else if (b == ',' && afterValue) {
                commas++;
                afterValue = false;
            } else if (b == ']' && afterValue) {
                position = at;
                return commas + 1;
            } else if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                position = at - 1;
                throw unexpected("a number");
            }
        }
        position = at;
        throw unexpected("the end of an array");
    }

    /** The high bit of each byte that is a comma. */
    private static long commaBits(long word) {
        return zeroBytes(word ^ ',' * ONES);
    }

    /** The high bit of each byte that is 0. */
    private static long zeroBytes(long word) {
        return ~((word & LOW_BITS) + LOW_BITS | word) & HIGH_BITS;
    }

    /** Whether all eight bytes are among {@code + , - . 0-9}, the bytes 0x2B to 0x39 without 0x2F. */
    private static boolean onlyNumbersAndCommas(long word) {
        long above = word + (0x7F - '9') * ONES | word;
        long below = word - '+' * ONES & ~word;
        // The one byte in that range that no number holds.
        long slashes = zeroBytes(word ^ '/' * ONES);
        return ((above | below) & HIGH_BITS | slashes) == 0;
    }

    private static boolean isNumber(byte b) {
        return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
    }

    /** Takes one value of any kind. */
    void skipValue() throws MalformedAnswer {
        skipValue(0);
    }

    private void skipValue(int depth) throws MalformedAnswer {
        if (depth > MAX_DEPTH) {
            throw unexpected("fewer than " + MAX_DEPTH + " levels");
        }
        byte first = peek();
        if (first == '"') {
            skipString();
        } else if (first == '{') {
            position++;
            if (!take('}')) {
                do {
                    fieldName();
                    skipValue(depth + 1);
                } while (take(','));
                expect('}');
            }
        } else if (first == '[') {
            position++;
            if (!take(']')) {
                do {
                    skipValue(depth + 1);
                } while (take(','));
                expect(']');
            }
        } else {
            skipScalar();
        }
    }

    private void skipScalar() throws MalformedAnswer {
        for (String literal : new String[] {"true", "false", "null"}) {
            byte[] bytes = literal.getBytes(StandardCharsets.US_ASCII);
            if (json.length - position >= bytes.length
                    && Arrays.equals(json, position, position + bytes.length, bytes, 0, bytes.length)) {
                position += bytes.length;
                return;
            }
        }
        int start = position;
        while (position < json.length && isNumber(json[position])) {
            position++;
        }
        if (position == start) {
            throw unexpected("a value");
        }
    }

    MalformedAnswer unexpected(String wanted) {
        String found = position >= json.length
                ? "the end"
                : "'" + new String(json, position, Math.min(8, json.length - position), StandardCharsets.UTF_8) + "'";
        return new MalformedAnswer(
                "expected " + wanted + " at byte " + position + " of " + json.length + ", found " + found);
    }
}
