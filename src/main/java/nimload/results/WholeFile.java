package nimload.results;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file so that readers find it complete or not at all: first as {@code .part}, then renamed. */
public final class WholeFile {
    private WholeFile() {}

    /** Replaces the one that was there. */
    public static void write(Path file, String content) throws IOException {
        Path part = part(file);
        Files.writeString(part, content, StandardCharsets.UTF_8);
        replace(file, part);
    }

    /** Replaces the one that was there by the same with more at its end; there may be none. */
    public static void append(Path file, byte[] more) throws IOException {
        Path part = part(file);
        Files.deleteIfExists(part);
        if (Files.exists(file)) {
            Files.copy(file, part);
        }
        Files.write(part, more, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        replace(file, part);
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private static void replace(Path file, Path part) throws IOException {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
