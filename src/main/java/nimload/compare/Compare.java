package nimload.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.UserError;
import nimload.results.ResultsFile;
import nimload.results.RunDirectory;
import nimload.results.RunResults;

/**
 * Compares finished runs with the first of them: {@code mvn exec:java@compare -Dexec.args="<run> <run> …"}, each a
 * results.json or a run's directory. Prints tables, and leaves {@code comparison.json} and {@code compare.html} beside the
 * last run.
 */
public final class Compare {
    static final String USAGE = "give two runs or more, the baseline first: mvn exec:java@compare"
            + " -Dexec.args=\"target/nim-results/<run> target/nim-results/<run> [--allow-different] [--out DIR]\"";

    private Compare() {}

    public static void main(String[] args) {
        try {
            run(List.of(args), System.out);
        } catch (UserError e) {
            System.err.println("✗ " + e.getMessage());
            System.exit(1);
        }
    }

    /** @throws UserError for what the user has to put right */
    static void run(List<String> args, PrintStream out) {
        List<Path> paths = new ArrayList<>();
        boolean allowDifferent = false;
        Optional<Path> directory = Optional.empty();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--allow-different")) {
                allowDifferent = true;
            } else if (arg.equals("--out")) {
                if (++i == args.size()) {
                    throw new UserError("--out without a directory; " + USAGE);
                }
                directory = Optional.of(path(args.get(i)));
            } else if (arg.startsWith("--")) {
                throw new UserError(arg + " is no option of compare; " + USAGE);
            } else {
                paths.add(path(arg));
            }
        }
        if (paths.size() < 2) {
            throw new UserError((paths.isEmpty() ? "no run" : "one run only") + "; " + USAGE);
        }
        List<RunResults> runs = paths.stream().map(ResultsFile::read).toList();
        if (!allowDifferent) {
            Likeness.require(runs);
        }
        Comparison comparison = Comparison.of(runs);
        out.println(ComparisonTable.of(comparison));
        out.println("compared: "
                + write(comparison, runs, directory.orElseGet(() -> beside(paths.get(paths.size() - 1)))));
    }

    private static Path write(Comparison comparison, List<RunResults> runs, Path directory) {
        try {
            RunDirectory.make(directory);
            ComparisonFiles.write(comparison, runs, directory);
            return directory.resolve(ComparisonFiles.PAGE);
        } catch (IOException e) {
            throw new UserError(directory + " cannot be written to (" + e + "); give another with --out DIR", e);
        }
    }

    private static Path beside(Path run) {
        return Optional.ofNullable(ResultsFile.find(run).getParent()).orElse(Path.of(""));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserError(text + " is not a path (" + e.getReason() + "); " + USAGE, e);
        }
    }
}
