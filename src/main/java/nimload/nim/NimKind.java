package nimload.nim;

import java.util.Locale;

/** The two kinds of NIM, each with the route that does its work. */
public enum NimKind {
    EMBEDDING(Routes.EMBEDDINGS),
    RERANKING(Routes.RANKING);

    private final String route;

    NimKind(String route) {
        this.route = route;
    }

    /** As in settings and results: {@code embedding}, {@code reranking}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What its requests are posted to, below the base URL. */
    public String route() {
        return route;
    }
}
