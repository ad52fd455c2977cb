package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import nimload.page.GatlingNote;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatlingReportTest {
    private static final Instant START = Instant.parse("2027-01-01T12:00:00Z");

    @TempDir
    private Path directory;

    private Path run;

    @BeforeEach
    void createRun() throws IOException {
        run = Files.createDirectories(directory.resolve("nim-results/20270101-120000"));
    }

    private Path reports() {
        return directory.resolve("target/gatling");
    }

    private void report(String name, Instant written) throws IOException {
        Path report = Files.createDirectories(reports().resolve(name));
        Path log = Files.writeString(report.resolve("simulation.log"), "");
        Files.setLastModifiedTime(log, FileTime.from(written));
        Files.writeString(report.resolve("index.html"), name);
    }

    @Test
    void theReportThatThisRunWritesIsLinkedByARelativePath() throws IOException {
        report("before", START.minusSeconds(1));
        report("this", START.plusSeconds(5));
        Files.createDirectories(reports().resolve("no-report"));
        GatlingReport.link(run, reports(), START);
        assertThat(run.resolve("gatling/index.html")).hasContent("this");
        assertThat(Files.readSymbolicLink(run.resolve("gatling"))).isEqualTo(Path.of("../../target/gatling/this"));
    }

    /** The pom has it for the Maven plugin and for the script in a pod. */
    @Test
    void thePomGivesGatlingTheNoteThatThePageHas() throws IOException {
        assertThat(Path.of("pom.xml"))
                .content()
                .contains("<gatling.runDescription>" + GatlingNote.TEXT + "</gatling.runDescription>");
    }

    @Test
    void anotherRunsReportIsNotLinked() throws IOException {
        GatlingReport.link(run, reports(), START);
        report("before", START.minusSeconds(1));
        GatlingReport.link(run, reports(), START);
        assertThat(run).isEmptyDirectory();
    }
}
