package nimload.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A level's tokens by the server's own {@code usage}.
 *
 * @param perSecond as the server counts them
 * @param measuredPerItem of a text or pair
 * @param expectedPerItem likewise, as it was built
 * @param verified whether the server's count was seen to move with the text
 * @param drawnPerItem likewise, the mean of the lengths that were drawn; empty where all texts have the same length
 * @param lengths of texts that are not all of the same length
 */
public record Tokens(
        @JsonProperty("tokensPerSecond") OptionalDouble perSecond,
        @JsonProperty("measuredTokensPerItem") OptionalDouble measuredPerItem,
        @JsonProperty("expectedTokensPerItem") OptionalInt expectedPerItem,
        @JsonProperty("tokensVerified") boolean verified,
        @JsonProperty("drawnTokensPerItem") OptionalDouble drawnPerItem,
        @JsonProperty("tokenLengths") Optional<TokenLengths> lengths) {

    public Tokens {
        drawnPerItem = drawnPerItem == null ? OptionalDouble.empty() : drawnPerItem;
        lengths = lengths == null ? Optional.empty() : lengths;
    }

    /** Of texts of one length. */
    public Tokens(
            OptionalDouble perSecond, OptionalDouble measuredPerItem, OptionalInt expectedPerItem, boolean verified) {
        this(perSecond, measuredPerItem, expectedPerItem, verified, OptionalDouble.empty(), Optional.empty());
    }

    /** Of a server or a tool that does not report them. */
    public static final Tokens UNKNOWN =
            new Tokens(OptionalDouble.empty(), OptionalDouble.empty(), OptionalInt.empty(), false);
}
