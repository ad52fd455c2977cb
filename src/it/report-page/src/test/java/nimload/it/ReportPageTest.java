package nimload.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogType;

class ReportPageTest {
    private static final String HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
            + "<!--\u2028 {{html}} ' \" & \u202eevil\u202c 🚀 "
            + "x".repeat(10_000);

    private static final String AXE = "/axe.min.js";

    private static final List<Integer> QUERY_LEVELS = List.of(1, 3, 5, 7, 9, 11, 13, 15);

    @TempDir
    private static Path directory;

    private static Browser browser;
    private static MadeRun run;
    private static Path page;
    private static Path hostilePage;
    private static Path oldPage;
    private static Path flatPage;
    private static Path searchPage;
    private static Path soakPage;
    private static Path pipelinePage;
    private static Path generatorsPage;

    @BeforeAll
    static void makePages() throws IOException, InterruptedException {
        browser = Browser.start();
        run = new MadeRun("nvidia/nv-embedqa-e5-v5");
        page = page("run", run);
        hostilePage = page("hostile", new MadeRun(HOSTILE));
        flatPage = page("flat", new MadeRun("nvidia/nv-embedqa-e5-v5").crowded());
        searchPage = page("search", new MadeRun("nvidia/nv-embedqa-e5-v5").searching());
        soakPage = page("soak", new MadeRun("nvidia/nv-embedqa-e5-v5").soaking());
        pipelinePage = page("pipeline", new MadeRun("nvidia/nv-embedqa-e5-v5").retrieving());
        generatorsPage = page("generators", new MadeRun("nvidia/nv-embedqa-e5-v5").byTwoGenerators());
        oldPage = page("old", new MadeRun("nvidia/nv-embedqa-e5-v5").ofSchema1());
    }

