package nimload.nim;

import com.fasterxml.jackson.core.io.NumberInput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads JSON (RFC 8259, in UTF-8, after a byte order mark or none) from front to back, and only what it is asked for: a
 * JSON parser would take three times as long and delay the user's next request.
 *
 * <p>It refuses what a strict parser refuses, except in {@link #skipNumbers}. Each byte is passed a bounded number of times.
 */
final class JsonCursor {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x80 * ONES;
    private static final long LOW_BITS = 0x7F * ONES;
    private static final int MAX_DEPTH = 64;
    private static final List<String> LITERALS = List.of("true", "false", "null");

    private final byte[] json;
    private int position;
    /** Whether the string that was last taken has escapes. */
    private boolean escaped;

    JsonCursor(byte[] json) {
        this.json = json;
        if (json.length >= 3 && json[0] == (byte) 0xEF && json[1] == (byte) 0xBB && json[2] == (byte) 0xBF) {
            position = 3;
        }
    }

    /** The next byte that is not white space, left in place; 0 at the end. */
    byte peek() {
        while (position < json.length) {
            byte b = json[position];
            if (!isSpace(b)) {
                return b;
            }
            position++;
        }
        return 0;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Takes the next byte if it is {@code wanted}. */
    boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    void expect(char wanted) throws MalformedAnswer {
        if (!take(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    /** Whether nothing but white space is left. */
    boolean atEnd() {
        peek();
        return position >= json.length;
    }

    void expectEnd() throws MalformedAnswer {
        if (!atEnd()) {
            throw unexpected("the end");
        }
    }

    /** Takes the value of the field that is named. */
    @FunctionalInterface
    interface FieldReader {
        void take(String field) throws MalformedAnswer;
    }

    /**
     * Takes an object.
     *
     * @param read names of the fields that {@code reader} takes; each may be there once
     */
    void object(List<String> read, FieldReader reader) throws MalformedAnswer {
        expect('{');
        if (take('}')) {
            return;
        }
        int seen = 0;
        do {
            String name = text();
            expect(':');
            int field = read.indexOf(name);
            if (field < 0) {
                skipValue();
            } else if ((seen & 1 << field) != 0) {
                throw new MalformedAnswer("field " + name + " twice");
            } else {
                seen |= 1 << field;
                reader.take(name);
            }
        } while (take(','));
        if (!take('}')) {
            throw unexpected("',' or '}'");
        }
    }

    /** Takes the next element of an array. */
    @FunctionalInterface
    interface ElementReader {
        void take() throws MalformedAnswer;
    }

    /**
     * Takes an array, or null.
     *
     * @param what names it, if it is something else
     * @return whether it was an array
     */
    boolean array(String what, ElementReader reader) throws MalformedAnswer {
        if (peek() == 'n') {
            skipValue();
            return false;
        }
        if (!take('[')) {
            throw unexpected(what + " as an array");
        }
        if (take(']')) {
            return true;
        }
        do {
            reader.take();
        } while (take(','));
        if (!take(']')) {
            throw unexpected("',' or ']'");
        }
        return true;
    }

    /** Takes any value; its text if it is a string. */
    Optional<String> textIfAny() throws MalformedAnswer {
        if (peek() == '"') {
            return Optional.of(text());
        }
        skipValue();
        return Optional.empty();
    }

    /** Takes a string and returns its text. */
    String text() throws MalformedAnswer {
        int length = skipString();
        String written = new String(json, position - 1 - length, length, StandardCharsets.UTF_8);
        return escaped ? unescaped(written) : written;
    }

    private static String unescaped(String written) {
        StringBuilder text = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '\\') {
                c = written.charAt(++i);
                switch (c) {
                    case 'b' -> c = '\b';
                    case 'f' -> c = '\f';
                    case 'n' -> c = '\n';
                    case 'r' -> c = '\r';
                    case 't' -> c = '\t';
                    case 'u' -> {
                        c = (char) Integer.parseInt(written.substring(i + 1, i + 5), 16);
                        i += 4;
                    }
                    default -> {
                        // The quote and the two slashes stand for themselves.
                    }
                }
            }
            text.append(c);
        }
        return text.toString();
    }

    /**
     * A string of Base64.
     *
     * @param start its first characters; not decoded
     * @param length of all, in characters
     * @param padding how many {@code =} end it, up to 2
     */
    record Base64Text(String start, int length, int padding) {}

    /**
     * Takes a string of Base64.
     *
     * @param most characters of its start that are returned, at least; in JSON a slash may be escaped, and then it is all
     */
    Base64Text base64(int most) throws MalformedAnswer {
        int length = skipString();
        int from = position - 1 - length;
        if (escaped) {
            String text = unescaped(new String(json, from, length, StandardCharsets.ISO_8859_1));
            return new Base64Text(text, text.length(), text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
        }
        int padding = 0;
        // The quote before the string stops this too.
        while (padding < 2 && json[position - 2 - padding] == '=') {
            padding++;
        }
        return new Base64Text(
                new String(json, from, Math.min(most, length), StandardCharsets.ISO_8859_1), length, padding);
    }

    /** Takes a string and returns its length in bytes as written, without the quotes. */
    private int skipString() throws MalformedAnswer {
        expect('"');
        int start = position;
        // Locals, because the compiler would write the field to memory after every eight bytes.
        byte[] bytes = json;
        int at = start;
        int lastWord = bytes.length - Long.BYTES;
        boolean ascii = true;
        escaped = false;
        while (true) {
            while (at <= lastWord && onlyPlainText((long) LONGS.get(bytes, at))) {
                at += Long.BYTES;
            }
            if (at >= bytes.length) {
                throw unexpected("the end of a string", at);
            }
            byte b = bytes[at];
            if (b == '"') {
                break;
            }
            if (b == '\\') {
                escaped = true;
                at = afterEscape(at);
            } else if (b >= 0 && b < ' ') {
                throw unexpected("a string without control characters", at);
            } else {
                ascii &= b > 0;
                at++;
            }
        }
        position = at + 1;
        if (!ascii) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, at - start));
            } catch (CharacterCodingException e) {
                throw unexpected("a string in UTF-8", start - 1);
            }
        }
        return at - start;
    }

    private int afterEscape(int backslash) throws MalformedAnswer {
        int at = backslash + 1;
        if (at < json.length && json[at] != 'u') {
            if ("\"\\/bfnrt".indexOf(json[at]) < 0) {
                throw unexpected("an escape", backslash);
            }
            return at + 1;
        }
        for (int digit = 1; digit <= 4; digit++) {
            if (at + digit >= json.length) {
                throw unexpected("an escape", json.length);
            }
            if (Character.digit(json[at + digit], 16) < 0) {
                throw unexpected("an escape", backslash);
            }
        }
        return at + 5;
    }

    /**
     * Takes a number and returns it as written.
     *
     * @param what names it, if it is something else
     */
    String number(String what) throws MalformedAnswer {
        peek();
        int start = position;
        int end = endOfNumber(start);
        if (end < 0 || end < json.length && !endsToken(json[end])) {
            throw notANumber(what, start);
        }
        position = end;
        return new String(json, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /**
     * Takes a whole number within bounds of at most three digits.
     *
     * @param what names it, if it is something else
     */
    int wholeNumber(String what, int min, int max) throws MalformedAnswer {
        byte first = peek();
        int start = position;
        int at = first == '-' ? start + 1 : start;
        int digits = at;
        int value = 0;
        while (at < json.length && at < digits + 4 && isDigit(json[at])) {
            value = 10 * value + json[at] - '0';
            at++;
        }
        int signed = first == '-' ? -value : value;
        boolean plain =
                at > digits && at < json.length && endsToken(json[at]) && (at == digits + 1 || json[digits] != '0');
        if (plain && signed >= min && signed <= max) {
            position = at;
            return signed;
        }
        String number = number(what);
        double exact = NumberInput.parseDouble(number, true);
        if (exact != Math.rint(exact) || exact < min || exact > max) {
            throw new MalformedAnswer(
                    what + " is " + ServerText.oneLine(number) + ", not a whole number from " + min + " to " + max);
        }
        return (int) exact;
    }

    /** Takes any value and returns it if it is a whole number, written without fraction and exponent. */
    Optional<String> wholeNumber() throws MalformedAnswer {
        byte first = peek();
        int start = position;
        skipValue();
        if (first != '-' && !isDigit(first)) {
            return Optional.empty();
        }
        for (int at = start + 1; at < position; at++) {
            if (!isDigit(json[at])) {
                return Optional.empty();
            }
        }
        return Optional.of(new String(json, start, position - start, StandardCharsets.ISO_8859_1));
    }

    /** Where the number that begins at {@code start} ends; -1 if none begins there. */
    private int endOfNumber(int start) throws MalformedAnswer {
        int at = start;
        if (at < json.length && json[at] == '-') {
            at++;
        }
        int whole = at;
        at = afterDigits(at);
        if (at == whole || at > whole + 1 && json[whole] == '0') {
            return -1;
        }
        if (at < json.length && json[at] == '.') {
            int fraction = at + 1;
            at = afterDigits(fraction);
            if (at == fraction) {
                return -1;
            }
        }
        if (at < json.length && (json[at] == 'e' || json[at] == 'E')) {
            int exponent = at + 1;
            if (exponent < json.length && (json[exponent] == '+' || json[exponent] == '-')) {
                exponent++;
            }
            at = afterDigits(exponent);
            if (at == exponent) {
                return -1;
            }
        }
        return at;
    }

    /** @throws MalformedAnswer at the end of the text, where a digit may have followed */
    private int afterDigits(int start) throws MalformedAnswer {
        int at = start;
        while (at < json.length && isDigit(json[at])) {
            at++;
        }
        if (at == start && at >= json.length) {
            throw unexpected("a digit", at);
        }
        return at;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean endsToken(byte b) {
        return b == ',' || b == ']' || b == '}' || isSpace(b);
    }

    private MalformedAnswer notANumber(String what, int start) {
        position = start;
        String found = switch (peek()) {
            case '"' -> "a string";
            case '[' -> "an array";
            case '{' -> "an object";
            default -> {
                int end = position;
                while (end < json.length && !endsToken(json[end])) {
                    end++;
                }
                yield end == position ? "missing" : quoted(position, end).replace("'", "");
            }
        };
        return new MalformedAnswer(what + " is " + found);
    }

    /**
     * Takes the numbers up to the end of an array. It finds them by the commas and does not check the grammar inside a
     * number ({@code 1..2}).
     *
     * @param what names one, if it is something else
     * @return how many there are, at least one
     */
    int skipNumbers(String what) throws MalformedAnswer {
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
                        throw new MalformedAnswer(what + " is missing");
                    }
                    commas += Long.bitCount(commaBits);
                    afterValue = commaBits >= 0;
                    at += Long.BYTES;
                    continue;
                }
            }
            byte b = bytes[at++];
            if (isInNumber(b)) {
                afterValue = true;
            } else if (b == ',' && afterValue) {
                commas++;
                afterValue = false;
            } else if (b == ']' && afterValue) {
                position = at;
                return commas + 1;
            } else if (b == '}' && afterValue) {
                throw unexpected("',' or ']'", at - 1);
            } else if (!isSpace(b)) {
                throw notANumber(what, startOfToken(at - 1));
            }
        }
        throw unexpected("the end of an array", at);
    }

    private int startOfToken(int place) {
        int start = place;
        while (isInNumber(json[start - 1])) {
            start--;
        }
        return start;
    }

    /** The high bit of each byte that is a comma. */
    private static long commaBits(long word) {
        return zeroBytes(word ^ ',' * ONES);
    }

    /** The high bit of each byte that is 0. */
    private static long zeroBytes(long word) {
        return ~((word & LOW_BITS) + LOW_BITS | word) & HIGH_BITS;
    }

    /** Whether all eight bytes are ASCII without controls, quote and backslash. */
    private static boolean onlyPlainText(long word) {
        long controls = ~((word & LOW_BITS) + (0x80 - ' ') * ONES);
        return ((word | controls) & HIGH_BITS | zeroBytes(word ^ '"' * ONES) | zeroBytes(word ^ '\\' * ONES)) == 0;
    }

    /** Whether all eight bytes are among {@code + , - . 0-9}, the bytes 0x2B to 0x39 without 0x2F. */
    private static boolean onlyNumbersAndCommas(long word) {
        long above = word + (0x7F - '9') * ONES | word;
        long below = word - '+' * ONES & ~word;
        // The one byte in that range that no number holds.
        long slashes = zeroBytes(word ^ '/' * ONES);
        return ((above | below) & HIGH_BITS | slashes) == 0;
    }

    private static boolean isInNumber(byte b) {
        return isDigit(b) || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
    }

    /** Takes one value of any kind. */
    void skipValue() throws MalformedAnswer {
        skipValue(0);
    }

    private void skipValue(int depth) throws MalformedAnswer {
        if (depth > MAX_DEPTH) {
            throw unexpected("at most " + MAX_DEPTH + " levels");
        }
        byte first = peek();
        if (first == '"') {
            skipString();
        } else if (first == '{') {
            position++;
            if (!take('}')) {
                do {
                    skipString();
                    expect(':');
                    skipValue(depth + 1);
                } while (take(','));
                if (!take('}')) {
                    throw unexpected("',' or '}'");
                }
            }
        } else if (first == '[') {
            position++;
            if (!take(']')) {
                do {
                    skipValue(depth + 1);
                } while (take(','));
                if (!take(']')) {
                    throw unexpected("',' or ']'");
                }
            }
        } else {
            skipScalar();
        }
    }

    private void skipScalar() throws MalformedAnswer {
        for (String literal : LITERALS) {
            int same = 0;
            while (same < literal.length()
                    && position + same < json.length
                    && json[position + same] == literal.charAt(same)) {
                same++;
            }
            if (same == literal.length()) {
                position += same;
                return;
            }
            if (position + same >= json.length) {
                throw unexpected("a value", json.length);
            }
        }
        int end = endOfNumber(position);
        if (end < 0) {
            throw unexpected("a value");
        }
        position = end;
    }

    MalformedAnswer unexpected(String wanted) {
        return unexpected(wanted, position);
    }

    private MalformedAnswer unexpected(String wanted, int place) {
        if (place >= json.length) {
            return MalformedAnswer.brokenOff("not JSON: it breaks off after " + json.length + " bytes");
        }
        return new MalformedAnswer("not JSON: expected " + wanted + " at byte " + place + " of " + json.length
                + ", found " + quoted(place, Math.min(place + 8, json.length)));
    }

    private String quoted(int start, int end) {
        // A message shows at most 300 characters; a server decides how long a token is.
        int shown = Math.min(end - start, 8 * ServerText.MAX_LENGTH);
        String line = ServerText.oneLine(new String(json, start, shown, StandardCharsets.UTF_8));
        return line.isEmpty() ? "a control character" : "'" + line + "'";
    }
}
