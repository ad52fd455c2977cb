package nimload.run;

import java.util.Optional;
import java.util.OptionalLong;
import nimload.measure.ErrorKind;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingStructure;
import nimload.nim.MalformedAnswer;
import nimload.nim.NimError;
import nimload.nim.RankingAnswer;
import nimload.nim.Usage;
import nimload.plan.ApiKey;
import nimload.plan.LoadPoint;

/**
 * Decides whether an answer is right. Pure. The structure costs what {@link EmbeddingStructure} says, the values some six
 * times that.
 *
 * @param apiKey hidden in what a server says
 */
record AnswerCheck(LoadPoint point, Optional<ApiKey> apiKey) {

    /**
     * @param failure empty for a right answer
     * @param tokens as the server counted them
     * @param values if they were read and the answer is well-formed
     */
    record Outcome(Optional<Failure> failure, OptionalLong tokens, Optional<AnswerValues> values) {
        static Outcome failed(ErrorKind kind, String detail) {
            return new Outcome(Optional.of(new Failure(kind, detail)), OptionalLong.empty(), Optional.empty());
        }
    }

    /** @param detail for people, one line; may quote the server */
    record Failure(ErrorKind kind, String detail) {}

    /** The structure alone. Rankings are small: all of their values are always read. */
    Outcome structure(int status, byte[] body) {
        if (status != 200) {
            return refused(status, body);
        }
        try {
            return switch (point.workload().nim()) {
                case EMBEDDING ->
                    right(EmbeddingStructure.check(body, point.items()).usage(), Optional.empty());
                case RERANKING -> values(status, body, Optional.empty());
            };
        } catch (MalformedAnswer e) {
            return failed(ErrorKind.MALFORMED, e.getMessage());
        }
    }

    /** @param alone what the same request got when nothing else was sent, if that is known */
    Outcome values(int status, byte[] body, Optional<AnswerValues> alone) {
        if (status != 200) {
            return refused(status, body);
        }
        try {
            return switch (point.workload().nim()) {
                case EMBEDDING -> {
                    EmbeddingAnswer answer = EmbeddingAnswer.parse(body, point.items());
                    yield judged(new AnswerValues.Vectors(answer.vectors()), answer.usage(), alone);
                }
                case RERANKING -> {
                    RankingAnswer answer = RankingAnswer.parse(body, point.items());
                    yield judged(new AnswerValues.Logits(answer.logits()), answer.usage(), alone);
                }
            };
        } catch (MalformedAnswer e) {
            return failed(ErrorKind.MALFORMED, e.getMessage());
        }
    }

    private Outcome judged(AnswerValues values, Optional<Usage> usage, Optional<AnswerValues> alone) {
        return values.impossible()
                .or(() -> alone.flatMap(values::differenceFrom))
                .map(wrong -> failed(ErrorKind.WRONG_ANSWER, wrong))
                .orElseGet(() -> right(usage, Optional.of(values)));
    }

    private static Outcome right(Optional<Usage> usage, Optional<AnswerValues> values) {
        OptionalLong tokens = usage.isPresent() ? OptionalLong.of(usage.get().promptTokens()) : OptionalLong.empty();
        return new Outcome(Optional.empty(), tokens, values);
    }

    private Outcome refused(int status, byte[] body) {
        return failed(
                ErrorKind.http(status),
                NimError.messageIn(body)
                        .map(message -> "HTTP " + status + ": " + message.replaceAll("\\s+", " "))
                        .orElse("HTTP " + status));
    }

    private Outcome failed(ErrorKind kind, String detail) {
        return Outcome.failed(kind, apiKey.map(key -> key.hiddenIn(detail)).orElse(detail));
    }
}
