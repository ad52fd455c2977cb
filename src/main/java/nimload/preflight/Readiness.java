package nimload.preflight;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import nimload.UserError;
import nimload.nim.NimKind;
import nimload.nim.Routes;
import nimload.nim.WireForm;
import nimload.preflight.NimClient.Answer;
import nimload.preflight.NoAnswer.Reason;

/**
 * Waits until a NIM is ready. Only 503 and a server that is not there mean "not yet"; any other answer is about something
 * else, and waiting would not change it.
 */
final class Readiness {
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    /** Whoever waits half an hour wants to see that it goes on. */
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final NimClient client;
    private final Patience patience;
    private final Duration wait;
    private final WaitClock clock;
    private final Consumer<String> progress;

    /**
     * @param wait for the server to be ready; zero: it is asked once
     */
    Readiness(NimClient client, Patience patience, Duration wait, WaitClock clock, Consumer<String> progress) {
        this.client = client;
        this.patience = patience;
        this.wait = wait;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * @return what to note about the way in which it is ready
     * @throws UserError if it is not ready in time, or its answer is about something else
     */
    Optional<String> await(WireForm form, URI url) {
        NimKind kind = form.kind();
        long begin = clock.nanoTime();
        String said = "";
        Duration saidAt = Duration.ZERO;
        while (true) {
            Reply reply = client.tryGet(url, Routes.READY, patience.ready());
            Optional<UserError> mistake = Scheme.mistake(url, reply);
            if (mistake.isPresent()) {
                throw mistake.get();
            }
            if (!notYet(reply)) {
                return note(form, url, reply);
            }
            Duration waited = Duration.ofNanos(clock.nanoTime() - begin);
            if (waited.compareTo(wait) >= 0) {
                throw notReady(url, reply, waited);
            }
            if (!reply.what().equals(said) || waited.minus(saidAt).compareTo(BETWEEN_LINES) >= 0) {
                said = reply.what();
                saidAt = waited;
                progress.accept(kind.key() + ": not ready yet (" + said + "), " + text(waited) + " of " + text(wait));
            }
            Duration left = wait.minus(waited);
            clock.pause(left.compareTo(BETWEEN_QUESTIONS) < 0 ? left : BETWEEN_QUESTIONS);
        }
    }

    private boolean notYet(Reply reply) {
        if (reply instanceof NoAnswer none) {
            return none.reason() == Reason.UNKNOWN_HOST
                    || none.reason() == Reason.NAME_SERVICE_SILENT
                    || none.reason() == Reason.NOT_CONNECTED
                    || none.reason() == Reason.TIMEOUT;
        }
        int status = ((Answer) reply).status();
        // A proxy says 502 or 504 while the NIM behind it starts; without nim.wait that is an answer to be read.
        return status == 503 || !wait.isZero() && (status == 502 || status == 504);
    }

    private UserError notReady(URI url, Reply reply, Duration waited) {
        String after = wait.isZero() ? "" : " after " + text(waited);
        if (reply instanceof NoAnswer none) {
            return wait.isZero()
                    ? patience.error(none)
                    : new UserError(
                            patience.error(none).getMessage() + " (waited " + text(waited) + ")", none.problem());
        }
        return new UserError(url + " is not ready" + after + " (" + reply.what() + " from " + Routes.READY
                + "); a first start downloads the model and may take 30 minutes, wait for it with -Dnim.wait=30m or"
                + " watch it with: curl -i " + url + Routes.READY);
    }

    private Optional<String> note(WireForm form, URI url, Reply reply) {
        if (reply instanceof NoAnswer none) {
            throw patience.error(none);
        }
        Answer answer = (Answer) reply;
        if (answer.status() / 100 == 2) {
            return Optional.empty();
        }
        // Only a NIM has this route: what another server says of it is about the route, and a redirect about all of
        // them.
        boolean otherServer = !form.ofNim() && answer.status() / 100 != 3;
        if (otherServer || answer.status() == 404 || answer.status() == 405) {
            return Optional.of(form.kind().key() + ": this server does not say whether it is ready (" + answer.what()
                    + " from " + Routes.READY + "); its first answer was taken for that.");
        }
        throw Refusals.error(form.kind(), url, Routes.READY, answer);
    }

    /** {@code 1 min 20 s}. */
    static String text(Duration time) {
        long hours = time.toHours();
        int minutes = time.toMinutesPart();
        int seconds = time.toSecondsPart();
        String text = (hours > 0 ? hours + " h " : "")
                + (minutes > 0 ? minutes + " min " : "")
                + (seconds > 0 || time.toMinutes() == 0 ? seconds + " s" : "");
        return text.strip();
    }
}
