package nimload.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/** What GitHub Actions shows of the step that this process runs in: the Markdown in the file that it names. */
final class StepSummary {
    private static final String VARIABLE = "GITHUB_STEP_SUMMARY";

    /** Of a larger file GitHub shows nothing: "upload aborted, supports content up to a size of 1024k". */
    private static final long MOST_BYTES = 1024 * 1024;

    private StepSummary() {}

    /**
     * Adds to it, outside of GitHub Actions to nothing.
     *
     * @return why it could not be added, in a line; empty otherwise
     */
    static Optional<String> append(String markdown, Map<String, String> environment) {
        String name = environment.getOrDefault(VARIABLE, "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        // A blank line ends what Markdown takes for HTML.
        byte[] more = (markdown + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Path file = Path.of(name);
            long bytes = (Files.exists(file) ? Files.size(file) : 0) + more.length;
            if (bytes > MOST_BYTES) {
                return unwritten(name, bytes + " bytes would be more than the 1 MiB that GitHub shows");
            }
            Files.write(file, more, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return unwritten(name, e.toString());
        }
    }

    private static Optional<String> unwritten(String name, String why) {
        return Optional.of("WARNING: " + VARIABLE + "=" + name + " was not written (" + why
                + "); the same text is in the run's summary.md");
    }
}
