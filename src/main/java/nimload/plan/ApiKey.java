package nimload.plan;

import nimload.UserError;

/** A secret for the {@code Authorization} header only: it prints as stars. */
public final class ApiKey {
    private final String secret;

    /** @throws UserError if it is not valid in a header; the message does not show it */
    public ApiKey(String secret) {
        if (!secret.matches("[!-~]+")) {
            throw new UserError(
                    "NIM_API_KEY contains a line break, a blank or another character that no key has; give only the key");
        }
        this.secret = secret;
    }

    /** For {@link Headers}, which hide it. */
    String secret() {
        return secret;
    }

    /** The header's value. */
    public String bearer() {
        return "Bearer " + secret;
    }

    @Override
    public String toString() {
        return "***";
    }
}
