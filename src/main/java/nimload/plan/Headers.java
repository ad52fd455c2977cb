package nimload.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What every request to a server has in its head, in addition to what HTTP takes, and the secrets in it. It prints the names
 * alone.
 */
public final class Headers {
    public static final Headers NONE = new Headers(Map.of(), List.of());

    private static final String AUTHORIZATION = "authorization";

    private final Map<String, String> values;
    private final List<String> secrets;

    /**
     * @param values by name
     * @param secrets hidden wherever a server echoes them
     */
    Headers(Map<String, String> values, List<String> secrets) {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(values);
        this.values = Collections.unmodifiableMap(byName);
        this.secrets = List.copyOf(secrets);
    }

    /** A Bearer token alone. */
    public static Headers of(ApiKey key) {
        return NONE.with(Optional.of(key));
    }

    /** These and the key as a Bearer token, which a header {@code authorization} among these replaces. */
    Headers with(Optional<ApiKey> key) {
        if (key.isEmpty()) {
            return this;
        }
        Map<String, String> all = new TreeMap<>(values);
        if (!values.containsKey(AUTHORIZATION)) {
            all.put(AUTHORIZATION, key.get().bearer());
        }
        List<String> hidden = new ArrayList<>(secrets);
        hidden.add(key.get().secret());
        return new Headers(all, hidden);
    }

    /** By name, with their secrets: to be sent and for nothing else. */
    public Map<String, String> values() {
        return values;
    }

    /** Whether there is anything to hide. */
    public boolean secret() {
        return !secrets.isEmpty();
    }

    /** The text with stars for each secret. */
    public String hiddenIn(String text) {
        String hidden = text;
        for (String secret : secrets) {
            hidden = hidden.replace(secret, "***");
        }
        return hidden;
    }

    /** The bytes with stars for each secret, before anything quotes or cuts them. */
    public byte[] hiddenIn(byte[] body) {
        // Latin-1 maps bytes to characters and back, so everything else in the body stays as it is.
        return secrets.isEmpty()
                ? body
                : hiddenIn(new String(body, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers headers && values.equals(headers.values) && secrets.equals(headers.secrets);
    }

    @Override
    public int hashCode() {
        return values.keySet().hashCode();
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
