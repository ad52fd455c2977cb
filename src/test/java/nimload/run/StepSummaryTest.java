package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepSummaryTest {
    @TempDir
    private Path directory;

    private static Map<String, String> environment(Object file) {
        return Map.of("GITHUB_STEP_SUMMARY", file.toString());
    }

    @Test
    void theTextIsAddedToWhatTheStepHasWrittenAlready() throws IOException {
        Path file = directory.resolve("summary");
        assertThat(StepSummary.append("## One", environment(file))).isEmpty();
        assertThat(StepSummary.append("## Two", environment(file))).isEmpty();
        assertThat(file).hasContent("## One\n## Two\n");
    }

    @Test
    void outsideOfGitHubActionsNothingIsWritten() {
        assertThat(StepSummary.append("## One", Map.of())).isEmpty();
        assertThat(StepSummary.append("## One", environment(""))).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aMebibyteIsAddedAndNotAByteMore() throws IOException {
        Path file = directory.resolve("summary");
        Files.writeString(file, "a".repeat(1024 * 1024 - 3));
        assertThat(StepSummary.append("bbb", environment(file)))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .startsWith("WARNING: GITHUB_STEP_SUMMARY=" + file
                                + " was not written (1048577 bytes would be more than the 1 MiB"));
        assertThat(file).hasSize(1024 * 1024 - 3);
        assertThat(StepSummary.append("bb", environment(file))).isEmpty();
        assertThat(file).hasSize(1024 * 1024);
    }

    @Test
    void aFileThatCannotBeWrittenIsAWarning() {
        assertThat(StepSummary.append("## One", environment(directory)))
                .hasValueSatisfying(warning ->
                        assertThat(warning).contains("in the run's summary.md").hasLineCount(1));
        assertThat(StepSummary.append("## One", environment(directory.resolve("missing/summary"))))
                .hasValueSatisfying(warning -> assertThat(warning).contains("NoSuchFileException"));
    }
}
