package nimload.nim;

import java.util.List;
import java.util.Locale;

/** What a reranking server understands. */
public enum RankingProtocol {
    /** {@code {"rankings":[{"index":0,"logit":1.5}]}}. */
    NIM(Routes.RANKING, "rankings", "logit", "model", "query", "passages", "truncate"),
    /** Cohere's, which vLLM, Jina and others speak: {@code {"results":[{"index":0,"relevance_score":0.9}]}}. */
    COHERE("/v1/rerank", "results", "relevance_score", "model", "query", "documents"),
    /** That of Hugging Face's text-embeddings-inference: {@code [{"index":0,"score":0.9}]}, and no model is named. */
    TEI("/rerank", "", "score", "query", "texts", "truncate");

    private final String route;
    private final String list;
    private final String score;
    private final List<String> fields;

    RankingProtocol(String route, String list, String score, String... fields) {
        this.route = route;
        this.list = list;
        this.score = score;
        this.fields = List.of(fields);
    }

    /** As in settings and results: {@code nim}, {@code cohere}, {@code tei}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String route() {
        return route;
    }

    /** The fields that nimload sets. */
    public List<String> fields() {
        return fields;
    }

    /** The answer's field with the ranking; empty if the answer is the ranking itself. */
    String list() {
        return list;
    }

    /** The field of a passage's relevance. */
    String score() {
        return score;
    }

    /** Whether relevance lies between 0 and 1; a NIM's logits have no bounds. */
    public boolean scores() {
        return this != NIM;
    }
}
