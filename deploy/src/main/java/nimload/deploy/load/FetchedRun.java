package nimload.deploy.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.DeployException;

/**
 * A run fetched from a pod, stored where a run on this machine would be: {@code <results>/<yyyyMMdd-HHmmss>/}, with {@code latest} pointing at it.
 * In addition to the run's own files: {@code gatling/} (Gatling's report), {@code console.log}, {@code exit-code}. The directory is complete or
 * absent.
 */
public final class FetchedRun {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private FetchedRun() {}

    /**
     * @param tar results/&lt;run&gt; and gatling/&lt;report&gt;
     * @param console what the run printed; moved into the run's directory
     * @param results created if something was measured
     * @param suffix appended to the directory's name, for files that are not a run yet
     * @return the run's directory; empty for a run that ended before it created one
     * @throws DeployException if an entry would leave the folder
     */
    public static Optional<Path> unpack(Path tar, Path console, int exitCode, Path results, String suffix)
            throws IOException {
        Path part = tar.resolveSibling(tar.getFileName() + ".unpacked");
        Unpacking.delete(part);
        try {
            Unpacking.extract(tar, part, entry -> true);
            Optional<Path> newest = onlyFolder(part.resolve("results"));
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            Path run = newest.get();
            Optional<Path> report = onlyFolder(part.resolve("gatling"));
            if (report.isPresent()) {
                Files.move(report.get(), run.resolve("gatling"));
            }
            Files.move(console, run.resolve("console.log"));
            Files.writeString(run.resolve("exit-code"), exitCode + "\n");
            Files.createDirectories(results);
            Path target = free(results, run.getFileName().toString(), suffix);
            Files.move(run, target, StandardCopyOption.ATOMIC_MOVE);
            if (Files.exists(target.resolve("results.csv"))) {
                markLatest(target);
            }
            return Optional.of(target);
        } finally {
            Unpacking.delete(part);
        }
    }

    /** The newest by name, if there are several. */
    private static Optional<Path> onlyFolder(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return Optional.empty();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).max(Comparator.naturalOrder());
        }
    }

    /** If the name is taken, that of the next free second, as on this machine. */
    private static Path free(Path results, String name, String suffix) {
        Path target = results.resolve(name + suffix);
        try {
            for (LocalDateTime time = LocalDateTime.parse(name, NAME); Files.exists(target); ) {
                time = time.plusSeconds(1);
                target = results.resolve(NAME.format(time) + suffix);
            }
            return target;
        } catch (DateTimeParseException e) {
            throw new DeployException(
                    "the results contain a folder \"" + name
                            + "\" instead of a run named yyyyMMdd-HHmmss; use the suite of this version (mvn package -DskipTests builds it)",
                    e);
        }
    }

    /** A link if the file system supports links, otherwise a file that contains the name. */
    private static void markLatest(Path run) throws IOException {
        Path part = run.resolveSibling("latest.part");
        Files.deleteIfExists(part);
        try {
            Files.createSymbolicLink(part, run.getFileName());
        } catch (UnsupportedOperationException | IOException noLinks) {
            Files.writeString(part, run.getFileName() + "\n");
        }
        Files.move(
                part,
                run.resolveSibling("latest"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
