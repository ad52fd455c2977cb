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
import nimload.plan.LoadPoint;
import nimload.plan.Workload;

/** Decides whether an answer is right. Pure; costs what {@link EmbeddingStructure} says, and with values some six times that. */
final class AnswerCheck {
    private AnswerCheck() {}

    /**
     * @param failure empty for a right answer
     * @param tokens as the server counted them
     * @param values if they were asked for and the answer is well-formed
     */
    record Outcome(Optional<Failure> failure, OptionalLong tokens, Optional<AnswerValues> values) {}

    /** @param detail for people, one line; what a server said may be in it */
    record Failure(ErrorKind kind, String detail) {}

    /** The structure alone. Rankings are small: all of their values are read in any case. */
    static Outcome structure(LoadPoint point, int status, byte[] body) {
        if (point.workload() == Workload.RERANKING) {
            return values(point, status, body, Optional.empty());
        }
        if (status != 200) {
            return refused(status, body);
        }
        try {
            return right(EmbeddingStructure.check(body, point.items()).usage(), Optional.empty());
        } catch (MalformedAnswer e) {
            return failed(ErrorKind.MALFORMED, e.getMessage());
        }
    }

    /** @param alone what the same request got when nothing else was sent, if that is known */
    static Outcome values(LoadPoint point, int status, byte[] body, Optional<AnswerValues> alone) {
        if (status != 200) {
            return refused(status, body);
        }
        AnswerValues values;
        Optional<Usage> usage;
        try {
            if (point.workload() == Workload.RERANKING) {
                RankingAnswer answer = RankingAnswer.parse(body, point.items());
                values = new AnswerValues.Logits(answer.logits());
                usage = answer.usage();
            } else {
                EmbeddingAnswer answer = EmbeddingAnswer.parse(body, point.items());
                values = new AnswerValues.Vectors(answer.vectors());
                usage = answer.usage();
            }
        } catch (MalformedAnswer e) {
            return failed(ErrorKind.MALFORMED, e.getMessage());
        }
        Optional<String> wrong = values.impossible().or(() -> alone.flatMap(values::differenceFrom));
        return wrong.isPresent() ? failed(ErrorKind.WRONG_ANSWER, wrong.get()) : right(usage, Optional.of(values));
    }

    private static Outcome right(Optional<Usage> usage, Optional<AnswerValues> values) {
        OptionalLong tokens = usage.isPresent() ? OptionalLong.of(usage.get().promptTokens()) : OptionalLong.empty();
        return new Outcome(Optional.empty(), tokens, values);
    }

    private static Outcome refused(int status, byte[] body) {
        return failed(
                ErrorKind.http(status),
                NimError.messageIn(body)
                        .map(said -> "HTTP " + status + ": " + said.replaceAll("\\s+", " "))
                        .orElse("HTTP " + status));
    }

    private static Outcome failed(ErrorKind kind, String detail) {
        return new Outcome(Optional.of(new Failure(kind, detail)), OptionalLong.empty(), Optional.empty());
    }
}
