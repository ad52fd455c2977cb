package nimload.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.SurefireReportParser;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a real run that other programs read, with a label that is awkward for each format, in those programs' parsers. */
class OthersReadersTest {
    /** In JSON. */
    private static final String LABEL = "a \\\\ \\\"b\\\" <c> & ]]> | `d` \\u0007 é";

    @TempDir
    private static Path run;

    @BeforeAll
    static void makeFiles() throws IOException, InterruptedException {
        String results = Files.readString(Path.of(System.getProperty("nimload.realResults")));
        String labelled = results.replaceFirst("\"settings\" : \\{", "\"settings\" : { \"nim.label\" : \"LABEL\",")
                .replace("LABEL", LABEL)
                // Of the first level of queries.
                .replaceFirst("\"errors\" : 0", "\"errors\" : 2");
        assertThat(labelled).contains(LABEL).contains("\"errors\" : 2");
        Files.writeString(run.resolve("results.json"), labelled);
        Process report = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("nimload.classpath"),
                        "nimload.exports.ReportCommand",
                        run.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(report.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(report.waitFor()).as(printed).isZero();
    }

    @Test
    void junitXmlIsValidAgainstJenkinsSchema() throws Exception {
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(OthersReadersTest.class.getResource("/junit-10.xsd"))
                .newValidator()
                .validate(new StreamSource(run.resolve("junit.xml").toFile()));
    }

    @Test
    void surefiresReaderShowsASuitePerWorkloadAndACasePerLevel() throws Exception {
        Path reports = Files.createDirectories(run.resolve("reports"));
        Files.copy(run.resolve("junit.xml"), reports.resolve("TEST-nimload.xml"));
        List<ReportTestSuite> suites = new SurefireReportParser(
                        List.<File>of(reports.toFile()), new NullConsoleLogger())
                .parseXMLReportFiles();
        assertThat(suites)
                .extracting(ReportTestSuite::getFullClassName, ReportTestSuite::getNumberOfTests)
                .containsExactly(
                        tuple("nimload.run", 1),
                        tuple("nimload.query", 8),
                        tuple("nimload.passage", 6),
                        tuple("nimload.reranking", 9));
        ReportTestCase first = suites.get(1).getTestCases().get(0);
        assertThat(first.getName()).isEqualTo("query, 20 tokens, 1 text, concurrency 1");
        assertThat(first.getTime()).isPositive();
        assertThat(suites.get(1).getNumberOfFailures()).as("errors").isEqualTo(1);
        assertThat(first.getFailureType()).isEqualTo("errors");
    }

    @Test
    void prometheusTextIsReadWithItsLabels() throws IOException {
        CollectorPrometheusMetricsWalker all = new CollectorPrometheusMetricsWalker();
        try (InputStream text = Files.newInputStream(run.resolve("results.prom"))) {
            new TextPrometheusMetricsProcessor(text, all).walk();
        }
        List<MetricFamily> families = all.getAllMetricFamilies();
        assertThat(families).hasSizeGreaterThan(15);
        MetricFamily errors = families.stream()
                .filter(family -> family.getName().equals("nimload_errors"))
                .findFirst()
                .orElseThrow();
        assertThat(errors.getMetrics()).hasSize(23);
        Gauge gauge = (Gauge) errors.getMetrics().get(0);
        assertThat(gauge.getValue()).isEqualTo(2);
        Map<String, String> labels = gauge.getLabels();
        assertThat(labels).containsEntry("workload", "query").containsEntry("concurrency", "1");
        assertThat(labels).containsEntry("label", "a \\ \"b\" <c> & ]]> | `d` \ufffd é");
    }

    @Test
    void everyRowOfTheMarkdownsTablesHasItsHeadsCells() throws IOException {
        Node text = Parser.builder()
                .extensions(List.of(TablesExtension.create()))
                .build()
                .parse(Files.readString(run.resolve("summary.md")));
        List<Integer> widths = new ArrayList<>();
        text.accept(new AbstractVisitor() {
            @Override
            public void visit(CustomNode node) {
                if (node instanceof TableRow) {
                    int cells = 0;
                    for (Node cell = node.getFirstChild(); cell != null; cell = cell.getNext()) {
                        cells += cell instanceof TableCell ? 1 : 0;
                    }
                    widths.add(cells);
                }
                visitChildren(node);
            }
        });
        assertThat(widths.subList(0, 7)).as("six shapes").containsOnly(7);
        assertThat(widths.subList(7, widths.size())).as("23 levels").hasSize(24).containsOnly(10);
    }
}
