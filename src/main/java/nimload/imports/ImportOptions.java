package nimload.imports;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import nimload.plan.Workload;

/**
 * What the user says about the files.
 *
 * @param paths files, or directories to search
 * @param workload of all files; this and the numbers override what a file says
 * @param tokens input tokens per text or passage
 * @param queryTokens input tokens of a reranking query
 * @param items texts or passages per request
 * @param concurrency requests in flight
 * @param emulated whether nimload's embedded NIM answered
 * @param results where the run gets its directory
 */
record ImportOptions(
        List<Path> paths,
        Optional<Workload> workload,
        OptionalInt tokens,
        OptionalInt queryTokens,
        OptionalInt items,
        OptionalInt concurrency,
        boolean emulated,
        Path results) {}
