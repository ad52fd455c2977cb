package nimload.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingProtocol;
import nimload.nim.EmbeddingType;
import nimload.nim.EncodingFormat;
import nimload.nim.RankingForm;
import nimload.nim.RankingProtocol;
import nimload.nim.WireForm;

/**
 * A setting that may be why a server refuses a request: if it takes the same request in another form, it is.
 *
 * @param form without what the setting asks for
 * @param what the setting, with its value where that says more
 * @param next what to do about it
 */
record Blame<F extends WireForm>(F form, String what, String next) {

    static List<Blame<EmbeddingForm>> of(EmbeddingForm form) {
        List<Blame<EmbeddingForm>> blames = new ArrayList<>();
        form.dimensions()
                .ifPresent(count -> blames.add(new Blame<>(
                        form.with(OptionalInt.empty()),
                        "nim.embedding.dimensions=" + count,
                        "give a number that the model takes, or leave it out")));
        if (form.type().whole()) {
            blames.add(new Blame<>(
                    form.with(EmbeddingType.FLOAT),
                    "nim.embedding.embeddingType=" + form.type().wire(),
                    "give a type that the model takes, or leave it out"));
        }
        if (!form.extra().isEmpty()) {
            blames.add(new Blame<>(form.with(Map.of()), "nim.embedding.extra", "give fields that the server takes"));
        }
        if (form.encodingFormat() == EncodingFormat.BASE64) {
            blames.add(new Blame<>(
                    form.with(EncodingFormat.FLOAT), "nim.encodingFormat=base64", "give -Dnim.encodingFormat=float"));
        }
        for (EmbeddingProtocol other : EmbeddingProtocol.values()) {
            if (other != form.protocol()) {
                blames.add(new Blame<>(
                        form.as(other),
                        "protocol " + form.protocolName(),
                        "it takes " + other.wire() + ": give -Dnim.embedding.protocol=" + other.wire()));
            }
        }
        return blames;
    }

    static List<Blame<RankingForm>> of(RankingForm form) {
        List<Blame<RankingForm>> blames = new ArrayList<>();
        if (!form.extra().isEmpty()) {
            blames.add(new Blame<>(form.with(Map.of()), "nim.reranking.extra", "give fields that the server takes"));
        }
        for (RankingProtocol other : RankingProtocol.values()) {
            if (other != form.protocol()) {
                blames.add(new Blame<>(
                        form.as(other),
                        "protocol " + form.protocolName(),
                        "it takes " + other.wire() + ": give -Dnim.reranking.protocol=" + other.wire()));
            }
        }
        return blames;
    }
}
