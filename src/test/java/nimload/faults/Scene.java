package nimload.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One request to a faulty server, its right answer, and where to write to.
 *
 * @param seconds since the level's first request
 * @param server with what it remembers
 */
record Scene(Post post, Answer right, Connection connection, double seconds, FaultyNim server) {

    boolean answerRightly() throws IOException {
        connection.send(200, right.json());
        return false;
    }

    boolean answer(Answer other) throws IOException {
        connection.send(200, other.json());
        return true;
    }

    /** Nothing is said until the client gives up. */
    boolean beSilent() throws IOException {
        connection.awaitClient();
        return true;
    }

    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
