package nimload.nim;

/**
 * The server's token count of one request.
 *
 * @param promptTokens of all texts in the request, with special tokens and prefixes
 */
public record Usage(long promptTokens) {}
