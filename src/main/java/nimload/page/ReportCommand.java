package nimload.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nimload.UserError;
import nimload.results.ResultsFile;
import nimload.results.WholeFile;

/**
 * Makes {@code report.html} again from a run's results.json: {@code mvn exec:java@report
 * -Dexec.args="target/nim-results/<run>"}.
 */
public final class ReportCommand {
    private static final String USAGE = "mvn exec:java@report -Dexec.args=\"target/nim-results/latest\"";

    private ReportCommand() {}

    public static void main(String[] args) {
        try {
            System.out.println("report: " + write(args));
        } catch (UserError e) {
            System.err.println("✗ " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * @param args one: a run's directory, or a results.json
     * @return the page, beside results.json
     * @throws UserError if there is no results.json, or the page cannot be written
     */
    static Path write(String... args) {
        if (args.length != 1) {
            throw new UserError(
                    "the report is made of one run, and " + args.length + " were given; give its directory: " + USAGE);
        }
        Path given = Path.of(args[0]);
        if (!Files.exists(given)) {
            throw new UserError(given + " does not exist; give a run's directory: " + USAGE);
        }
        String html = ReportPage.html(ResultsFile.read(given));
        Path page = ResultsFile.find(given).resolveSibling(ReportPage.NAME);
        try {
            WholeFile.write(page, html);
        } catch (IOException e) {
            throw new UserError(page + " cannot be written (" + e + "); free space or copy the run elsewhere", e);
        }
        return page;
    }
}
