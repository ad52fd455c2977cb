package nimload.imports;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.exports.Provenance;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/** Files of one tool as one run: one level per file, or per group of files of runs that repeat it. */
final class ImportedRun {
    /** How their numbers differ from nimload's. */
    private static final List<String> OTHER_TOOLS = List.of(
            "Percentiles are interpolated between two requests, as numpy does; nimload's are nearest rank, so each is a latency"
                    + " that was observed.",
            "The standard deviation is the population's (n) in genai-perf and in the sources of AIPerf that were read; nimload's is"
                    + " the sample's (n − 1).",
            "Tokens per text are the configured number, not counted by the server; items per second are requests per"
                    + " second × items per request.",
            "These files have no intervals, so nothing can be called faster or slower with confidence, except requests per"
                    + " second of levels that ran three times or more.");

    private ImportedRun() {}

    /**
     * @param files at least one
     * @param id of the run's directory
     * @param now for files that do not say when they were measured
     * @throws UserError if they have different tools, models, URLs or settings, or if two are of the same level and neither
     *     repeats the other
     */
    static RunResults of(List<Measured> files, ImportOptions options, String id, Instant now) {
        Map<LoadPoint, List<Measured>> levels = new LinkedHashMap<>();
        requireOne("tool", files, file -> Optional.of(file.tool()));
        for (Measured file : files) {
            LoadPoint point = ImportedLevel.point(file, options);
            List<Measured> runs = levels.computeIfAbsent(point, level -> new ArrayList<>());
            if (!runs.isEmpty() && !Repeats.ofOneLevel(runs.get(0).file(), file.file())) {
                throw new UserError(runs.get(0).file() + " and " + file.file() + " are the same level ("
                        + point.description() + "); import them one after the other, as separate runs");
            }
            runs.add(file);
        }
        requireOneNimPerKind(levels);
        for (String setting : List.of("encodingFormat", "truncate")) {
            requireOne(
                    setting, files, file -> Optional.ofNullable(file.effective().get(setting)));
        }
        List<LevelResults> results = levels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(LoadPoint::workload)
                        .thenComparing(LoadPoint::inputTokens)
                        .thenComparing(LoadPoint::spread)
                        .thenComparing(LoadPoint::queryTokens)
                        .thenComparing(LoadPoint::items)
                        .thenComparing(point -> point.load().text())
                        .thenComparing(LoadPoint::concurrency)))
                .map(level -> ImportedLevel.of(level.getValue(), level.getKey()))
                .toList();
        int repeats = results.stream().mapToInt(ImportedRun::runs).max().orElse(1);
        boolean emulated = options.emulated() || files.stream().anyMatch(ImportedRun::emulated);
        Map<String, String> effective = new LinkedHashMap<>();
        files.forEach(file -> effective.putAll(file.effective()));
        RunInfo info = new RunInfo(
                files.get(0).tool(),
                id,
                files.stream()
                        .flatMap(file -> file.started().stream())
                        .min(Comparator.naturalOrder())
                        .orElse(now),
                results.size(),
                emulated,
                targets(levels, emulated),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                repeats,
                Map.of(),
                effective,
                Map.of(),
                List.copyOf(notes(files, emulated, repeats > 1)));
        boolean complete = files.stream().allMatch(file -> file.incomplete().isEmpty())
                && results.stream().allMatch(level -> runs(level) == repeats);
        return new RunResults(RunResults.SCHEMA, info, complete, results, Optional.empty());
    }

    private static int runs(LevelResults level) {
        return Math.max(1, level.course().repeats().size());
    }

    private static boolean emulated(Measured file) {
        return file.provenance().filter(Provenance::emulated).isPresent();
    }

    private static void requireOneNimPerKind(Map<LoadPoint, List<Measured>> levels) {
        Map<NimKind, List<Measured>> byKind = levels.entrySet().stream()
                .collect(Collectors.groupingBy(
                        level -> level.getKey().workload().nim(),
                        Collectors.flatMapping(level -> level.getValue().stream(), Collectors.toList())));
        for (List<Measured> files : byKind.values()) {
            requireOne("model", files, file -> file.source().model().map(ImportedRun::plainModel));
            requireOne("URL", files, file -> file.source().url());
        }
    }

    /** A directory's name has no slash, and NIMs also accept a model's name with the input type appended. */
    private static String plainModel(String model) {
        return model.replace('/', '_').replaceFirst("-(query|passage)$", "");
    }

    /** A run has one such value, so the files that give it must agree. */
    private static void requireOne(String what, List<Measured> files, Function<Measured, Optional<String>> value) {
        List<Measured> saying =
                files.stream().filter(file -> value.apply(file).isPresent()).toList();
        for (Measured file : saying) {
            String one = value.apply(saying.get(0)).orElseThrow();
            String other = value.apply(file).orElseThrow();
            if (!one.equals(other)) {
                throw new UserError(saying.get(0).file() + " has " + what + " " + one + " and " + file.file() + " "
                        + other + "; import them one after the other, as separate runs");
            }
        }
    }

    private static Map<String, TargetResults> targets(Map<LoadPoint, List<Measured>> levels, boolean emulated) {
        Map<String, TargetResults> targets = new LinkedHashMap<>();
        levels.forEach(
                (point, files) -> targets.putIfAbsent(point.workload().nim().key(), target(files.get(0), emulated)));
        return targets;
    }

    /** A file with several URLs has them with commas. */
    private static TargetResults target(Measured file, boolean emulated) {
        List<String> urls = List.of(file.source().url().orElse("not known").split(","));
        return new TargetResults(
                urls.get(0),
                urls.size() == 1 ? List.of() : urls,
                file.source().model().orElse("not known"),
                emulated,
                Map.of(),
                Map.of());
    }

    private static Set<String> notes(List<Measured> files, boolean emulated, boolean repeated) {
        Set<String> notes = new LinkedHashSet<>();
        boolean own = files.get(0).provenance().isPresent();
        notes.add("Imported from " + files.get(0).tool()
                + (own
                        ? ": what AIPerf's layout has no place for is not in it."
                        : ": nimload sent none of these requests and checked no answer."));
        if (emulated) {
            notes.add("Made with the embedded NIM" + (own ? "" : ", according to --emulated")
                    + ": not a measurement of NVIDIA's NIM.");
        }
        if (files.stream().noneMatch(file -> file.started().isPresent())) {
            notes.add("The files do not say when they were measured; the start time is that of the import.");
        }
        if (files.stream().anyMatch(file -> file.numbers().errors().isEmpty())) {
            notes.add("The files do not count failed requests: 0 errors means not known.");
        }
        if (!own) {
            notes.addAll(OTHER_TOOLS);
        }
        if (repeated) {
            notes.add("Of levels that ran several times, the percentiles of all requests together are not known; each"
                    + " repeat has its own.");
        }
        files.forEach(file -> notes.addAll(file.notes()));
        return notes;
    }
}
