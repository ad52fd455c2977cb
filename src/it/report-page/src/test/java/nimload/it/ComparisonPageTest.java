package nimload.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogType;

/** compare.html and history.html. */
class ComparisonPageTest {
    private static final String HOSTILE =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>" + "x".repeat(80);

    @TempDir
    private static Path directory;

    private static Browser browser;
    private static Path comparison;
    private static Path history;

    /** Three runs; in the last, queries at concurrency 7 take 12 % longer. */
    @BeforeAll
    static void makePages() throws IOException, InterruptedException {
        browser = Browser.start();
        for (int number = 1; number <= 3; number++) {
            MadeRun run = new MadeRun(HOSTILE);
            if (number == 3) {
                slower((ObjectNode) run.level("query", 7), 1.12);
            }
            run.writeTo(Files.createDirectory(directory.resolve("run " + number)));
        }
        Files.writeString(directory.resolve("run 1/report.html"), "<title>the baseline's page</title>");
        String first = directory.resolve("run 1").toString();
        String last = directory.resolve("run 3").toString();
        ReportProcess.run("nimload.compare.Compare", first, last);
        ReportProcess.run("nimload.compare.Compare", directory.toString());
        comparison = directory.resolve("run 3/compare.html");
        history = directory.resolve("history.html");
    }

    private static void slower(ObjectNode level, double factor) {
        times((ObjectNode) level.path("latencyMs"), factor);
        level.path("intervals")
                .properties()
                .forEach(interval -> times(
                        (ObjectNode) interval.getValue(), interval.getKey().startsWith("p") ? factor : 1 / factor));
        level.put("requestsPerSecond", level.path("requestsPerSecond").doubleValue() / factor);
    }

    private static void times(ObjectNode numbers, double factor) {
        for (Map.Entry<String, JsonNode> number : List.copyOf(numbers.properties())) {
            numbers.put(number.getKey(), number.getValue().doubleValue() * factor);
        }
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private static void open(Path page, int width, boolean dark) {
        browser.width(width);
        browser.preferDark(dark);
        browser.open(page);
    }

    private static WebElement find(String selector) {
        return browser.driver.findElement(By.cssSelector(selector));
    }

    @Test
    void theFirstLineAndTheWorstLevelAreOnTheFirstScreenAndTextOfOthersStaysText() {
        open(comparison, 1400, false);
        assertThat(browser.requested().filter(url -> !url.startsWith("data:")))
                .containsExactly(comparison.toUri().toString());
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(browser.js("return document.querySelectorAll('img').length")).isEqualTo(0L);
        assertThat(find(".outcome").getText()).startsWith("1 slower, ").contains("not compared: ");
        WebElement worst = find("table.forest tbody");
        assertThat(worst.findElement(By.cssSelector("th[scope=rowgroup]")).getText())
                .isEqualTo("7\nslower");
        assertThat(worst.getRect().getY() + worst.getRect().getHeight()).isLessThan(900);
        find("dl.runs a").click();
        assertThat(browser.driver.getTitle()).isEqualTo("the baseline's page");
    }

    /** +12 % of p50 lies as far to the right as the axis says, −11 % of the rate to the left. */
    @Test
    void theForestPlotPlacesEachChangeOnItsAxisWithAShapeOfItsVerdictAndSaysItInWords() {
        open(comparison, 1400, false);
        double p50 = place("p50");
        double rate = place("req/s");
        assertThat(p50).isGreaterThan(0.5);
        assertThat(p50 - 0.5).isCloseTo(0.5 - rate, within(0.01));
        WebElement plot = row("p50").findElement(By.cssSelector(".plot > svg"));
        assertThat(plot.getDomAttribute("aria-label")).matches("\\+12\\.?\\d* %, 95 %: .*");
        assertThat(plot.getDomAttribute("class")).isEqualTo("bad");
        assertThat(plot.findElements(By.cssSelector("circle"))).isEmpty();
        assertThat(
                        browser.js(
                                "return document.querySelectorAll('table.forest svg:not([class=bad]) > svg > circle').length > 5"
                                        + " && document.querySelectorAll('.plot > svg:not([role=img][aria-label])').length === 0"))
                .isEqualTo(true);
    }

    private static WebElement row(String metric) {
        return find("table.forest tbody").findElements(By.cssSelector("tr")).stream()
                .filter(row -> row.findElement(By.cssSelector("th[scope=row]"))
                        .getText()
                        .startsWith(metric))
                .findFirst()
                .orElseThrow();
    }

    /** Of a change in the first level's plot, 0.5 for no change. */
    private static double place(String metric) {
        return ((Number) browser.js(
                        "const plot = arguments[0].querySelector('.plot > svg').getBoundingClientRect();"
                                + "const mark = arguments[0].querySelector('.plot > svg > svg:last-child > *').getBoundingClientRect();"
                                + "return (mark.left + mark.width / 2 - plot.left) / plot.width",
                        row(metric)))
                .doubleValue();
    }

    @Test
    void nothingIsCutOffAtAnyWidthInEitherScheme() {
        for (int width : new int[] {1400, 1024, 400}) {
            for (boolean dark : new boolean[] {false, true}) {
                for (Path page : List.of(comparison, history)) {
                    open(page, width, dark);
                    assertThat(browser.js("return document.documentElement.scrollWidth"))
                            .as("%s at %d", page.getFileName(), width)
                            .isEqualTo(browser.js("return document.documentElement.clientWidth"));
                }
                open(comparison, width, dark);
                assertThat(browser.js("return [...document.querySelectorAll('table.forest')].filter((table) =>"
                                + " table.offsetWidth > table.parentElement.clientWidth).length"))
                        .as("forest plots at %d", width)
                        .isEqualTo(0L);
                assertThat(browser.js("return getComputedStyle(document.querySelector('td.bad')).color"))
                        .isEqualTo(dark ? "rgb(255, 138, 128)" : "rgb(179, 38, 30)");
            }
        }
    }

    @Test
    void theHistoryRingsTheRunInWhichALevelChanged() {
        open(history, 1400, false);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(browser.js("return document.querySelectorAll('img').length")).isEqualTo(0L);
        assertThat(browser.js("""
                return Chart.getChart(document.querySelector('#part0shape0-p50 canvas')).data.datasets
                  .flatMap(({ label, data }) => data.filter(({ ring }) => ring !== undefined).map(({ x, text }) => [label, x, text].join()));
                """)).isEqualTo(List.of("c=7,3,slower"));
        assertThat(find("#part0shape0-table td.bad").getText())
                .contains("slower than run 2")
                .contains("slower than run 1");
    }

    @Test
    void theComparisonPrintsWithItsPlotInLightColours() throws IOException {
        open(comparison, 1400, true);
        Map<String, Object> answer =
                browser.driver.executeCdpCommand("Page.printToPDF", Map.of("preferCSSPageSize", true));
        try (PDDocument document = Loader.loadPDF(Base64.getDecoder().decode((String) answer.get("data")))) {
            assertThat(new PDFTextStripper().getText(document))
                    .contains("1 slower, ")
                    .contains("query, 20 tokens, 1 text");
        }
    }
}
