package nimload.plan;

import java.nio.charset.StandardCharsets;
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

    /** The text with stars for the key. */
    public String hiddenIn(String text) {
        return text.replace(secret, "***");
    }

    /** The bytes with stars for the key, before anything quotes or cuts them. */
    public byte[] hiddenIn(byte[] body) {
        // Latin-1 maps bytes to characters and back, so everything else in the body stays as it is.
        return hiddenIn(new String(body, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
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
