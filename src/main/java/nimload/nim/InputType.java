package nimload.nim;

import java.util.Locale;

/** What an embedding is for: E5 models embed queries and passages differently and answer 400 when not told which. */
public enum InputType {
    QUERY,
    PASSAGE;

    /** As written in the field {@code input_type}: {@code query} or {@code passage}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
