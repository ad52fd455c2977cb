package nimload.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gatling's own report of the run, linked as {@code gatling} from the run's directory. It is where the Maven plugin puts it,
 * in {@code target/gatling}, and {@code mvn clean} deletes it there.
 */
final class GatlingReport {
    private static final Path REPORTS = Path.of("target", "gatling");
    private static final String LINK = "gatling";

    private GatlingReport() {}

    /** Does nothing if the report is elsewhere. */
    static void linkFrom(Path run) {
        Instant started = ProcessHandle.current().info().startInstant().orElse(Instant.MAX);
        try {
            link(run, REPORTS, started);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            System.err.println("Gatling's report is in " + REPORTS + " and not linked from " + run + " (" + e + ")");
        }
    }

    /** @param since the start of this JVM: a report whose log was not written since is another run's */
    static void link(Path run, Path reports, Instant since) throws IOException {
        Optional<Path> report = newest(reports, since);
        if (report.isPresent()) {
            Path target = run.toRealPath().relativize(report.get().toRealPath());
            Files.createSymbolicLink(run.resolve(LINK), target);
        }
    }

    private static Optional<Path> newest(Path reports, Instant since) throws IOException {
        if (!Files.isDirectory(reports)) {
            return Optional.empty();
        }
        List<Path> logs;
        try (Stream<Path> all = Files.list(reports)) {
            logs = all.map(report -> report.resolve("simulation.log"))
                    .filter(Files::exists)
                    .toList();
        }
        Optional<Path> newest = Optional.empty();
        Instant latest = since;
        for (Path log : logs) {
            Instant written = Files.getLastModifiedTime(log).toInstant();
            if (!written.isBefore(latest)) {
                newest = Optional.of(log.getParent());
                latest = written;
            }
        }
        return newest;
    }
}
