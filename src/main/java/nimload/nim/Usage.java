package nimload.nim;

/**
 * The server's own token count of one request.
 *
 * @param promptTokens tokens of all texts of the request together, special tokens and prefixes included
 */
public record Usage(long promptTokens) {}
