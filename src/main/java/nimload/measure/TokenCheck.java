package nimload.measure;

import java.util.OptionalLong;

/**
 * How a level's tokens are to be read from {@code usage} and what they should be.
 *
 * @param expectedPerItem tokens of a text or pair as it was built; 0 where no number was planned
 * @param queryTokensOnce tokens that the server counts once a request instead of once an item; 0 for embeddings and where
 *     pairs are counted whole
 * @param verified whether the server's count was seen to move with the text; if not, tokens an item are unknown
 * @param perItem whether tokens an item follow from those of a request
 * @param limit the most tokens of an item that the model takes; empty if not known
 */
public record TokenCheck(
        int expectedPerItem, int queryTokensOnce, boolean verified, boolean perItem, OptionalLong limit) {

    /** Of texts that nimload makes. */
    public TokenCheck(int expectedPerItem, int queryTokensOnce, boolean verified) {
        this(expectedPerItem, queryTokensOnce, verified, true, OptionalLong.empty());
    }

    /** The same for a model with a limit. */
    public TokenCheck limitedTo(OptionalLong most) {
        return new TokenCheck(expectedPerItem, queryTokensOnce, verified, perItem, most);
    }

    /** Of the user's texts, whose lengths nobody planned. */
    public static TokenCheck ofOwnTexts(boolean verified, boolean perItem) {
        return new TokenCheck(0, 0, verified, perItem, OptionalLong.empty());
    }
}
