package nimload.plan;

/** A secret for the {@code Authorization} header and nothing else: it prints as stars. */
public final class ApiKey {
    private final String secret;

    public ApiKey(String secret) {
        this.secret = secret;
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
