package nimload.compare;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import nimload.page.ReportPage;
import nimload.results.ResultsFile;

/** Where runs have pages of their own. */
final class RunPages {
    private RunPages() {}

    /**
     * The address of a run's page, relative, so that it holds when the directories move together.
     *
     * @param run its directory, or a file in it
     * @param from the directory of the page that links to it
     * @return empty where there is no such page
     */
    static Optional<String> of(Path run, Path from) {
        try {
            // Not through "latest", which another run may take over.
            Path page = ResultsFile.find(run).toRealPath().resolveSibling(ReportPage.NAME);
            return Files.isRegularFile(page)
                    ? Optional.of(address(from.toRealPath().relativize(page)))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException notThereOrOnAnotherDisk) {
            return Optional.empty();
        }
    }

    private static String address(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false)
                .map(name -> encoded(name.toString()))
                .collect(Collectors.joining("/"));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
