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
 * Answers a repeated request with the same bytes, without parsing it again. Parsing takes milliseconds of a core that
 * the measured client needs, and the next request would wait meanwhile without being seen. Confined to one event loop.
 */
final class RememberedAnswers implements NimApi.Preparation {
    /** Forgets everything beyond this; each level of a run sends 16 to 1,024 different requests. */
    static final int MAX_BYTES = 64 << 20;

    private final Map<ByteBuffer, Prepared> byRequest = new HashMap<>();
    private long bytes;

    @Override
    public Prepared of(byte[] json, Reader reader) throws NimError {
        ByteBuffer request = ByteBuffer.wrap(json);
        Prepared known = byRequest.get(request);
        if (known != null) {
            // Writing an answer releases it; the remembered one keeps its own reference.
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

    /** In direct memory that needs no release, because nothing tells this class that its server stops. */
    private static ByteBuf copy(ByteBuf answer) {
        ByteBuffer copy = ByteBuffer.allocateDirect(answer.readableBytes());
        answer.getBytes(answer.readerIndex(), copy);
        return Unpooled.wrappedBuffer(copy.flip());
    }
}
