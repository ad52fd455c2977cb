package nimload.nim;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an answer is before its fields are read: a JSON object, or something else that is named. */
final class AnswerBody {
    /** Of a page, in bytes: its title stands near its start. */
    private static final int SHOWN = 4096;

    private static final Pattern HTML = Pattern.compile("<(!doctype html|html|head|title|body)\\b");
    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>([^<]*)");

    /** What is not shown of a page: scripts, styles and tags. */
    private static final Pattern MARKUP = Pattern.compile("(?is)<(script|style)\\b.*?(</\\1>|$)|<[^>]*(>|$)");

    private AnswerBody() {}

    /**
     * Begins to read an answer.
     *
     * @return a cursor at the object
     * @throws MalformedAnswer if it is too large or no JSON object
     */
    static JsonCursor object(byte[] body, long maxBytes) throws MalformedAnswer {
        JsonCursor cursor = begun(body, maxBytes);
        if (cursor.peek() != '{') {
            throw noObject(body);
        }
        return cursor;
    }

    /**
     * Begins to read an answer that is a list.
     *
     * @throws MalformedAnswer if it is too large or no JSON array, which an error is not either
     */
    static JsonCursor array(byte[] body, long maxBytes) throws MalformedAnswer {
        JsonCursor cursor = begun(body, maxBytes);
        if (cursor.peek() == '{') {
            throw without("list of scores", body);
        }
        if (cursor.peek() != '[') {
            throw noObject(body);
        }
        return cursor;
    }

    private static JsonCursor begun(byte[] body, long maxBytes) throws MalformedAnswer {
        if (body.length > maxBytes) {
            throw new MalformedAnswer("answer of " + body.length + " bytes; at most " + maxBytes + " expected");
        }
        JsonCursor cursor = new JsonCursor(body);
        if (cursor.atEnd()) {
            throw MalformedAnswer.brokenOff("an empty body");
        }
        return cursor;
    }

    private static MalformedAnswer noObject(byte[] body) {
        if (body.length >= 2 && body[0] == 0x1F && body[1] == (byte) 0x8B) {
            return new MalformedAnswer("the answer is gzip; nimload asks for none and reads it uncompressed: "
                    + "switch compression off at the gateway");
        }
        String start = new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8);
        if (HTML.matcher(start.toLowerCase(Locale.ROOT)).find()) {
            String words = words(start);
            return new MalformedAnswer(words.isEmpty() ? "an HTML page without words" : "an HTML page: " + words);
        }
        return new MalformedAnswer("not a JSON object: " + ServerText.oneLine(start));
    }

    private static String words(String page) {
        Matcher title = TITLE.matcher(page);
        String words = title.find() ? ServerText.oneLine(title.group(1)) : "";
        return words.isEmpty() ? ServerText.oneLine(MARKUP.matcher(page).replaceAll(" ")) : words;
    }

    /** Why an answer with status 200 lacks what it must have: it is an error, or just incomplete. */
    static MalformedAnswer without(String what, byte[] body) {
        return new MalformedAnswer(NimError.in(body)
                .map(error -> "HTTP 200 with an error: " + error)
                .orElse("no " + what));
    }
}
