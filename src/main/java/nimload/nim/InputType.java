package nimload.nim;

import java.util.Locale;

/** What an embedding is for: E5 models embed queries and passages differently, and answer 400 without an input type. */
public enum InputType {
    QUERY,
    PASSAGE;

    /** The value of the field {@code input_type}: {@code query} or {@code passage}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
