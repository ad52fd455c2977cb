package nimload.emulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import nimload.emulator.NimApi.Prepared;
import nimload.emulator.NimApi.Reader;
import nimload.nim.NimError;

/**
 * Answers the same request with the same bytes, without reading it again. Reading takes milliseconds of a core, which a
 * client that is measured would miss, and for which the next request would wait unseen. Lives on one event loop.
 */
final class RememberedAnswers implements NimApi.Preparation {
    /** The levels of a run send 16 to 1,024 different requests each. */
    static final int MAX_BYTES = 64 << 20;

    private final Map<ByteBuffer, Prepared> byRequest = new HashMap<>();
    private long bytes;

    @Override
    public Prepared of(byte[] json, Reader reader) throws NimError {
        ByteBuffer request = ByteBuffer.wrap(json);
        Prepared known = byRequest.get(request);
        if (known != null) {
            // Writing an answer gives it up; what is remembered keeps its own hold.
            return new Prepared(known.items(), known.tokens(), known.answer().retainedDuplicate());
        }
        Prepared prepared = reader.read(json);
        long size = json.length + prepared.answer().readableBytes();
        if (bytes + size > MAX_BYTES) {
            byRequest.clear();
            bytes = 0;
        }
        if (size <= MAX_BYTES) {
            bytes += size;
            byRequest.put(request, new Prepared(prepared.items(), prepared.tokens(), copy(prepared.answer())));
        }
        return prepared;
    }

    /** In memory that the network can read, and that nobody has to give back: a server ends without a word to this. */
    private static ByteBuf copy(ByteBuf answer) {
        ByteBuffer copy = ByteBuffer.allocateDirect(answer.readableBytes());
        answer.getBytes(answer.readerIndex(), copy);
        return Unpooled.wrappedBuffer(copy.flip());
    }
}
