package nimload.run;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import nimload.UserError;
import nimload.nim.RankingRequest;
import nimload.plan.OwnTexts;
import nimload.plan.SettingValues.Given;
import nimload.text.OwnLine;

/**
 * The user's own texts: a file of any size, of which memory holds the places of some lines. The whole file is read once, and
 * each line checked, before anything is sent; then lines are read where they stand. A packed file is unpacked into a temporary
 * file, which is gone with this process. Safe for many threads.
 */
final class TextFile {
    /** Of the largest request. */
    private static final long MOST_REQUEST_BYTES = 32 << 20;

    /** 8 MB of them; between two lie a few KB even in a file of 5 GB. */
    private static final int MOST_PLACES = 1 << 20;

    private static final int READ_BYTES = 1 << 20;

    private final Given given;
    private final boolean json;
    private final FileChannel channel;
    private final MessageDigest digest = sha256();
    /** Of every so-and-so-many-th line, in bytes. */
    private long[] places = new long[1024];

    private int every = 1;
    private long lines;
    private long items;
    private long bytes;
    private int itemsPerLine;
    private boolean ranking;
    private final Map<Integer, Window> windows = new LinkedHashMap<>();

    /** Of the requests with a given number of lines: the one being read and the largest. */
    private static final class Window {
        private final int count;
        private long bytes;
        private long largestBytes;
        private long largest;

        private Window(int count) {
            this.count = count;
        }
    }

    private TextFile(Given given, boolean json, FileChannel channel, Set<Integer> linesPerRequest) {
        this.given = given;
        this.json = json;
        this.channel = channel;
        linesPerRequest.forEach(count -> windows.put(count, new Window(count)));
    }

    /**
     * Reads and checks the whole file.
     *
     * @param linesPerRequest how many lines the run's requests are made of
     * @throws UserError if it cannot be read, or for its first bad line
     */
    static TextFile read(Given given, Set<Integer> linesPerRequest) {
        String name = given.value().toLowerCase(Locale.ROOT);
        boolean packed = name.endsWith(".gz");
        String unpacked = packed ? name.substring(0, name.length() - 3) : name;
        boolean json = unpacked.endsWith(".jsonl");
        if (!json && !unpacked.endsWith(".txt")) {
            throw new UserError(given.origin() + "=" + given.value() + ": its name does not say what it holds; give a"
                    + " file that ends with .jsonl (JSON in each line), .txt (a text in each line), .jsonl.gz or"
                    + " .txt.gz");
        }
        try {
            Path path = Path.of(given.value());
            TextFile file = new TextFile(
                    given,
                    json,
                    packed ? temporary() : FileChannel.open(path, StandardOpenOption.READ),
                    linesPerRequest);
            try (InputStream in = Files.newInputStream(path)) {
                file.readAll(
                        packed
                                ? new Copied(
                                        new GZIPInputStream(in, READ_BYTES), Channels.newOutputStream(file.channel))
                                : in);
            }
            return file;
        } catch (ZipException | EOFException e) {
            throw new UserError(
                    given.origin() + "=" + given.value() + " is not a whole gzip file (" + e.getMessage()
                            + "); pack it again, or give it unpacked",
                    e);
        } catch (IOException | InvalidPathException e) {
            throw new UserError(
                    given.origin() + "=" + given.value() + " cannot be read (" + e + "); give a .jsonl or .txt file in"
                            + " UTF-8, as src/docs/texts.md explains",
                    e);
        }
    }

