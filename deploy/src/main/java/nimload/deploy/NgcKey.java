package nimload.deploy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The NGC API key, read only from the environment variable {@value #VARIABLE}: the process list shows {@code -D} and arguments. It never prints
 * itself.
 */
public final class NgcKey {

    public static final String VARIABLE = "NGC_API_KEY";

    /** NGC's user name for API keys, taken literally: a shell would expand it. */
    public static final String USER = "$oauthtoken";

    private final String key;

    private NgcKey(String key) {
        this.key = key;
    }

    public static Optional<NgcKey> from(UnaryOperator<String> environment) {
        return Optional.ofNullable(environment.apply(VARIABLE))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .map(NgcKey::new);
    }

    /** The key itself; only for the two Secrets. */
    public String reveal() {
        return key;
    }

    /** {@code user:key} in Base64, as HTTP Basic and Docker's configuration expect it. */
    public String basicCredentials() {
        return Base64.getEncoder().encodeToString((USER + ":" + key).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return VARIABLE + " (set)";
    }
}
