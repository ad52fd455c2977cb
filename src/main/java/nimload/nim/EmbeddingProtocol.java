package nimload.nim;

import java.util.List;
import java.util.Locale;

/** What an embedding server understands. */
public enum EmbeddingProtocol {
    /** NVIDIA's: OpenAI's with {@code input_type}, {@code truncate} and, from NIM 2.x, {@code embedding_type}. */
    NIM("model", "input", "input_type", "encoding_format", "truncate", "dimensions", "embedding_type"),
    /** OpenAI's and no field more, for servers that refuse others. */
    OPENAI("model", "input", "encoding_format", "dimensions");

    private final List<String> fields;

    EmbeddingProtocol(String... fields) {
        this.fields = List.of(fields);
    }

    /** As in settings and results: {@code nim}, {@code openai}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The fields that nimload sets, each or some of them. */
    public List<String> fields() {
        return fields;
    }
}