    private static Path page(String name, MadeRun run) throws IOException, InterruptedException {
        Path own = Files.createDirectory(directory.resolve(name));
        run.writeTo(own);
        return ReportProcess.make(own);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void wideAndLight() {
        browser.width(1400);
        browser.preferDark(false);
    }

    @Test
    void aSearchIsItsAnswerThenItsCurvesWithTheLimitAndTheBoundaryThenItsSteps() {
        browser.open(searchPage);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(text(".sentences"))
                .isEqualTo("query, 20 tokens, 1 text: at least 96 and at most 98.4 queries/s at p95 ≤ 20 ms (95 %);"
                        + " latency broke first.");
        double[] loads = Arrays.stream(MadeRun.SEARCHED).sorted().toArray();
        assertThat(points("w0s0-response", 1).stream()
                        .mapToDouble(point -> point.get(0).doubleValue())
                        .toArray())
                .containsExactly(loads);
        assertThat(points("w0s0-response", 1).get(5).get(1).doubleValue()).isEqualTo(2013);
        assertThat(points("w0s0-response", 3).get(5).get(1).doubleValue()).isEqualTo(30);
        assertThat(points("w0s0-response", 4))
                .allSatisfy(point -> assertThat(point.get(1).doubleValue()).isEqualTo(20));
        assertThat(points("w0s0-goodput", 0).get(5).get(1).doubleValue()).isEqualTo(11);
        assertThat(browser.js("return Chart.getChart(document.querySelector('#w0s0-response canvas')).data.datasets[1]"
                        + ".pointStyle.join()"))
                .isEqualTo("circle,circle,circle,circle,triangle,crossRot");
        assertThat(browser.js("const { from, to } = Chart.getChart(document.querySelector('#w0s0-response canvas'))"
                        + ".options.plugins.bands.of[0]; return from + ' ' + to"))
                .isEqualTo("96 98.4");
        assertThat(browser.driver.findElements(By.cssSelector("#w0s0-steps tbody tr, #w0s0-steps .off")))
                .hasSize(loads.length);
        assertThat(browser.driver.findElements(By.cssSelector("#shapes, #w0s0-levels")))
                .isEmpty();
    }

    @Test
    void aSoakOfManySlicesHasEachAsAPointAndThoseNotToBeQuotedAreHollow() {
        browser.open(soakPage);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(text(".sentences")).startsWith("The soak goes on, or was cut short: did not hold: query p95 8.0 → ");
        assertThat(text("#soak ul"))
                .contains("70 errors (60 failed, 10 never sent) in slices 8 to 9")
                .contains("timeout: no answer within 30 s")
                .contains("query: should not be quoted in slice 41: client-limited: it stood still")
                .contains("embedding: throttled in slices 62 to 72: power cap")
                .contains("embedding: metrics not read in slice 51: HTTP 503");
        // Two gaps are points without a value.
        List<List<Number>> points = points("soak-query-response", 1);
        assertThat(points).hasSize(MadeRun.SLICES + 2);
        assertThat(points.get(35).get(1)).isNull();
        assertThat(points.get(37).get(1)).isNull();
        assertThat(browser.js("""
                const { data, pointRadius, pointBackgroundColor, pointStyle } =
                  Chart.getChart(document.querySelector('#soak-query-response canvas')).data.datasets[1];
                return [pointStyle, ...data.flatMap(({ hollow }, index) => hollow ? [index] : []),
                  ...pointBackgroundColor.flatMap((fill, index) => fill === '#ffffff' ? [index] : []),
                  [pointRadius[0], pointRadius[7], pointRadius[36]]].join();
                """)).isEqualTo("rect,7,8,42,7,8,42,1.5,2.5,3.5");
        assertThat(browser.driver.findElements(By.cssSelector("#soak figure canvas")))
                .hasSizeGreaterThan(7);
        assertThat(browser.js("return Chart.getChart(document.querySelector('#soak-query-rate canvas')).data.datasets"
                        + ".map(({ label }) => label)"))
                .isEqualTo(List.of("right", "failed", "never sent"));
    }

    @Test
    void aPipelineIsWhatIngestionAddsThenItsPartsAsBarsAndNumbers() {
        browser.open(pipelinePage);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(text(".sentences"))
                .startsWith("Retrieval pipeline: search p95 149.3 ms without ingestion, 194.3 ms with it: +45.0 ms");
        assertThat(browser.driver.findElements(By.cssSelector("#pipeline svg"))).hasSize(2);
        assertThat(
                        browser.js(
                                "return [...document.querySelectorAll('#pipeline svg')].map((bar) =>"
                                        + " [...bar.querySelectorAll('rect')].every((part) => part.getBoundingClientRect().width > 0))"))
                .isEqualTo(List.of(true, true));
        assertThat(text("#pipeline table")).contains("embedding", "reranking", "+45.00");
    }

    @Test
    void eachGeneratorsPartOfEachLevelIsARow() {
        browser.open(generatorsPage);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(browser.driver.findElements(By.cssSelector("#generator-levels tbody tr")))
                .hasSize(2 * 23);
    }

    @Test
    void opensFromDiskWithoutNetworkOrConsoleErrors() {
        browser.open(page);
        assertThat(browser.requested().filter(url -> !url.startsWith("data:")))
                .containsExactly(page.toUri().toString());
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(browser.driver.getTitle()).isEqualTo("nimload 20261122-150000");
        assertThat(text("header"))
                .contains("embedded NIM (H200-like): not a measurement of NVIDIA's NIM")
                .contains("22 November 2026, 15:00 UTC");
        assertThat(text("#client")).contains("calibration was switched off, or not recorded");
        assertThat(text("#slo")).contains("No limits were given");
        assertThat(text("#verdicts"))
                .contains("✗ 1 of 2000 requests failed")
                .contains("query, 20 tokens, 1 text, concurrency 5; passage, 300 tokens, 64 texts, concurrency 5;");
    }

    @Test
    void itsOwnPolicyForbidsTheNetworkToAnythingThatWouldGetIntoIt() {
        browser.open(page);
        assertThat(browser.driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
                fetch("http://127.0.0.1:9/").catch(() => {});
                """)).isEqualTo("connect-src");
    }

    private static String text(String selector) {
        return browser.driver.findElement(By.cssSelector(selector)).getText();
    }

    /** Points of a chart as Chart.js holds them: x, y, low, high. */
    @SuppressWarnings("unchecked")
    private static List<List<Number>> points(String figure, int series) {
        return (List<List<Number>>) browser.js(
                "return Chart.getChart(document.querySelector('#' + arguments[0] + ' canvas')).data.datasets[arguments[1]]"
                        + ".data.map(({ x, y, low, high }) => [x, y ?? null, low ?? null, high ?? null])",
                figure,
                series);
    }

    /** Where the points are drawn, turned back into values by the axes; x and y. */
    @SuppressWarnings("unchecked")
    private static List<List<Number>> drawn(String figure, int series) {
        return (List<List<Number>>) browser.js("""
                const chart = Chart.getChart(document.querySelector('#' + arguments[0] + ' canvas'));
                return chart.getDatasetMeta(arguments[1]).data.map(({ x, y }) => {
                  const inside = x >= chart.chartArea.left && x <= chart.chartArea.right
                    && y >= chart.chartArea.top && y <= chart.chartArea.bottom;
                  return inside ? [chart.scales.x.getValueForPixel(x), chart.scales.y.getValueForPixel(y)] : [null, null];
                });
                """, figure, series);
    }

    @Test
    void theLatencyChartHasEachLevelsPercentileAndItsInterval() {
        browser.open(page);
        String[] percentiles = {"p50", "p90", "p95", "p99"};
        for (int series = 0; series < percentiles.length; series++) {
            List<List<Number>> points = points("w0s0-latency", series);
            assertThat(points).hasSize(QUERY_LEVELS.size());
            for (int i = 0; i < points.size(); i++) {
                JsonNode level = run.level("query", QUERY_LEVELS.get(i));
                JsonNode expected = level.path("latencyMs").path(percentiles[series]);
                assertThat(points.get(i).get(0).intValue()).isEqualTo(QUERY_LEVELS.get(i));
                if (expected.isMissingNode()) {
                    assertThat(points.get(i).get(1)).isNull();
                    continue;
                }
                JsonNode interval = level.path("intervals").path(percentiles[series]);
                assertThat(points.get(i).get(1).doubleValue()).isEqualTo(expected.doubleValue());
                assertThat(points.get(i).get(2).doubleValue())
                        .isEqualTo(interval.path("low").doubleValue());
                assertThat(points.get(i).get(3).doubleValue())
                        .isEqualTo(interval.path("high").doubleValue());
            }
        }
    }

    @Test
    void pointsAreDrawnWhereTheAxesSayTheirValuesAre() {
        browser.open(page);
        List<List<Number>> latency = drawn("w0s0-latency", 0);
        List<List<Number>> throughput = drawn("w0s0-throughput", 0);
        for (int i = 0; i < QUERY_LEVELS.size(); i++) {
            JsonNode level = run.level("query", QUERY_LEVELS.get(i));
            double p50 = level.path("latencyMs").path("p50").doubleValue();
            double rate = level.path("itemsPerSecond").doubleValue();
            assertThat(latency.get(i).get(0).doubleValue()).isCloseTo(QUERY_LEVELS.get(i), within(0.05));
            assertThat(latency.get(i).get(1).doubleValue()).isCloseTo(p50, within(0.1));
            assertThat(throughput.get(i).get(0).doubleValue()).isCloseTo(rate, within(20.0));
            assertThat(throughput.get(i).get(1).doubleValue()).isCloseTo(p50, within(0.1));
        }
    }

    @Test
    void anAxisReachesToTheEndsOfItsIntervals() {
        browser.open(page);
        assertThat(((Number) browser.js(
                                "return Chart.getChart(document.querySelector('#w0s0-latency canvas')).scales.y.max"))
                        .doubleValue())
                .isGreaterThanOrEqualTo(15 + 2 * 0.95 + 0.3);
    }

    @Test
    void inkIsOnTheCanvasWhereAPointIs() {
        browser.open(page);
        assertThat(browser.js("""
                const canvas = document.querySelector('#w0s0-latency canvas');
                const chart = Chart.getChart(canvas);
                const point = chart.getDatasetMeta(0).data[4];
                const ratio = chart.currentDevicePixelRatio;
                const [r, g, b, a] = canvas.getContext('2d').getImageData(point.x * ratio, point.y * ratio, 1, 1).data;
                return [r, g, b, a].join();
                """)).isEqualTo("0,114,178,255");
    }

    @Test
    void theRingMarksTheFewestUsersThatReachTheHighestRate() {
        browser.open(page);
        // Concurrency 11 has 0.1 % more; concurrency 5 may not be quoted.
        assertThat(marked("w0s0-throughput")).isEqualTo(List.of((long) QUERY_LEVELS.indexOf(9)));
        assertThat(text("#shapes tbody tr")).contains("4,972 queries/s", "at 9 users", "15 users: rate −7.2 %");
        assertThat(text(".sentences")).contains("embeds 4,972 queries/s with 9 users at p95 10.90 ms");
        assertThat(marked("w1s0-throughput")).isEqualTo(List.of(1L));
    }

    @Test
    void whatMayNotBeQuotedIsHollowInEveryChartAndGreyInTheTable() {
        browser.open(page);
        for (String figure : List.of("w0s0-latency", "w0s0-throughput")) {
            assertThat(browser.js(
                            "return Chart.getChart(document.querySelector('#' + arguments[0] + ' canvas')).data"
                                    + ".datasets[0].pointBackgroundColor.flatMap((fill, index) =>"
                                    + " fill === '#ffffff' ? [index] : [])",
                            figure))
                    .as(figure)
                    .isEqualTo(List.of((long) QUERY_LEVELS.indexOf(5)));
        }
        assertThat(browser.js("return Chart.getChart(document.querySelector('#w0s0-distribution canvas')).data.datasets"
                        + ".map(({ label }) => label).filter((label) => label.includes('do not quote'))"))
                .isEqualTo(List.of("c = 5, do not quote"));
        assertThat(browser.js("return Chart.getChart(document.querySelector('#run-time canvas')).data.datasets[0].data"
                        + ".filter(({ hollow }) => hollow).length"))
                .isEqualTo(6L * 10);
        assertThat(browser.driver.findElements(By.cssSelector("#w0s0-levels tr.unquotable")))
                .hasSize(1);
    }

    @Test
    void theFirstScreenHoldsTheSentencesAndARowForEachShape() {
        browser.open(page);
        assertThat(browser.js("return innerHeight")).isEqualTo(900L);
        for (String part : List.of("h1", ".emulated", ".sentences li", "#shapes tbody tr")) {
            assertThat((Boolean) browser.js(
                            "return [...document.querySelectorAll(arguments[0])].every((each) =>"
                                    + " each.getBoundingClientRect().top >= 0 && each.getBoundingClientRect().bottom < 900)",
                            part))
                    .as(part)
                    .isTrue();
        }
        assertThat(browser.driver.findElements(By.cssSelector(".sentences li"))).hasSize(3);
        assertThat(browser.driver.findElements(By.cssSelector("#shapes tbody tr")))
                .hasSize(6);
    }

    @Test
    void theSwitchChoosesThePercentileOfEveryThroughputChart() {
        browser.open(page);
        browser.js("document.querySelector('#w0s0-throughput input[value=p95]').click()");
        assertThat(points("w0s0-throughput", 0).get(0).get(1).doubleValue()).isEqualTo(1 + 2 * 0.95);
        assertThat(points("w2s2-throughput", 0).get(1).get(1).doubleValue()).isEqualTo(3 + 2 * 0.95);
        assertThat(browser.js("return document.querySelector('#w2s2-throughput input:checked').value"))
                .isEqualTo("p95");
        // One level has no p99.
        browser.js("document.querySelector('#w0s0-throughput input[value=p99]').click()");
        assertThat(points("w0s0-throughput", 0)).hasSize(QUERY_LEVELS.size() - 1);
    }

    private static String scale(String figure) {
        return (String) browser.js(
                "return Chart.getChart(document.querySelector('#' + arguments[0] + ' canvas')).options.scales.y.type",
                figure);
    }

    @Test
    void anAxisIsLogarithmicWhereOneValueFlattensTheRestOrTheReaderSaysSo() {
        browser.open(flatPage);
        assertThat(scale("w0s0-latency")).isEqualTo("logarithmic");
        browser.open(page);
        assertThat(scale("w0s0-latency")).isEqualTo("linear");
        browser.js("document.querySelector('#w0s0-latency input[type=checkbox]').click()");
        assertThat(scale("w0s0-latency")).isEqualTo("logarithmic");
        assertThat(points("w0s0-latency", 0)).hasSize(QUERY_LEVELS.size());
    }

    @Test
    void labelsLieOnNoOtherLabel() {
        for (Path each : List.of(page, flatPage)) {
            browser.open(each);
            assertThat(browser.js("""
                    const charts = [...document.querySelectorAll("figure[id$=-throughput] canvas")].map((canvas) => Chart.getChart(canvas));
                    const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
                    return charts.flatMap(({ $labels }) => $labels.flatMap((one, index) =>
                      $labels.slice(index + 1).filter((other) => overlap(one, other)).map(({ words }) => one.words + " on " + words)));
                    """)).isEqualTo(List.of());
            assertThat((Long) browser.js("return Chart.getChart(document.querySelector('#w0s0-throughput canvas'))"
                            + ".$labels.length"))
                    .isGreaterThan(3);
        }
    }

    @Test
    void theWholeRunIsOnOneAxisOfTime() {
        browser.open(page);
        List<List<Number>> points = points("run-time", 0);
        // 23 levels of ten parts and a gap.
        assertThat(points).hasSize(23 * 11);
        assertThat(points.get(0).get(0).doubleValue()).isEqualTo(0.25);
        assertThat(points.get(11).get(0).doubleValue()).isEqualTo(10.25);
        assertThat(points.get(11).get(1).doubleValue()).isEqualTo(3);
        assertThat(points.get(10).get(1)).isNull();
    }

    private static Object marked(String figure) {
        return browser.js(
                "return Chart.getChart(document.querySelector('#' + arguments[0] + ' canvas')).data.datasets[0].data"
                        + ".flatMap((point, index) => point.ring ? [index] : [])",
                figure);
    }

    @Test
    void theDistributionGoesFromTheLowestLatencyToTheHighestPercentileWithSamples() {
        browser.open(page);
        List<List<Number>> points = points("w0s0-distribution", 0);
        assertThat(points.get(0).get(0).doubleValue()).isEqualTo(1);
        assertThat(points.get(0).get(1).doubleValue()).isEqualTo(1.001);
        assertThat(points.get(points.size() - 1).get(0).doubleValue()).isBetween(1880.0, 2000.0);
        for (List<Number> point : points) {
            // 2,000 values, 1.001 to 3.000 ms: the percentile can be told.
            double expected = 1 + 2 * (1 - 1 / point.get(0).doubleValue());
            assertThat(point.get(1).doubleValue()).isCloseTo(expected, within(0.005));
        }
        assertThat(drawn("w0s0-distribution", 0).get(40).get(0).doubleValue()).isCloseTo(10, within(0.3));
    }

    @Test
    void latencyOverTimeIsOfTheLevelThatIsChosen() {
        browser.open(page);
        WebElement levels = browser.driver.findElement(By.id("level"));
        levels.findElement(By.cssSelector("option[value='1']")).click();
        List<List<Number>> points = points("level-time", 0);
        assertThat(points).hasSize(10);
        assertThat(points.get(9).get(0).doubleValue()).isEqualTo(4.75);
        assertThat(points.get(9).get(1).doubleValue()).isEqualTo(3.9);
        assertThat(points("level-time", 3).get(0).get(1).doubleValue()).isEqualTo(5);
        assertThat(points("level-server-0", 0).get(1).get(1).doubleValue()).isEqualTo(350);
        assertThat(text("#level-server-0 figcaption")).isEqualTo("GPU power during the level");
        assertThat(points("level-server-1", 0).get(1).get(1).doubleValue()).isEqualTo(7);
        assertThat(text("#level-server-1 figcaption")).isEqualTo("requests waiting during the level");
    }

    private static List<String> column(int number) {
        return browser
                .driver
                .findElements(By.cssSelector("#w0s0-levels tbody tr > :nth-child(" + number + ")"))
                .stream()
                .map(cell -> cell.getText().lines().findFirst().orElse(""))
                .toList();
    }

    private static WebElement header(int number) {
        return browser.driver.findElement(By.cssSelector("#w0s0-levels thead th:nth-child(" + number + ")"));
    }

    @Test
    void tablesSortByNumberBothWaysAndWhatIsUnknownComesLast() {
        browser.open(page);
        int concurrency = 1;
        int p99 = 6;
        assertThat(column(concurrency)).containsExactly("1", "3", "5", "7", "9", "11", "13", "15");
        header(p99).findElement(By.tagName("button")).click();
        assertThat(header(p99).getDomAttribute("aria-sort")).isEqualTo("ascending");
        assertThat(column(p99)).containsExactly("2.980", "4.980", "6.980", "10.98", "12.98", "14.98", "16.98", "–");
        header(p99).findElement(By.tagName("button")).click();
        assertThat(header(p99).getDomAttribute("aria-sort")).isEqualTo("descending");
        assertThat(column(p99)).containsExactly("16.98", "14.98", "12.98", "10.98", "6.980", "4.980", "2.980", "–");
        assertThat(column(concurrency)).containsExactly("15", "13", "11", "9", "5", "3", "1", "7");
    }

    @Test
    void aTableSortsWithTheKeyboardAlone() {
        browser.open(page);
        int concurrency = 1;
        WebElement button = header(concurrency).findElement(By.tagName("button"));
        browser.js("arguments[0].focus()", header(concurrency).findElement(By.xpath("ancestor::div")));
        browser.driver.switchTo().activeElement().sendKeys(Keys.TAB);
        assertThat(browser.driver.switchTo().activeElement()).isEqualTo(button);
        button.sendKeys(Keys.ENTER);
        button.sendKeys(Keys.ENTER);
        assertThat(header(concurrency).getDomAttribute("aria-sort")).isEqualTo("descending");
        assertThat(column(concurrency)).containsExactly("15", "13", "11", "9", "7", "5", "3", "1");
        assertThat(browser.js("return getComputedStyle(arguments[0]).outlineStyle", button))
                .isEqualTo("solid");
    }

    @Test
    void aPercentileThatIsMissingSaysWhy() {
        browser.open(page);
        assertThat(browser.driver
                        .findElement(By.cssSelector("#w0s0-levels tbody tr:nth-child(4) > :nth-child(6)"))
                        .getDomAttribute("title"))
                .isEqualTo("p99 was not recorded");
    }

    private static Object background() {
        return browser.js("return getComputedStyle(document.body).backgroundColor");
    }

    private static Object chartColours() {
        return browser.js("""
                const chart = Chart.getChart(document.querySelector('#w0s0-latency canvas'));
                return [chart.data.datasets[0].borderColor, chart.options.scales.x.ticks.color].join();
                """);
    }

    @Test
    void darkModeChangesThePageAndTheCharts() {
        browser.open(page);
        assertThat(background()).isEqualTo("rgb(255, 255, 255)");
        assertThat(chartColours()).isEqualTo("#0072b2,#566373");
        browser.preferDark(true);
        assertThat(background()).isEqualTo("rgb(16, 22, 29)");
        assertThat(chartColours()).isEqualTo("#56b4e9,#9aa8b7");
        assertThat(points("w0s0-latency", 0)).hasSize(QUERY_LEVELS.size());
    }

    /** Of the page and of each table in it. */
    private static void nothingIsCut(String what) {
        assertThat(browser.js("return document.documentElement.scrollWidth"))
                .as(what)
                .isEqualTo(browser.js("return document.documentElement.clientWidth"));
        assertThat(browser.js("return [...document.querySelectorAll('.scroll')].filter((box) =>"
                        + " box.scrollWidth > box.clientWidth).map((box) => box.getAttribute('aria-label'))"))
                .as(what)
                .isEqualTo(List.of());
        assertThat((Boolean) browser.js("return [...document.querySelectorAll('canvas')].every((canvas) =>"
                        + " canvas.getBoundingClientRect().right <= innerWidth)"))
                .as(what)
                .isTrue();
    }

    @Test
    void nothingIsCutAtAnyWidth() {
        for (int width : new int[] {1400, 1024, 400}) {
            for (Path each : List.of(page, hostilePage, searchPage, soakPage, pipelinePage, generatorsPage)) {
                browser.width(width);
                browser.open(each);
                nothingIsCut(each.getParent().getFileName() + " at " + width);
            }
        }
        browser.width(1400);
        browser.open(page);
        browser.width(400);
        browser.js("dispatchEvent(new Event('resize'))");
        nothingIsCut("made narrower");
    }

    private static List<String> shownColumns() {
        return browser.driver.findElements(By.cssSelector("#w0s0-levels thead th")).stream()
                .filter(WebElement::isDisplayed)
                .map(head -> head.getText().lines().findFirst().orElse(""))
                .toList();
    }

    @Test
    void aWideWindowShowsEveryColumn() {
        browser.open(page);
        assertThat(browser.driver.findElements(By.cssSelector("#w0s0-levels .off, #shapes .off")))
                .isEmpty();
    }

    @Test
    void aNarrowWindowShowsTheFirstColumnsAndTheRestAtATap() {
        browser.width(400);
        browser.open(page);
        assertThat(shownColumns()).containsExactly("Conc.", "p50", "p95", "Texts");
        WebElement button = browser.driver.findElement(By.cssSelector("#w0s0-levels tbody tr:nth-child(3) .expand"));
        assertThat(button.getDomAttribute("aria-label")).isEqualTo("More of 5");
        button.sendKeys(Keys.ENTER);
        assertThat(button.getDomAttribute("aria-expanded")).isEqualTo("true");
        assertThat(text("#w0s0-levels tr.more")).contains("✗ not quotable", "p99 ms", "6.980");
        nothingIsCut("opened");
        button.sendKeys(Keys.ENTER);
        assertThat(browser.driver.findElements(By.cssSelector("#w0s0-levels tr.more")))
                .isEmpty();
    }

    @Test
    void aCheckerOfAccessibilityFindsNothingSerious() throws IOException {
        String axe;
        try (InputStream script = ReportPageTest.class.getResourceAsStream(AXE)) {
            axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (boolean dark : new boolean[] {false, true}) {
            browser.preferDark(dark);
            browser.width(dark ? 400 : 1400);
            for (Path each : List.of(page, searchPage, soakPage, pipelinePage, generatorsPage)) {
                browser.open(each);
                browser.js(axe);
                assertThat(browser.driver.executeAsyncScript("""
                            const done = arguments[arguments.length - 1];
                            axe.run().then(({ violations }) => done(violations
                              .filter(({ impact }) => impact === "serious" || impact === "critical")
                              .map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).slice(0, 3).join(" "))));
                            """))
                        .as(each + " dark " + dark)
                        .isEqualTo(List.of());
            }
        }
    }

    /** The browser renames a file once it is complete. */
    private static void awaitFiles(Path folder, String... names) throws IOException, InterruptedException {
        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Stream.of(names).allMatch(name -> Files.exists(folder.resolve(name)))) {
                WatchKey key = watch.poll(60, TimeUnit.SECONDS);
                assertThat(key).as("a file saved within 60 s").isNotNull();
                key.pollEvents();
                key.reset();
            }
        }
    }

    @Test
    void aMailedCopyGivesItsFiles() throws IOException, InterruptedException {
        Path mailed = Files.copy(
                page, Files.createDirectory(directory.resolve("mailed")).resolve("attachment.html"));
        Path saved = Files.createDirectory(directory.resolve("saved"));
        browser.driver.executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", saved.toString()));
        browser.open(mailed);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(points("w0s0-latency", 0)).hasSize(QUERY_LEVELS.size());
        browser.driver.findElement(By.id("save-json")).click();
        browser.driver.findElement(By.id("save-csv")).click();
        awaitFiles(saved, "results.json", "results.csv");
        JsonNode json = MadeRun.MAPPER.readTree(saved.resolve("results.json").toFile());
        assertThat(json.path("run").textValue()).isEqualTo("20261122-150000");
        assertThat(json.path("levels")).hasSize(23);
        assertThat(Files.readAllLines(saved.resolve("results.csv"))).hasSize(1 + 23);
        assertThat(text("#done")).isEqualTo("results.csv saved");
        assertThat(browser.driver.findElement(By.id("done")).getDomAttribute("aria-live"))
                .isEqualTo("polite");
    }

    @Test
    void hostileTextStaysText() {
        browser.open(hostilePage);
        // An alert would make this fail: WebDriver answers with "unexpected alert open".
        assertThat(browser.js("return document.querySelectorAll('img').length")).isEqualTo(0L);
        assertThat(browser.js("return document.scripts.length")).isEqualTo(5L);
        assertThat((String) browser.js("return document.querySelector('dl.facts dd').textContent"))
                .startsWith(HOSTILE);
        assertThat(browser.js("return document.querySelector('ul.notes li').textContent"))
                .isEqualTo("A note of " + HOSTILE);
        assertThat(browser.js("return document.querySelector('#server ul li').textContent"))
                .isEqualTo("Of the server: " + HOSTILE);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(points("w0s0-latency", 0)).hasSize(QUERY_LEVELS.size());
    }

    @Test
    void aFileOfSchema1MakesAPageThatSaysWhatItLacks() {
        browser.open(oldPage);
        assertThat(browser.logs(LogType.BROWSER)).isEmpty();
        assertThat(text("header")).contains("version 1, which has no intervals and no latency over time");
        assertThat(text("#time")).contains("Latency over time was not recorded.");
        assertThat(text("#server")).contains("metrics were not recorded");
        assertThat(points("w0s0-latency", 0)).hasSize(QUERY_LEVELS.size());
        assertThat(points("w0s0-latency", 0).get(0).get(2)).isNull();
    }

    @Test
    void readersOfTheScreenGetEachChartInWordsAndInNumbers() {
        browser.open(page);
        assertThat(browser.js("return [...document.querySelectorAll('canvas')].every((canvas) =>"
                        + " canvas.getAttribute('role') === 'img' && canvas.getAttribute('aria-label').length > 40)"))
                .isEqualTo(true);
        assertThat(browser.driver
                        .findElement(By.cssSelector("#w0s0-latency canvas"))
                        .getDomAttribute("aria-label"))
                .startsWith("Line chart of latency over concurrency. p50: 2.000 ms at 1.000 to 16.00 ms at 15.00;");
        browser.driver.executeAsyncScript("""
                const details = document.querySelector("#w0s0-latency details");
                details.addEventListener("toggle", () => arguments[0]());
                details.querySelector("summary").click();
                """);
        List<WebElement> rows = browser.driver.findElements(By.cssSelector("#w0s0-latency details tbody tr"));
        assertThat(rows).hasSize(4 * QUERY_LEVELS.size() - 1);
        assertThat(rows.get(0).getText()).isEqualTo("p50 1.000 2.000 1.800 … 2.300");
        assertThat((Boolean) browser.js("return [...document.querySelectorAll('select')].every((select) =>"
                        + " select.labels.length === 1)"))
                .isTrue();
    }

    @Test
    void printsOnSeveralPagesInLightColoursWithItsCharts() throws IOException {
        browser.open(page);
        browser.preferDark(true);
        browser.js("""
                window.printed = [];
                addEventListener("beforeprint", () => window.printed.push(
                  Chart.getChart(document.querySelector('#w0s0-latency canvas')).data.datasets[0].borderColor,
                  getComputedStyle(document.body).backgroundColor));
                """);
        Map<String, Object> answer = browser.driver.executeCdpCommand(
                "Page.printToPDF", Map.of("printBackground", true, "preferCSSPageSize", true));
        byte[] pdf = Base64.getDecoder().decode((String) answer.get("data"));
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getNumberOfPages()).isGreaterThan(1);
            assertThat(new PDFTextStripper().getText(document))
                    .contains("embedded NIM (H200-like): not a measurement of NVIDIA's NIM")
                    .contains("Is it the client?");
            assertThat(inkOf(document, 0x0072b2)).isGreaterThan(500);
        }
        assertThat(browser.js("return window.printed")).isEqualTo(List.of("#0072b2", "rgb(255, 255, 255)"));
        assertThat(chartColours()).isEqualTo("#56b4e9,#9aa8b7");
    }

    /** Dots of a colour, of p50's curve, on all pages at 72 dots an inch. */
    private static long inkOf(PDDocument document, int rgb) throws IOException {
        long dots = 0;
        PDFRenderer renderer = new PDFRenderer(document);
        for (int number = 0; number < document.getNumberOfPages(); number++) {
            BufferedImage image = renderer.renderImage(number);
            int[] colours = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            dots += Arrays.stream(colours)
                    .filter(colour -> (colour & 0xffffff) == rgb)
                    .count();
        }
        return dots;
    }
}
