package nimload.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import nimload.faults.Connection.Message;

/**
 * One request, its right answer, and where to write to.
 *
 * @param right the emulator's answer, status 200
 * @param emulator to ask more
 * @param server with what it remembers
 */
record Scene(Message request, Call call, Message right, Connection client, Connection emulator, FaultServer server) {

    boolean answerRightly() throws IOException {
        client.write(right.bytes());
        return false;
    }

    boolean answer(Answer other) throws IOException {
        client.send(200, "", other.json());
        return true;
    }

    Answer rightAnswer() throws IOException {
        return Answer.of(call.nim(), right.body());
    }

    /** What the emulator says to other texts; empty if it refuses them. */
    Optional<Answer> ask(String query, List<String> texts) throws IOException {
        byte[] body = call.json(query, texts);
        List<String> headers = List.of("Host: emulator", "Content-Length: " + body.length);
        Message answer = emulator.exchange(new Message(request.first(), headers, body));
        return answer.word(1).equals("200") ? Optional.of(Answer.of(call.nim(), answer.body())) : Optional.empty();
    }

    /** Nothing is said until the client gives up. */
    boolean beSilent() throws IOException {
        client.awaitEnd();
        return true;
    }

    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
