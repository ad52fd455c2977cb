package nimload.text;

import java.util.OptionalLong;

/** Sends one text and returns the server's token count; empty if the answer has none. */
@FunctionalInterface
public interface UsageProbe {
    OptionalLong tokens(String text);
}
