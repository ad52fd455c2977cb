package nimload.imports;

import java.time.Instant;
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
import nimload.emulator.EmbeddedNim;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/** Files of one tool as one run, one level per file. */
final class ImportedRun {
    private ImportedRun() {}

    /**
     * @param files at least one
     * @param id of the run's directory
     * @param now for files that do not say when they were measured
     * @throws UserError if they have different tools, models, URLs or settings, or if two are of the same level
     */
    static RunResults of(List<Measured> files, ImportOptions options, String id, Instant now) {
        Map<LoadPoint, Measured> levels = new LinkedHashMap<>();
        requireOne("tool", files, file -> Optional.of(file.tool()));
        for (Measured file : files) {
            LoadPoint point = ImportedLevel.point(file, options);
            Measured other = levels.putIfAbsent(point, file);
            if (other != null) {
                throw new UserError(other.file() + " and " + file.file() + " are the same level (" + point.description()
                        + "); import them one after the other, as separate runs");
            }
        }
        requireOneNimPerKind(levels);
        for (String setting : List.of("encodingFormat", "truncate")) {
            requireOne(
                    setting, files, file -> Optional.ofNullable(file.effective().get(setting)));
        }
        List<LevelResults> results = levels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(LoadPoint::workload)
                        .thenComparing(LoadPoint::inputTokens)
                        .thenComparing(LoadPoint::items)
                        .thenComparing(LoadPoint::concurrency)))
                .map(level -> ImportedLevel.of(level.getValue(), level.getKey()))
                .toList();
        Map<String, String> effective = new LinkedHashMap<>();
        files.forEach(file -> effective.putAll(file.effective()));
        RunInfo info = new RunInfo(
                files.get(0).tool(),
                id,
                files.stream()
                        .flatMap(file -> file.measured().stream())
                        .min(Comparator.naturalOrder())
                        .orElse(now),
                results.size(),
                options.emulated(),
                targets(levels, options.emulated()),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                Map.of(),
                effective,
                Map.of(),
                List.copyOf(notes(files, options.emulated())));
        boolean complete = files.stream().allMatch(file -> file.incomplete().isEmpty());
        return new RunResults(RunResults.SCHEMA, info, complete, results, Optional.empty());
    }

    private static void requireOneNimPerKind(Map<LoadPoint, Measured> levels) {
        Map<NimKind, List<Measured>> byKind = levels.entrySet().stream()
                .collect(Collectors.groupingBy(
                        level -> level.getKey().workload().nim(),
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
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

    private static Map<String, TargetResults> targets(Map<LoadPoint, Measured> levels, boolean emulated) {
        Map<String, TargetResults> targets = new LinkedHashMap<>();
        levels.forEach((point, file) -> targets.putIfAbsent(
                point.workload().nim().key(),
                new TargetResults(
                        file.source().url().orElse("not known"),
                        file.source().model().orElse("not known"),
                        emulated,
                        Map.of())));
        return targets;
    }

    private static Set<String> notes(List<Measured> files, boolean emulated) {
        Set<String> notes = new LinkedHashSet<>();
        notes.add("Imported from " + files.get(0).tool()
                + ": nimload sent none of these requests and checked no answer.");
        if (emulated) {
            notes.add("Made with the " + EmbeddedNim.LABEL
                    + ", according to --emulated: not a measurement of NVIDIA's NIM.");
        }
        if (files.stream().noneMatch(file -> file.measured().isPresent())) {
            notes.add("The files do not say when they were measured; the start time is that of the import.");
        }
        if (files.stream().anyMatch(file -> file.errors().isEmpty())) {
            notes.add("The files do not count failed requests: 0 errors means not known.");
        }
        notes.add(
                "Percentiles are interpolated between two requests, as numpy does; nimload's are nearest rank, so each is"
                        + " a latency that was observed.");
        notes.add("The standard deviation is the population's (n); nimload's is the sample's (n − 1).");
        notes.add(
                "Tokens per text are the configured number, not counted by the server; items per second are requests per"
                        + " second × items per request.");
        notes.add("These files have no intervals, so nothing can be called faster or slower with confidence.");
        files.forEach(file -> notes.addAll(file.notes()));
        return notes;
    }
}
