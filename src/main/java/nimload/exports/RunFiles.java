package nimload.exports;

import java.util.LinkedHashMap;
import java.util.Map;
import nimload.page.ReportPage;
import nimload.results.RunResults;

/** The files that are made from a whole run, for people and for programs. */
public final class RunFiles {
    private RunFiles() {}

    /**
     * By name, the page last.
     *
     * @param gatlingReport whether it is {@code gatling/index.html} next to the files
     */
    public static Map<String, String> of(RunResults run, RunVerdict verdict, boolean gatlingReport) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(JunitXml.NAME, JunitXml.of(run, verdict));
        String summary = SummaryMarkdown.of(run, verdict);
        files.put(SummaryMarkdown.NAME, summary);
        files.put(OpenMetrics.NAME, OpenMetrics.of(run));
        files.put(ReportPage.NAME, ReportPage.html(run, gatlingReport, summary));
        return files;
    }
}
