package nimload.plan;

/**
 * The user's file that a level's texts come from. Two of them are the same if their contents are, whatever their names.
 *
 * @param file its name without directories, for people
 * @param digest of its contents, unpacked: the first 12 hexadecimal digits of SHA-256
 * @param lines that are not blank
 * @param items texts to embed, or passages to rank, in all lines
 * @param bytes of all lines
 * @param itemsPerLine if all lines have as many, else 0
 * @param linesPerRequest consecutive lines that a request is made of
 */
public record OwnTexts(
        String file, String digest, long lines, long items, long bytes, int itemsPerLine, int linesPerRequest) {

    /** With this number of lines per request. */
    OwnTexts inRequestsOf(int count) {
        return new OwnTexts(file, digest, lines, items, bytes, itemsPerLine, count);
    }

    /** Texts or passages in each request, 0 if it differs from request to request. */
    int itemsPerRequest() {
        return itemsPerLine * linesPerRequest;
    }

    /** On average. */
    public double meanItemsPerRequest() {
        return (double) items / lines * linesPerRequest;
    }

    /** On average. */
    public double meanBytesPerRequest() {
        return (double) bytes / lines * linesPerRequest;
    }

    /** {@code my.jsonl, 1000 lines with 1000 texts or passages, SHA-256 0123456789ab…}, for people. */
    public String description() {
        return "%s, %d lines with %d texts or passages, SHA-256 %s…".formatted(file, lines, items, digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OwnTexts texts
                && digest.equals(texts.digest)
                && lines == texts.lines
                && linesPerRequest == texts.linesPerRequest;
    }

    @Override
    public int hashCode() {
        return 31 * digest.hashCode() + linesPerRequest;
    }
}
