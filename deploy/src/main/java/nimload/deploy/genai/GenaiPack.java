package nimload.deploy.genai;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nimload.deploy.pod.Archive;
import nimload.deploy.settings.Nim;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** What the genai-perf pod receives: genai-perf.sh of this package as an archive, and the levels as the script that it reads. */
public final class GenaiPack {

    /** In the archive. */
    public static final String COMMAND = "genai-perf.sh";

    /** In the working directory. */
    public static final String LEVELS = "levels.sh";

    /** Exit code of {@link #COMMAND} if no tokenizer could be loaded. */
    public static final int NO_TOKENIZER = 3;

    private GenaiPack() {}

    /** Always the same bytes, so that the upload is skipped if the pod already has them. */
    public static Archive write(Path file) throws IOException {
        byte[] script;
        try (InputStream in = GenaiPack.class.getResourceAsStream(COMMAND)) {
            script = in.readAllBytes();
        }
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry(COMMAND);
            entry.setMode(0100755);
            entry.setModTime(0L);
            entry.setSize(script.length);
            tar.putArchiveEntry(entry);
            tar.write(script);
            tar.closeArchiveEntry();
        }
        return Archive.of(file);
    }

    /**
     * One line per level: folder, announcement, and the command.
     *
     * @param artifacts a folder of the pod
     */
    public static String levels(
            List<GenaiLevel> levels,
            Map<Nim, GenaiLevel.Target> targets,
            String artifacts,
            Optional<String> tokenizer) {
        return levels.stream()
                .map(level -> "level " + level.folder() + " '" + level.announcement() + "' "
                        + level.command(targets.get(level.workload().nim()), artifacts, tokenizer).stream()
                                .map(GenaiPack::word)
                                .collect(Collectors.joining(" "))
                        + "\n")
                .collect(Collectors.joining());
    }

    /** Quoted for sh. */
    private static String word(String text) {
        return text.matches("[A-Za-z0-9_./:,=+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
