package nimload.preflight;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import nimload.UserError;
import nimload.preflight.NimClient.Answer;

/** Requests before the load, for one purpose: each is sent again, after a pause, where its failure may pass. */
final class Attempts {
    /** Of a server that loses one request in a hundred, one run in ten thousand ends here. */
    private static final int TRIES = 3;

    /** Before the second try; twice that before the third. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A server that wants a longer one gets the usual one: a user is watching. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String purpose;
    private final WaitClock clock;
    private final Set<String> reasons = new LinkedHashSet<>();
    private int requests;
    private int again;

    /** @param purpose for messages: {@code embedding, learning} */
    Attempts(String purpose, WaitClock clock) {
        this.purpose = purpose;
        this.clock = clock;
    }

    /** Whether the same request may well be answered a moment later. */
    static boolean mayPass(Reply reply) {
        if (reply instanceof NoAnswer none) {
            return switch (none.reason()) {
                case NAME_SERVICE_SILENT, NOT_CONNECTED, TIMEOUT, BROKEN -> true;
                case UNKNOWN_HOST, TLS -> false;
            };
        }
        int status = ((Answer) reply).status();
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /** The reply to the last try. */
    Reply ask(Supplier<Reply> request) {
        requests++;
        Reply reply = request.get();
        for (int tries = 1; tries < TRIES && mayPass(reply); tries++) {
            if (tries == 1) {
                again++;
            }
            reasons.add(reply.what());
            clock.pause(pause(reply, tries));
            reply = request.get();
        }
        return reply;
    }

    private static Duration pause(Reply reply, int tries) {
        Optional<Duration> asked = reply instanceof Answer answer ? answer.retryAfter() : Optional.empty();
        return asked.filter(time -> time.compareTo(LONGEST_PAUSE) <= 0).orElse(PAUSE.multipliedBy(tries));
    }

    /** For a reply that still may pass, but is the last. */
    UserError givenUp(URI url, Reply last, String words) {
        return new UserError(url + ": " + purpose + ": 1 of " + requests + " requests failed with " + last.what()
                + " (after " + TRIES + " tries)" + (words.isEmpty() ? "" : ": " + words)
                + "; check the log of the NIM and of what stands before it, and start again");
    }

    /** How many requests were sent more than once, if any. */
    Optional<String> note() {
        return again == 0
                ? Optional.empty()
                : Optional.of(purpose + ": " + again + (again == 1 ? " request was" : " requests were")
                        + " sent again (" + String.join(", ", reasons) + ").");
    }
}
