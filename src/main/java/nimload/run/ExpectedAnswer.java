package nimload.run;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingRequest;
import nimload.preflight.AnswerShape;
import nimload.preflight.Target;

/**
 * What every right answer of a target has in common.
 *
 * @param dimensions of a vector; empty for rankings, and where it is not known
 * @param unit whether every vector is of length 1
 * @param model as answers name it; empty where they name none
 * @param asked where answers name none: the model in the requests, the only one that they may begin to name; empty: any
 * @param tokenLimit the most tokens of an item that the model takes; empty if not known
 */
record ExpectedAnswer(
        OptionalInt dimensions, boolean unit, Optional<String> model, Optional<String> asked, OptionalLong tokenLimit) {
    /** Of a server that was not asked. */
    static final ExpectedAnswer UNKNOWN = new ExpectedAnswer(OptionalInt.empty(), false, Optional.empty());

    /** Its model card: 1,024 dimensions, normalised. A server that answers otherwise serves something else by that name. */
    private static final String E5 = "nvidia/nv-embedqa-e5-v5";

    private static final int E5_DIMENSIONS = 1024;

    /** Of a model whose limit is not known. */
    ExpectedAnswer(OptionalInt dimensions, boolean unit, Optional<String> model) {
        this(dimensions, unit, model, Optional.empty(), OptionalLong.empty());
    }

    /** What its first right answer showed; of a model that is known, what is known. */
    static ExpectedAnswer of(Target target, EmbeddingForm form) {
        Optional<AnswerShape.Vectors> vectors = target.answers().flatMap(AnswerShape::vectors);
        Optional<String> model = target.answers().flatMap(AnswerShape::model);
        Optional<String> asked =
                target.answers().filter(shape -> shape.model().isEmpty()).map(shape -> target.model());
        if (vectors.isEmpty()) {
            return new ExpectedAnswer(OptionalInt.empty(), false, model, asked, target.tokenLimit());
        }
        boolean asOnItsCard = form.dimensions().isEmpty() && !form.type().whole();
        if (asOnItsCard && EmbeddingRequest.baseModel(target.model()).equals(E5)) {
            return new ExpectedAnswer(OptionalInt.of(E5_DIMENSIONS), true, model, asked, target.tokenLimit());
        }
        return new ExpectedAnswer(
                OptionalInt.of(vectors.get().dimensions()), vectors.get().unit(), model, asked, target.tokenLimit());
    }
}
