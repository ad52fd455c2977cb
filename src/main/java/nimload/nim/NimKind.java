package nimload.nim;

import java.util.Locale;

/** The two kinds of NIM. */
public enum NimKind {
    EMBEDDING,
    RERANKING;

    /** As in settings and results: {@code embedding}, {@code reranking}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
