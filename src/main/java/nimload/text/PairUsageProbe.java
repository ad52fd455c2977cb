package nimload.text;

import java.util.List;
import java.util.OptionalLong;

/** Sends one query with passages and reads how many tokens the server counted; empty if it did not say. */
@FunctionalInterface
public interface PairUsageProbe {
    OptionalLong tokens(String query, List<String> passages);
}
