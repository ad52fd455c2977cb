package nimload.nim;

import java.util.Optional;

/**
 * What the cheap check of an embedding answer found; of the values it reads the first few of each vector.
 *
 * @param dimensions of every vector
 * @param model as the server names it; empty if it names none
 * @param usage empty if the server gives none
 * @param heads the first {@value #HEAD} values of each vector (all, if it has fewer), of whole numbers the first {@value
 *     #WHOLE_HEAD}, in the order of the request
 */
public record EmbeddingStructure(int dimensions, Optional<String> model, Optional<Usage> usage, float[][] heads) {
    /** Values read of each vector: they tell two texts' vectors apart and cost about 1 % of reading all 1,024. */
    public static final int HEAD = 8;

    /** Two texts alike may have the same small whole number in most places. */
    static final int WHOLE_HEAD = 64;

    /**
     * Checks an answer's structure: a JSON object whose {@code data} holds one vector per text, the indices 0 to n−1
     * once each, all of the same dimension. Costs a third of a JSON parser's time.
     *
     * @param inputs texts in the request
     * @throws MalformedAnswer naming the first breach
     */
    public static EmbeddingStructure check(byte[] json, int inputs) throws MalformedAnswer {
        return check(json, inputs, EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END));
    }

    static EmbeddingStructure check(byte[] json, int inputs, EmbeddingForm form) throws MalformedAnswer {
        EmbeddingReader reader = EmbeddingReader.read(json, inputs, form.type().whole() ? WHOLE_HEAD : HEAD, form);
        return new EmbeddingStructure(reader.dimensions(), reader.model(), reader.usage(), reader.vectors());
    }
}
