package nimload.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A level's tokens by the server's own {@code usage}.
 *
 * @param perSecond as the server counts them
 * @param measuredPerItem of a text or pair
 * @param expectedPerItem likewise, as it was built
 * @param verified whether the server's count was seen to move with the text
 */
public record Tokens(
        @JsonProperty("tokensPerSecond") OptionalDouble perSecond,
        @JsonProperty("measuredTokensPerItem") OptionalDouble measuredPerItem,
        @JsonProperty("expectedTokensPerItem") OptionalInt expectedPerItem,
        @JsonProperty("tokensVerified") boolean verified) {

    /** Of a server or a tool that does not report them. */
    public static final Tokens UNKNOWN =
            new Tokens(OptionalDouble.empty(), OptionalDouble.empty(), OptionalInt.empty(), false);
}
