package nimload.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of a stream, as bytes without their ends: LF or CR LF. Other characters that end lines in Unicode, such as U+2028, are
 * part of a text. Holds one line at a time.
 */
final class Lines {
    /** A line that is longer is refused: a million tokens fit. */
    static final int LONGEST = 8 << 20;

    private static final int FIRST_CAPACITY = 16 << 10;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    /** Of the buffer's first byte. */
    private long bufferOffset;

    private int start;
    private int end;
    private int next;
    private int filled;
    private boolean over;
    private long number;

    /** @param offset of the stream's first byte in the file */
    Lines(InputStream in, long offset) {
        this.in = in;
        this.bufferOffset = offset;
    }

    /** A line was longer than {@link #LONGEST}. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Goes to the next line that is not blank; false at the end of the stream. */
    boolean next() throws IOException {
        while (nextLine()) {
            if (!blank()) {
                return true;
            }
        }
        return false;
    }

    private boolean nextLine() throws IOException {
        number++;
        start = next;
        int search = start;
        while (true) {
            for (int i = search; i < filled; i++) {
                if (buffer[i] == '\n') {
                    end = i;
                    next = i + 1;
                    return withoutEnds();
                }
            }
            search = filled;
            if (over) {
                end = filled;
                next = filled;
                return end > start && withoutEnds();
            }
            int kept = search - start;
            fill();
            search = start + kept;
        }
    }

    /** Reads more; moves what is left to the buffer's start. */
    private void fill() throws IOException {
        int length = filled - start;
        if (length > LONGEST) {
            throw new TooLong();
        }
        byte[] target = length > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, start, target, 0, length);
        buffer = target;
        bufferOffset += start;
        start = 0;
        filled = length;
        int read = in.read(buffer, filled, buffer.length - filled);
        over = read < 0;
        filled += Math.max(0, read);
    }

    private boolean withoutEnds() throws TooLong {
        if (end > start && buffer[end - 1] == '\r') {
            end--;
        }
        if (bufferOffset + start == 0
                && end - start >= BYTE_ORDER_MARK.length
                && Arrays.equals(
                        buffer, start, start + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length)) {
            start += BYTE_ORDER_MARK.length;
        }
        if (end - start > LONGEST) {
            throw new TooLong();
        }
        return true;
    }

    private boolean blank() {
        for (int i = start; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Of the line's first byte in the file. */
    long offset() {
        return bufferOffset + start;
    }

    /** From 1, with the blank ones, of the line that was read last or could not be. */
    long number() {
        return number;
    }

    int length() {
        return end - start;
    }

    /** The line's bytes, from {@link #from} to {@link #from} + {@link #length}; valid until the next line. */
    byte[] bytes() {
        return buffer;
    }

    int from() {
        return start;
    }
}
