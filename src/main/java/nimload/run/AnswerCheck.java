package nimload.run;

import java.util.Optional;
import java.util.OptionalLong;
import nimload.measure.ErrorKind;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingStructure;
import nimload.nim.MalformedAnswer;
import nimload.nim.NimError;
import nimload.nim.RankingAnswer;
import nimload.nim.RankingForm;
import nimload.nim.ServerText;
import nimload.nim.Usage;
import nimload.nim.WireForm;
import nimload.plan.Headers;

/**
 * Decides whether an answer is right, as far as that can be seen in it alone. Pure. The structure and the fingerprint cost
 * what {@link EmbeddingStructure} says, all values some six times that.
 *
 * @param form of the answers
 * @param headers whose secrets are hidden in what a server says
 * @param ownTexts whether requests have the user's own texts, which a server may quote: then its words are left out
 */
record AnswerCheck(WireForm form, ExpectedAnswer expected, Headers headers, boolean ownTexts) {

    /** Of requests with texts that nimload makes. */
    AnswerCheck(WireForm form, ExpectedAnswer expected, Headers headers) {
        this(form, expected, headers, false);
    }

    /**
     * @param failure empty for a right answer
     * @param tokens as the server counted them
     * @param fingerprint if the answer is well-formed
     * @param values if they were read and the answer is well-formed
     */
    record Outcome(
            Optional<Failure> failure,
            OptionalLong tokens,
            Optional<Fingerprint> fingerprint,
            Optional<AnswerValues> values) {
        static Outcome failed(ErrorKind kind, String detail) {
            return failed(new Failure(kind, detail, false));
        }

        private static Outcome failed(Failure failure) {
            return new Outcome(Optional.of(failure), OptionalLong.empty(), Optional.empty(), Optional.empty());
        }

        boolean right() {
            return failure.isEmpty();
        }
    }

    /**
     * @param detail for people, one line; may quote the server
     * @param inFull whether only reading every value of the answer showed it
     */
    record Failure(ErrorKind kind, String detail, boolean inFull) {}

    /** An answer was not that of its request. */
    private static final class WrongAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        WrongAnswer(String detail) {
            super(detail, null, false, false);
        }
    }

    /**
     * @param framed whether the server said how long the answer is, so that one that ends early is no broken connection
     * @param items texts or passages in the request
     * @param inFull whether to read every value of vectors; logits are always read
     */
    Outcome of(int status, boolean framed, byte[] body, int items, boolean inFull) {
        if (status != 200) {
            return refused(status, body);
        }
        Outcome outcome = answer(framed, body, items, inFull);
        if (ownTexts && !outcome.right()) {
            return withoutWords(outcome.failure().orElseThrow());
        }
        return headers.secret() && !outcome.right() ? withoutSecrets(outcome, framed, body, items) : outcome;
    }

    /** A failure may quote the server, and cut what it quotes: the secrets must be gone before. */
    private Outcome withoutSecrets(Outcome failed, boolean framed, byte[] body, int items) {
        Failure failure = failed.failure().orElseThrow();
        String detail = answer(framed, headers.hiddenIn(body), items, failure.inFull())
                .failure()
                .map(Failure::detail)
                .orElse("");
        return failed(failure.kind(), detail, failure.inFull());
    }

    /** A broken connection quotes nobody. */
    private static Outcome withoutWords(Failure failure) {
        return failure.kind() == ErrorKind.CONNECTION
                ? Outcome.failed(failure)
                : failed(failure.kind(), ServerText.withoutTexts(failure.detail()), failure.inFull());
    }

    private Outcome answer(boolean framed, byte[] body, int items, boolean inFull) {
        try {
            return form instanceof EmbeddingForm embedding
                    ? embedding(embedding, body, items, inFull)
                    : ranking((RankingForm) form, body, items);
        } catch (MalformedAnswer e) {
            return e.brokenOff() && !framed
                    ? failed(ErrorKind.CONNECTION, "broken before the answer was whole", false)
                    : failed(ErrorKind.MALFORMED, e.getMessage(), false);
        } catch (WrongAnswer e) {
            return failed(ErrorKind.WRONG_ANSWER, e.getMessage(), false);
        }
    }

    private Outcome embedding(EmbeddingForm form, byte[] body, int items, boolean inFull)
            throws MalformedAnswer, WrongAnswer {
        EmbeddingStructure structure = form.check(body, items);
        sameModel(structure.model());
        if (expected.dimensions().isPresent() && expected.dimensions().getAsInt() != structure.dimensions()) {
            throw new WrongAnswer("vectors of " + structure.dimensions() + " numbers instead of "
                    + expected.dimensions().getAsInt());
        }
        Optional<AnswerValues> values = Optional.empty();
        if (inFull || hasZeros(structure.heads())) {
            try {
                AnswerValues.Vectors all =
                        new AnswerValues.Vectors(form.read(body, items).vectors(), form.type());
                Optional<String> wrong = expected.unit() ? all.notUnit() : all.zero();
                if (wrong.isPresent()) {
                    return failed(ErrorKind.WRONG_ANSWER, wrong.get(), true);
                }
                values = Optional.of(all);
            } catch (MalformedAnswer e) {
                return failed(ErrorKind.MALFORMED, e.getMessage(), true);
            }
        }
        return right(
                structure.usage(),
                new Fingerprint.Heads(structure.heads(), structure.dimensions(), form.type()),
                values);
    }

    /** Whether a vector begins as one of zeros does, so that all of it has to be read. */
    private static boolean hasZeros(float[][] heads) {
        for (float[] head : heads) {
            boolean zeros = true;
            for (float value : head) {
                zeros &= value == 0;
            }
            if (zeros) {
                return true;
            }
        }
        return false;
    }

    private Outcome ranking(RankingForm form, byte[] body, int items) throws MalformedAnswer, WrongAnswer {
        RankingAnswer answer = form.read(body, items);
        sameModel(answer.model());
        return right(
                answer.usage(),
                new Fingerprint.Logits(answer.logits(), form.protocol().scores()),
                Optional.of(
                        new AnswerValues.Logits(answer.logits(), form.protocol().scores())));
    }

    private void sameModel(Optional<String> model) throws WrongAnswer {
        if (model.isPresent() && expected.asked().isPresent() && !model.equals(expected.asked())) {
            throw new WrongAnswer("the answer is of model "
                    + ServerText.oneLine(model.get()) + ", before the load answers named none, and requests name "
                    + ServerText.oneLine(expected.asked().get()));
        }
        if (expected.model().isPresent() && !model.equals(expected.model())) {
            throw new WrongAnswer("the answer is of model "
                    + model.map(ServerText::oneLine).orElse("(none named)") + ", before the load it was of "
                    + ServerText.oneLine(expected.model().get()));
        }
    }

    private static Outcome right(Optional<Usage> usage, Fingerprint fingerprint, Optional<AnswerValues> values) {
        OptionalLong tokens = usage.isPresent() ? OptionalLong.of(usage.get().promptTokens()) : OptionalLong.empty();
        return new Outcome(Optional.empty(), tokens, Optional.of(fingerprint), values);
    }

    private Outcome refused(int status, byte[] body) {
        return failed(
                ErrorKind.http(status),
                NimError.messageIn(headers.hiddenIn(body))
                        .map(message ->
                                "HTTP " + status + ": " + (ownTexts ? ServerText.withoutTexts(message) : message))
                        .orElse("HTTP " + status),
                false);
    }

    private static Outcome failed(ErrorKind kind, String detail, boolean inFull) {
        return Outcome.failed(new Failure(kind, detail, inFull));
    }
}
