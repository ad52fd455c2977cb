package nimload.text;

import java.util.OptionalLong;

/** Sends one text and reads how many tokens the server counted; empty if it did not say. */
@FunctionalInterface
public interface UsageProbe {
    OptionalLong tokens(String text);
}
