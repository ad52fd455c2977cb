package nimload.text;

import java.util.List;
import java.util.OptionalLong;

/** Sends one query with passages and returns the server's token count; empty if the answer has none. */
@FunctionalInterface
public interface PairUsageProbe {
    OptionalLong tokens(String query, List<String> passages);
}
