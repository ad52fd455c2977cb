package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import nimload.emulator.NimApi.Prepared;
import nimload.nim.NimError;
import org.junit.jupiter.api.Test;

class RememberedAnswersTest {
    private static final int HALF = RememberedAnswers.MAX_BYTES / 2;

    private final RememberedAnswers answers = new RememberedAnswers();
    private int reads;

    /** A request of one byte, answered with as many bytes as make both {@code size} together. */
    private Prepared ask(char request, int size) throws NimError {
        return answers.of(new byte[] {(byte) request}, json -> {
            reads++;
            byte[] answer = new byte[size - 1];
            answer[0] = (byte) request;
            return new Prepared(3, 60, Unpooled.wrappedBuffer(answer));
        });
    }

    @Test
    void aRepeatedRequestHasTheSameAnswerWithoutBeingRead() throws NimError {
        byte[] first = ByteBufUtil.getBytes(ask('a', 100).answer());
        for (int i = 0; i < 3; i++) {
            Prepared again = ask('a', 100);
            assertThat(again.items()).isEqualTo(3);
            assertThat(again.tokens()).isEqualTo(60);
            ByteBuf answer = again.answer();
            assertThat(ByteBufUtil.getBytes(answer)).isEqualTo(first);
            // As writing it to a connection does.
            answer.skipBytes(answer.readableBytes());
            answer.release();
        }
        assertThat(reads).isEqualTo(1);
        ask('b', 100);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void answersAreRememberedUpToTheBoundAndThenAllForgotten() throws NimError {
        ask('a', HALF);
        ask('b', HALF);
        ask('a', HALF);
        ask('b', HALF);
        assertThat(reads).as("both fit").isEqualTo(2);
        ask('c', 100);
        ask('c', 100);
        assertThat(reads).isEqualTo(3);
        ask('a', HALF);
        assertThat(reads).as("forgotten").isEqualTo(4);
        ask('c', 100);
        assertThat(reads).as("one more fits").isEqualTo(4);
    }

    @Test
    void anAnswerOverTheBoundIsNotRemembered() throws NimError {
        ask('a', RememberedAnswers.MAX_BYTES);
        ask('a', RememberedAnswers.MAX_BYTES);
        assertThat(reads).isEqualTo(1);
        ask('b', RememberedAnswers.MAX_BYTES + 1);
        ask('b', RememberedAnswers.MAX_BYTES + 1);
        assertThat(reads).isEqualTo(3);
    }
}
