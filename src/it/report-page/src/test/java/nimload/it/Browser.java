package nimload.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.SessionNotCreatedException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.opentest4j.TestAbortedException;

/** A browser without a window. */
final class Browser implements AutoCloseable {
    final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts the browser of this machine. Without one the test is left out, or fails where nothing may be left out. */
    static Browser start() {
        try {
            return start(InstalledBrowser.find());
        } catch (InstalledBrowser.Missing missing) {
            TestAbortedException leftOut = leftOut(missing, System.getenv());
            System.out.println(leftOut.getMessage());
            throw leftOut;
        }
    }

    /**
     * What is left out and how to install it, in one line.
     *
     * @throws IllegalStateException if {@code environment} has {@code CI=true}, as the project's gate has
     */
    static TestAbortedException leftOut(InstalledBrowser.Missing missing, Map<String, String> environment) {
        if ("true".equals(environment.get("CI"))) {
            throw new IllegalStateException(missing.getMessage(), missing);
        }
        return new TestAbortedException("LEFT OUT: the tests of report.html in a browser: " + missing.getMessage());
    }

    private static Browser start(InstalledBrowser installed) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(installed.chrome().toFile());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1400,1000");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(installed.driver().toFile())
                .usingAnyFreePort()
                .build();
        try {
            return new Browser(new ChromeDriver(service, options));
        } catch (SessionNotCreatedException e) {
            throw new InstalledBrowser.Missing(installed.driver() + " cannot drive " + installed.chrome() + " ("
                    + e.getRawMessage().lines().findFirst().orElse("") + ")");
        }
    }

    void open(Path page) {
        logs(LogType.BROWSER);
        logs(LogType.PERFORMANCE);
        driver.get(page.toUri().toString());
    }

    /** What came since the last call. */
    List<String> logs(String type) {
        return driver.manage().logs().get(type).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Addresses that the page asked for, itself among them. */
    Stream<String> requested() {
        return logs(LogType.PERFORMANCE).stream()
                .filter(message -> message.contains("\"Network.requestWillBeSent\""))
                .map(message -> message.replaceAll("(?s).*\"request\":\\{.*?\"url\":\"([^\"]*)\".*", "$1"));
    }

    void preferDark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    void width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    Object js(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