    private static FileChannel temporary() throws IOException {
        return FileChannel.open(
                Files.createTempFile("nimload-texts", ".tmp"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** What is read is written to another stream, too. */
    private static final class Copied extends FilterInputStream {
        private final OutputStream copy;

        Copied(InputStream in, OutputStream copy) {
            super(in);
            this.copy = copy;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            if (count > 0) {
                copy.write(bytes, from, count);
            }
            return count;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private void readAll(InputStream in) throws IOException {
        Lines all = new Lines(new DigestInputStream(in, digest), 0);
        try {
            while (all.next()) {
                add(all);
            }
        } catch (Lines.TooLong e) {
            throw bad(all.number(), "is longer than " + (Lines.LONGEST >> 20) + " MiB", "cut it, or leave it out");
        }
        if (lines == 0) {
            throw new UserError(
                    given.origin() + "=" + given.value() + " has no texts; give a file with at least one line");
        }
        for (Window window : windows.values()) {
            if (window.count > lines) {
                throw new UserError(
                        given.origin() + "=" + given.value() + " has " + lines + " lines, fewer than a request" + " of "
                                + window.count + "; give a longer file, or a smaller batch");
            }
        }
    }

    private void add(Lines line) {
        OwnLine own = parsed(line);
        boolean ranks = own.query().isPresent();
        if (lines > 0 && ranks != ranking) {
            throw bad(
                    line.number(),
                    ranks
                            ? "has a query with passages, and the lines before have texts"
                            : "has texts, and the lines before" + " have queries with passages",
                    "give a file for each");
        }
        if (ranks && own.items().size() > RankingRequest.MAX_PASSAGES) {
            throw bad(
                    line.number(),
                    "has " + own.items().size() + " passages",
                    "give at most " + RankingRequest.MAX_PASSAGES + ", as many as a NIM ranks");
        }
        ranking = ranks;
        itemsPerLine =
                lines == 0 || itemsPerLine == own.items().size() ? own.items().size() : 0;
        if (lines % every == 0) {
            place(line.offset());
        }
        for (Window window : windows.values()) {
            window.bytes = (lines % window.count == 0 ? 0 : window.bytes) + line.length();
            if (window.bytes > MOST_REQUEST_BYTES) {
                throw bad(
                        line.number(),
                        "ends a request of " + window.count + " lines that is longer than " + (MOST_REQUEST_BYTES >> 20)
                                + " MiB",
                        "give a smaller batch");
            }
            if (window.bytes > window.largestBytes) {
                window.largestBytes = window.bytes;
                window.largest = lines - lines % window.count;
            }
        }
        lines++;
        items += own.items().size();
        bytes += line.length();
    }

    private void place(long offset) {
        int used = (int) (lines / every);
        if (used == MOST_PLACES) {
            for (int i = 0; i < used / 2; i++) {
                places[i] = places[2 * i];
            }
            every *= 2;
            used /= 2;
        }
        if (used == places.length) {
            places = Arrays.copyOf(places, 2 * used);
        }
        places[used] = offset;
    }

    private OwnLine parsed(Lines line) {
        String text = new String(line.bytes(), line.from(), line.length(), StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            requireUtf8(line);
        }
        try {
            return json ? OwnLine.ofJson(text) : OwnLine.ofText(text);
        } catch (OwnLine.Bad e) {
            throw bad(line.number(), e.getMessage(), e.right());
        }
    }

    /** A text may hold the character that stands for what is not UTF-8. */
    private void requireUtf8(Lines line) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.bytes(), line.from(), line.length()));
        } catch (CharacterCodingException e) {
            throw bad(line.number(), "is not UTF-8", "give the file in UTF-8, e.g. with iconv -t UTF-8");
        }
    }

    /** The error of a line; no text of it. */
    private UserError bad(long line, String what, String right) {
        return new UserError(given.origin() + "=" + given.value() + ": line " + line + " " + what + "; " + right);
    }

    /** As a setting names it. */
    Given given() {
        return given;
    }

    /** Whether its lines are queries with passages; else they are texts to embed. */
    boolean ranks() {
        return ranking;
    }

    OwnTexts texts() {
        return new OwnTexts(
                Path.of(given.value()).getFileName().toString(),
                HexFormat.of().formatHex(sum()).substring(0, 12),
                lines,
                items,
                bytes,
                itemsPerLine,
                1);
    }

    private byte[] sum() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own can be cloned", e);
        }
    }

    /** The first line of the request with the most bytes. */
    long largest(int linesPerRequest) {
        return windows.get(linesPerRequest).largest;
    }

    /**
     * Consecutive lines; after the last one comes the first.
     *
     * @param first from 0, of those that are not blank; may be larger than the file
     */
    List<OwnLine> lines(long first, int count) {
        List<OwnLine> read = new ArrayList<>(count);
        long line = first % lines;
        try {
            while (read.size() < count) {
                Lines from = at(line);
                while (read.size() < count && from.next()) {
                    read.add(parsed(from));
                }
                line = 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(given.origin() + "=" + given.value() + " cannot be read any more", e);
        }
        return read;
    }

    private Lines at(long line) throws IOException {
        long place = places[(int) (line / every)];
        Lines from = new Lines(new Slice(channel, place), place);
        for (long skipped = line % every; skipped > 0; skipped--) {
            from.next();
        }
        return from;
    }

    /** A channel from a place on, without moving it for others. */
    private static final class Slice extends InputStream {
        private final FileChannel channel;
        private long position;

        Slice(FileChannel channel, long position) {
            this.channel = channel;
            this.position = position;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = channel.read(ByteBuffer.wrap(bytes, from, length), position);
            position += Math.max(0, count);
            return count;
        }
    }
}
