package nimload.nim;

/**
 * What the server does with a text over its token limit: refuse the whole request ({@code NONE}), or cut the start or
 * the end off the text. On the wire by these names.
 */
public enum Truncate {
    NONE,
    START,
    END
}
