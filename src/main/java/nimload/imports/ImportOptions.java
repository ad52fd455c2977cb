package nimload.imports;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import nimload.UserError;
import nimload.plan.Workload;

/**
 * What the user says of the files.
 *
 * @param paths files, or directories that are searched
 * @param workload of all files; this and the numbers stand above what a file says
 * @param tokens of a text or passage
 * @param queryTokens of a ranking's query
 * @param items texts or passages a request
 * @param concurrency requests in flight
 * @param emulated whether it was nimload's emulator that answered
 * @param results under which the run gets its directory
 */
record ImportOptions(
        List<Path> paths,
        Optional<Workload> workload,
        OptionalInt tokens,
        OptionalInt queryTokens,
        OptionalInt items,
        OptionalInt concurrency,
        boolean emulated,
        Path results) {

    static final String USAGE = "mvn exec:java@import -Dexec.args=\"DIR|FILE… [--workload query|passage|reranking]"
            + " [--tokens 300] [--query-tokens 512] [--items 64] [--concurrency 5] [--emulated] [--out target/nim-results]\"";

    /** @throws UserError for what is not right */
    static ImportOptions parse(List<String> args) {
        List<Path> paths = new ArrayList<>();
        Optional<Workload> workload = Optional.empty();
        OptionalInt tokens = OptionalInt.empty();
        OptionalInt queryTokens = OptionalInt.empty();
        OptionalInt items = OptionalInt.empty();
        OptionalInt concurrency = OptionalInt.empty();
        boolean emulated = false;
        Path results = Path.of("target", "nim-results");
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            String value = i + 1 < args.size() ? args.get(i + 1) : "";
            switch (arg) {
                case "--emulated" -> {
                    emulated = true;
                    continue;
                }
                case "--workload" -> workload = Optional.of(workload(value));
                case "--tokens" -> tokens = number(arg, value);
                case "--query-tokens" -> queryTokens = number(arg, value);
                case "--items" -> items = number(arg, value);
                case "--concurrency" -> concurrency = number(arg, value);
                case "--out" -> results = path(value);
                default -> {
                    if (arg.startsWith("--")) {
                        throw new UserError(arg + " is no option of import; " + USAGE);
                    }
                    paths.add(path(arg));
                    continue;
                }
            }
            i++;
        }
        if (paths.isEmpty()) {
            throw new UserError("nothing to import; " + USAGE);
        }
        return new ImportOptions(paths, workload, tokens, queryTokens, items, concurrency, emulated, results);
    }

    private static Workload workload(String value) {
        return Arrays.stream(Workload.values())
                .filter(workload -> workload.key().equals(value))
                .findFirst()
                .orElseThrow(() ->
                        new UserError("--workload " + value + " is none; give --workload query, passage or reranking"));
    }

    private static OptionalInt number(String option, String value) {
        if (!value.matches("[1-9]\\d{0,5}")) {
            throw new UserError(
                    option + " " + value + " is not a whole number of at least 1; give e.g. " + option + " 5");
        }
        return OptionalInt.of(Integer.parseInt(value));
    }

    private static Path path(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new UserError(text + " is not a path (" + e.getReason() + "); " + USAGE, e);
        }
        throw new UserError("an empty path; " + USAGE);
    }
}
