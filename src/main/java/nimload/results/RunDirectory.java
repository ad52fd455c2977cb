package nimload.results;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import java.util.stream.Stream;
import nimload.UserError;

/**
 * Where a run's files go: {@code <results>/<yyyyMMdd-HHmmss>/}, with {@code <results>/latest} pointing at the newest. A
 * file is complete or absent: it is written next to its place and renamed.
 */
public final class RunDirectory {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Path path;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /**
     * Creates the directory of a run that starts at {@code now}; another run of the same second gets the next
     * free second's name.
     *
     * @throws UserError if it cannot be made
     */
    public static RunDirectory create(Path results, LocalDateTime now) {
        try {
            make(results);
            for (LocalDateTime time = now; ; time = time.plusSeconds(1)) {
                Path path = results.resolve(nameOf(time));
                try {
                    return new RunDirectory(Files.createDirectory(path));
                } catch (FileAlreadyExistsException taken) {
                    continue;
                }
            }
        } catch (IOException e) {
            throw new UserError(
                    "nim.results=" + results + ": no directory can be made there (" + e
                            + "); give one that can be written",
                    e);
        }
    }

    /** The directory of an earlier run, to be added to. */
    public static RunDirectory again(Path path) {
        return new RunDirectory(path.toAbsolutePath().normalize());
    }

    /** Bytes that its own files take, not those of directories in it. */
    public OptionalLong bytes() {
        try (Stream<Path> files = Files.list(path)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return OptionalLong.of(sum);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** With its parents, unless it is there: Java before 17.0.14 refuses one that is a link to a directory. */
    public static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
    }

    /** A run's name, for one that has no directory too. */
    public static String nameOf(LocalDateTime start) {
        return NAME.format(start);
    }

    public String id() {
        return path.getFileName().toString();
    }

    public Path path() {
        return path;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    /** Writes a file whole, or leaves the one that was there. */
    public void write(String name, String content) throws IOException {
        WholeFile.write(path.resolve(name), content);
    }

    /** Adds to the end of a file, whole or not at all. */
    public void append(String name, byte[] more) throws IOException {
        WholeFile.append(path.resolve(name), more);
    }

    /** Points {@code latest} at this run. A link where the file system has links, else a file that holds the name. */
    public void markLatest() throws IOException {
        Path latest = path.resolveSibling(ResultsFile.LATEST);
        Path part = path.resolveSibling(ResultsFile.LATEST + ".part");
        Files.deleteIfExists(part);
        try {
            Files.createSymbolicLink(part, path.getFileName());
        } catch (UnsupportedOperationException | IOException noLinks) {
            Files.writeString(part, id() + "\n", StandardCharsets.UTF_8);
        }
        Files.move(part, latest, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
