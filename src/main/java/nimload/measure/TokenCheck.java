package nimload.measure;

/**
 * How a level's tokens are to be read from {@code usage} and what they should be.
 *
 * @param expectedPerItem tokens of a text or pair as it was built
 * @param queryTokensOnce tokens that the server counts once a request instead of once an item; 0 for embeddings and where
 *     pairs are counted whole
 * @param verified whether the server's count was seen to move with the text; if not, tokens an item are unknown
 */
public record TokenCheck(int expectedPerItem, int queryTokensOnce, boolean verified) {}
