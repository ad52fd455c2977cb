package nimload.emulator;

import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import nimload.nim.NimKind;

/**
 * A model that the emulator stands in for. {@code simulations-data/models.yaml} explains and lists them.
 *
 * @param id as {@code /v1/models} lists it
 * @param maxTokens per text or pair
 * @param maxItems texts or passages per request
 * @param dimension numbers of a vector; 0 for a reranking model
 * @param dimensions that the field {@code dimensions} may ask for; empty: the model refuses the field
 * @param embeddingTypes that it can answer with
 * @param unitLength whether its vectors have length 1
 * @param inputType whether a request must say what it is for
 * @param usage whether answers count tokens
 */
public record EmulatedModel(
        String id,
        NimKind kind,
        int maxTokens,
        int maxItems,
        int dimension,
        SortedSet<Integer> dimensions,
        Set<NumberType> embeddingTypes,
        boolean unitLength,
        boolean inputType,
        boolean usage) {

    /** Whether the modelled times were measured with a model of its shape. */
    boolean measured() {
        return id.equals(EmbeddedNim.model(kind));
    }

    /** For messages: {@code 384, 512, 768}, or {@code 1 to 2048}. */
    String dimensionsText() {
        int first = dimensions.first();
        int last = dimensions.last();
        return dimensions.size() == last - first + 1
                ? first + " to " + last
                : dimensions.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
