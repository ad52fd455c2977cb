package nimload.results;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * A histogram of latencies as text.
 *
 * @param unit {@code us}
 * @param encoding {@link #ENCODING}
 * @param data HdrHistogram's V2 format, compressed, in Base64
 */
public record EncodedHistogram(String unit, String encoding, String data) {
    public static final String ENCODING = "HdrHistogram V2, compressed, Base64";

    /** @param micros latencies in µs */
    public static EncodedHistogram of(Histogram micros) {
        ByteBuffer buffer = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
        // Of a copy, since a histogram keeps a buffer of megabytes from its first encoding on, and a run keeps it to
        // its end.
        int length = micros.copy().encodeIntoCompressedByteBuffer(buffer);
        return new EncodedHistogram(
                "us", ENCODING, Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length)));
    }

    /** The same with fewer digits, which is shorter. */
    EncodedHistogram withSignificantDigits(int digits) {
        Histogram coarser = new Histogram(digits);
        coarser.add(decode());
        return of(coarser);
    }

    /** @throws IllegalArgumentException if the text is none */
    public Histogram decode() {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(data)), 0);
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("data is not a histogram (" + ENCODING + ")", e);
        }
    }
}
