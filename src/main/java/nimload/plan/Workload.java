package nimload.plan;

import java.util.Locale;

/** The kinds of request that are measured, in the order in which they run. */
public enum Workload {
    /** Short texts embedded as queries, as a search box sends them. */
    QUERY("texts"),
    /** Long texts embedded as passages in batches, as an indexing job sends them. */
    PASSAGE("texts"),
    /** One query and many passages to be ranked, as the second stage of a search sends them. */
    RERANKING("pairs");

    private final String items;

    Workload(String items) {
        this.items = items;
    }

    /** As in settings and results: {@code query}, {@code passage}, {@code reranking}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What an item of a request is: {@code texts}, or (query, passage) {@code pairs}. */
    public String items() {
        return items;
    }
}
