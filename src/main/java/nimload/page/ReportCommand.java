package nimload.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.results.ResultsFile;
import nimload.results.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes {@code report.html} again from a run's results.json: {@code mvn compile exec:java@report}. */
@Command(
        name = "report",
        customSynopsis = "mvn compile exec:java@report -Dexec.args=\"RUN\"",
        description = "Makes the page of a finished run again, report.html next to the run's results.json.",
        footer = "  mvn compile exec:java@report -Dexec.args=\"nim-results/latest\"")
public final class ReportCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RUN",
            converter = CommandLineTool.ExistingPath.class,
            description = "A run's directory, its results.json, or a log that holds a run.")
    private Path run;

    public static void main(String[] args) {
        CommandLineTool.main(new ReportCommand(), args);
    }

    @Override
    public void run() {
        spec.commandLine().getOut().println("report: " + write(run));
    }

    /**
     * @param run a run's directory, or a results.json
     * @return the page, next to results.json
     * @throws UserError if there is no results.json, or the page cannot be written
     */
    static Path write(Path run) {
        Path page = ResultsFile.find(run).resolveSibling(ReportPage.NAME);
        boolean gatlingReport = Files.exists(page.resolveSibling("gatling/index.html"));
        String html = ReportPage.html(ResultsFile.read(run), gatlingReport);
        try {
            WholeFile.write(page, html);
        } catch (IOException e) {
            throw new UserError(page + " cannot be written (" + e + "); free space or copy the run elsewhere", e);
        }
        return page;
    }
}
