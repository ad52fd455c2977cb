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
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/** Files of one tool as one run, a level each. */
final class ImportedRun {
    private ImportedRun() {}

    /**
     * @param files at least one
     * @param id of the run's directory
     * @param now for files that do not say when they were measured
     * @throws UserError if they are of several tools, models, addresses or settings, or two of the same level
     */
    static RunResults of(List<Measured> files, ImportOptions options, String id, Instant now) {
        Map<LoadPoint, Measured> levels = new LinkedHashMap<>();
        requireOne("tool", files, file -> Optional.of(file.tool()));
        for (Measured file : files) {
            LoadPoint point = ImportedLevel.point(file, options);
            Measured other = levels.putIfAbsent(point, file);
            if (other != null) {
                throw new UserError(other.file() + " and " + file.file() + " are the same level (" + point.description()
                        + "); import them one after the other");
            }
        }
        requireOneNimOfAKind(levels);
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
        return new RunResults(
                RunResults.SCHEMA,
                files.get(0).tool(),
                id,
                files.stream()
                        .flatMap(file -> file.measured().stream())
                        .min(Comparator.naturalOrder())
                        .orElse(now),
                files.stream().allMatch(file -> file.incomplete().isEmpty()),
                results.size(),
                options.emulated(),
                targets(levels, options.emulated()),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                Map.of(),
                effective,
                Map.of(),
                List.copyOf(notes(files, options.emulated())),
                results,
                Optional.empty());
    }

    private static void requireOneNimOfAKind(Map<LoadPoint, Measured> levels) {
        Map<String, List<Measured>> byKind = levels.entrySet().stream()
                .collect(Collectors.groupingBy(
                        level -> kind(level.getKey()), Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        for (List<Measured> files : byKind.values()) {
            requireOne("model", files, file -> file.source().model().map(ImportedRun::plainModel));
            requireOne("URL", files, file -> file.source().url());
        }
    }

    /** A directory's name has no slash; NIMs take a model's name with the kind of text behind it, too. */
    private static String plainModel(String model) {
        return model.replace('/', '_').replaceFirst("-(query|passage)$", "");
    }

    /** A run says this once, so those files that say it have to agree. */
    private static void requireOne(String what, List<Measured> files, Function<Measured, Optional<String>> value) {
        List<Measured> saying =
                files.stream().filter(file -> value.apply(file).isPresent()).toList();
        for (Measured file : saying) {
            String one = value.apply(saying.get(0)).orElseThrow();
            String other = value.apply(file).orElseThrow();
            if (!one.equals(other)) {
                throw new UserError(saying.get(0).file() + " has " + what + " " + one + " and " + file.file() + " "
                        + other + "; import them one after the other, into runs of their own");
            }
        }
    }

    private static String kind(LoadPoint point) {
        return point.workload() == Workload.RERANKING ? "reranking" : "embedding";
    }

    private static Map<String, TargetResults> targets(Map<LoadPoint, Measured> levels, boolean emulated) {
        Map<String, TargetResults> targets = new LinkedHashMap<>();
        levels.forEach((point, file) -> targets.putIfAbsent(
                kind(point),
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
            notes.add("Made with the " + EmbeddedNim.LABEL + ", as the user says: no result of NVIDIA's NIM.");
        }
        if (files.stream().noneMatch(file -> file.measured().isPresent())) {
            notes.add("The files do not say when they were measured; the time is that of the import.");
        }
        if (files.stream().anyMatch(file -> file.errors().isEmpty())) {
            notes.add("The files do not count failed requests: 0 errors stands for not known.");
        }
        notes.add("Latencies are in ms, percentiles interpolated between two requests (numpy's way); nimload's are by"
                + " nearest rank, each a latency that was observed.");
        notes.add("The standard deviation is that of all requests (n); nimload's is that of a sample (n − 1).");
        notes.add("Tokens a text are those asked for, not counted by the server; items a second are requests a second ×"
                + " items a request.");
        notes.add("There are no intervals in these files, so nothing can be called faster or slower with confidence.");
        files.forEach(file -> notes.addAll(file.notes()));
        return notes;
    }
}
