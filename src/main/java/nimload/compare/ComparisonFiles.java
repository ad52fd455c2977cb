package nimload.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.results.WholeFile;

/** What a comparison leaves on disk. */
public final class ComparisonFiles {
    public static final String DATA = "comparison.json";
    public static final String PAGE = "compare.html";

    private ComparisonFiles() {}

    /**
     * @param runs the compared runs, for the page's curves
     * @param places of the runs, in the same order: the page links to the pages that are there
     */
    public static void write(Comparison comparison, List<RunResults> runs, List<Path> places, Path directory)
            throws IOException {
        WholeFile.write(directory.resolve(DATA), ResultsFile.json(comparison));
        List<Optional<String>> pages =
                places.stream().map(place -> RunPages.of(place, directory)).toList();
        WholeFile.write(directory.resolve(PAGE), ComparisonPage.html(comparison, runs, pages));
    }
}
