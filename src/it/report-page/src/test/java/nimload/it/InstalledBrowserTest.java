package nimload.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nimload.it.InstalledBrowser.Missing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class InstalledBrowserTest {
    private static final String INSTALL = "; install both: apt-get install chromium chromium-driver (Debian),"
            + " brew install --cask google-chrome chromedriver (macOS)";

    @TempDir
    private Path first;

    @TempDir
    private Path second;

    private Map<String, String> path() {
        return Map.of("PATH", first + File.pathSeparator + second);
    }

    private static Path executable(Path directory, String name) throws IOException {
        Path file = Files.createFile(directory.resolve(name));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void anyOfTheFourNamesOnThePathIsFoundWithItsDriver() throws IOException {
        Path driver = executable(second, "chromedriver");
        for (String name : List.of("google-chrome-stable", "google-chrome", "chromium-browser", "chromium")) {
            Path chrome = executable(first, name);
            assertThat(InstalledBrowser.find(path(), List.of())).isEqualTo(new InstalledBrowser(chrome, driver));
        }
    }

    @Test
    void chromeBinAndChromeWebDriverWinOverThePath() throws IOException {
        executable(first, "chromium");
        executable(first, "chromedriver");
        Path chrome = executable(second, "my-chrome");
        Path driver = executable(second, "chromedriver");
        Map<String, String> environment =
                Map.of("PATH", first.toString(), "CHROME_BIN", chrome.toString(), "CHROMEWEBDRIVER", second.toString());
        assertThat(InstalledBrowser.find(environment, List.of())).isEqualTo(new InstalledBrowser(chrome, driver));
    }

    @Test
    void anApplicationOfMacOsIsFoundWhereThePathHasNone() throws IOException {
        Path driver = executable(first, "chromedriver");
        Path chrome = executable(second, "Google Chrome");
        assertThat(InstalledBrowser.find(path(), List.of(second.resolve("absent"), chrome)))
                .isEqualTo(new InstalledBrowser(chrome, driver));
    }

    @Test
    void whatIsMissingIsNamedWithTheCommandThatInstallsIt() throws IOException {
        assertThatThrownBy(() -> InstalledBrowser.find(path(), List.of()))
                .isInstanceOf(Missing.class)
                .hasMessage("no Chrome or Chromium found: CHROME_BIN is not set, and the PATH has no chromium,"
                        + " chromium-browser, google-chrome, google-chrome-stable" + INSTALL);
        Path chrome = executable(first, "chromium");
        assertThatThrownBy(() -> InstalledBrowser.find(path(), List.of()))
                .isInstanceOf(Missing.class)
                .hasMessage("no chromedriver found on the PATH for " + chrome + INSTALL);
        assertThatThrownBy(() -> InstalledBrowser.find(Map.of("CHROME_BIN", "/nowhere/chrome"), List.of()))
                .isInstanceOf(Missing.class)
                .hasMessage("CHROME_BIN=/nowhere/chrome is not an executable file" + INSTALL);
    }

    @Test
    void withoutABrowserTheTestsAreLeftOutExceptInTheGate() {
        Missing missing = new Missing("no browser");
        assertThat(Browser.leftOut(missing, Map.of()))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("LEFT OUT: the tests of report.html in a browser: no browser" + INSTALL);
        assertThatThrownBy(() -> Browser.leftOut(missing, Map.of("CI", "true")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no browser" + INSTALL);
    }
}
