package nimload.emulator;

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
        Prepared prepared = byRequest.get(request);
        if (prepared == null) {
            prepared = reader.read(json);
            long size = json.length + prepared.answer().readableBytes();
            if (size > MAX_BYTES) {
                return prepared;
            }
            if (bytes + size > MAX_BYTES) {
                byRequest.values().forEach(forgotten -> forgotten.answer().release());
                byRequest.clear();
                bytes = 0;
            }
            bytes += size;
            byRequest.put(request, prepared);
        }
        // Writing an answer releases it; what is remembered keeps its own hold.
        return new Prepared(
                prepared.items(), prepared.tokens(), prepared.answer().retainedDuplicate());
    }
}
