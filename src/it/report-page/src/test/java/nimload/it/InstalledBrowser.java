package nimload.it;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Chrome or Chromium of this machine, and the chromedriver that drives it. Nothing is downloaded.
 *
 * @param chrome its executable
 * @param driver chromedriver's executable, of the same version
 */
record InstalledBrowser(Path chrome, Path driver) {
    private static final List<String> CHROME_NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final List<Path> MAC_APPLICATIONS = List.of(
            Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
            Path.of("/Applications/Chromium.app/Contents/MacOS/Chromium"));

    private static final String INSTALL = "install both: apt-get install chromium chromium-driver (Debian),"
            + " brew install --cask google-chrome chromedriver (macOS)";

    /**
     * The browser that {@code CHROME_BIN} names, else the first one on the {@code PATH} or among macOS's applications.
     *
     * @param environment as of {@link System#getenv()}; {@code CHROMEWEBDRIVER} may name chromedriver's directory
     * @param applications where a browser may be that is not on the {@code PATH}
     * @throws Missing if there is no browser, or no chromedriver
     */
    static InstalledBrowser find(Map<String, String> environment, List<Path> applications) {
        String chosen = environment.getOrDefault("CHROME_BIN", "");
        Path chrome = chosen.isEmpty() ? onThisMachine(environment, applications) : Path.of(chosen);
        if (!Files.isExecutable(chrome)) {
            throw new Missing("CHROME_BIN=" + chosen + " is not an executable file");
        }
        Path driver = Stream.concat(
                        Stream.ofNullable(environment.get("CHROMEWEBDRIVER")).map(Path::of), path(environment))
                .map(directory -> directory.resolve("chromedriver"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new Missing("no chromedriver found on the PATH for " + chrome));
        return new InstalledBrowser(chrome, driver);
    }

    /** As {@link #find(Map, List)}, on this machine. */
    static InstalledBrowser find() {
        return find(System.getenv(), MAC_APPLICATIONS);
    }

    private static Path onThisMachine(Map<String, String> environment, List<Path> applications) {
        Stream<Path> onPath =
                CHROME_NAMES.stream().flatMap(name -> path(environment).map(directory -> directory.resolve(name)));
        return Stream.concat(onPath, applications.stream())
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new Missing("no Chrome or Chromium found: CHROME_BIN is not set, and the PATH has no "
                                + String.join(", ", CHROME_NAMES)));
    }

    private static Stream<Path> path(Map<String, String> environment) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(Path::of);
    }

    /** A browser that can be driven is missing; the message says which part, and how to install it. */
    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Missing(String what) {
            super(what + "; " + INSTALL);
        }
    }
}
