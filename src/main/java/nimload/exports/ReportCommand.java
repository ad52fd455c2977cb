package nimload.exports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.page.ReportPage;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.results.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the files of a whole run again from its results.json: {@code mvn compile exec:java@report}. */
@Command(
        name = "report",
        customSynopsis = "mvn compile exec:java@report -Dexec.args=\"RUN\"",
        description = {
            "Makes the page of a finished run again, report.html next to the run's results.json; and junit.xml, summary.md and"
                    + " results.prom, for programs.",
            "What a comparison with a baseline found is not in results.json, so not in these files either."
        },
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
     * @throws UserError if there is no results.json, or a file cannot be written
     */
    static Path write(Path run) {
        Path page = ResultsFile.find(run).resolveSibling(ReportPage.NAME);
        boolean gatlingReport = Files.exists(page.resolveSibling("gatling/index.html"));
        RunResults results = ResultsFile.read(run);
        for (Map.Entry<String, String> file :
                RunFiles.of(results, RunVerdict.NONE, gatlingReport).entrySet()) {
            Path path = page.resolveSibling(file.getKey());
            try {
                WholeFile.write(path, file.getValue());
            } catch (IOException e) {
                throw new UserError(path + " cannot be written (" + e + "); free space or copy the run elsewhere", e);
            }
        }
        return page;
    }
}
