package nimload.nim;

/**
 * What the server does with a text over its token limit: refuse the whole request ({@code NONE}), or cut the text at its
 * start or end. The names are the wire's.
 */
public enum Truncate {
    NONE,
    START,
    END
}
