package nimload.exports;

import java.util.PrimitiveIterator;

/** Text of any origin, such as a label or a server's words, for formats that refuse some characters. */
final class Characters {
    /** Stands for a character that no reader can show. */
    private static final int REPLACEMENT = 0xFFFD;

    private Characters() {}

    /**
     * The same text with U+FFFD for control characters other than tab and line feed, unpaired surrogates and U+FFFE and
     * U+FFFF: XML 1.0 allows none of them.
     */
    static String readable(String text) {
        StringBuilder readable = new StringBuilder(text.length());
        for (PrimitiveIterator.OfInt all = text.codePoints().iterator(); all.hasNext(); ) {
            int character = all.nextInt();
            readable.appendCodePoint(isReadable(character) ? character : REPLACEMENT);
        }
        return readable.toString();
    }

    /** The same, on one line. */
    static String line(String text) {
        return readable(text.replaceAll("[\\r\\n\\t]+", " "));
    }

    private static boolean isReadable(int character) {
        return character == '\t'
                || character == '\n'
                || !(Character.isISOControl(character)
                        || Character.getType(character) == Character.SURROGATE
                        || character == 0xFFFE
                        || character == 0xFFFF);
    }
}
