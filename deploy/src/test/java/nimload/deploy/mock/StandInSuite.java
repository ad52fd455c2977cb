package nimload.deploy.mock;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The suite as an archive, or as a folder of an image; its run.sh prints what it receives, leaves a run's files, and ends when and how the test wants. */
public final class StandInSuite {

    /** The run continues while this file exists. */
    public static final String HOLD = "STAND_IN_HOLD";

    /** The run's exit code; default: 0, or 1 for an early end. */
    public static final String EXIT = "STAND_IN_EXIT";

    /** If set, the run ends before it has created a run directory. */
    public static final String EARLY = "STAND_IN_EARLY";

    private static final String RUN = """
            #!/bin/sh
            for argument; do echo "argument $argument"; done
            echo "a key of ${#NIM_API_KEY} characters"
            case "$*" in *nim.endpoints=*) echo "endpoints $(cat "${2##*=}" "${3##*=}" 2>/dev/null)";; esac
            hold() { while [ -n "$STAND_IN_HOLD" ] && [ -e "$STAND_IN_HOLD" ]; do sleep 1; done; }
            [ -z "$STAND_IN_EARLY" ] || { hold; exit ${STAND_IN_EXIT:-1}; }
            mkdir -p results/20270101-000000 gatling/report
            echo header > results/20270101-000000/results.csv
            ln -s 20270101-000000 results/latest
            echo '<html>' > gatling/report/index.html
            [ -z "$NIM_GENERATOR" ] || echo "generator $NIM_GENERATOR starts at $NIM_START_AT, its clock: ${NIM_CLOCK:+known}"
            echo measuring
            hold
            echo "the end"
            exit ${STAND_IN_EXIT:-0}
            """;

    private StandInSuite() {}

    /** The suite's merge prints what it is given. */
    private static final String MERGE = """
            package nimload.merge;
            public class Merge {
                public static void main(String[] parts) {
                    System.out.println("merged " + String.join(" ", parts));
                }
            }
            """;

    /** Adds a merge to an archive's entries. */
    private static void addMerge(TarArchiveOutputStream tar) throws IOException {
        Path scratch = Files.createTempDirectory("merge");
        Path source = Files.writeString(scratch.resolve("Merge.java"), MERGE);
        ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", scratch.toString(), source.toString());
        add(tar, "classes/nimload/merge/Merge.class", Files.readAllBytes(scratch.resolve("nimload/merge/Merge.class")));
    }

    /** With a merge. */
    public static Path writeForSeveral(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            add(tar, "run.sh", RUN);
            add(tar, "simulations/nimload/simulation/PublishedGridSimulation.class", "");
            addMerge(tar);
        }
        return file;
    }

    public static void image(Path folder) throws IOException {
        Path run = Files.createDirectories(folder).resolve("run.sh");
        Files.writeString(run, RUN);
        run.toFile().setExecutable(true);
    }

    public static Path write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            add(tar, "run.sh", RUN);
            add(tar, "simulations/nimload/simulation/RerankingSimulation.class", "");
            add(tar, "simulations/nimload/simulation/PublishedGridSimulation.class", "");
            // More than one message of an upload.
            add(tar, "lib/some.jar", "x".repeat(200_000));
        }
        return file;
    }

    public static void add(TarArchiveOutputStream tar, String name, String content) throws IOException {
        add(tar, name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(0100755);
        entry.setModTime(0L); // always the same archive
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
