package nimload.merge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.merge.MergedLevel.Part;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.Setting;
import nimload.plan.Share;
import nimload.results.LevelResults;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/** The run that several generators made together. */
final class MergedRun {
    private MergedRun() {}

    /**
     * @param id of the merged run
     * @param parts a run each; of generators that are missing there is none
     * @throws UserError if they are not parts of one run
     */
    static RunResults of(String id, List<RunResults> parts) {
        SortedMap<Integer, RunResults> byNumber = byNumber(parts);
        RunResults first = byNumber.get(byNumber.firstKey());
        int generators = share(first).of();
        byNumber.values().forEach(part -> requireSameRun(first, part));
        byNumber.values().forEach(MergedRun::requireSharedServer);
        Map<LoadPoint, List<Part>> levels = new LinkedHashMap<>();
        byNumber.forEach((number, run) -> run.levels()
                .forEach(level -> levels.computeIfAbsent(level.point(), point -> new ArrayList<>())
                        .add(new Part(
                                number, level, addresses(run, level.workload().nim())))));
        List<LevelResults> merged = levels.entrySet().stream()
                .map(level ->
                        new MergedLevel(level.getKey(), generators, first.info().repeats(), level.getValue()).results())
                .toList();
        int planned = byNumber.values().stream()
                .mapToInt(run -> levelsOfAll(run.info()))
                .max()
                .orElseThrow();
        boolean complete = byNumber.size() == generators
                && merged.size() == planned
                && byNumber.values().stream().allMatch(RunResults::complete);
        return new RunResults(
                RunResults.SCHEMA, info(id, generators, planned, byNumber), complete, merged, Optional.empty());
    }

    /** Of a generator that does not say it, at least its own. */
    private static int levelsOfAll(RunInfo part) {
        return Optional.ofNullable(part.effective().get(RunInfo.LEVELS_OF_ALL))
                .map(Integer::parseInt)
                .orElse(part.levelsPlanned());
    }

    private static SortedMap<Integer, RunResults> byNumber(List<RunResults> parts) {
        SortedMap<Integer, RunResults> byNumber = new TreeMap<>();
        for (RunResults part : parts) {
            Share share = share(part);
            if (byNumber.put(share.number(), part) != null) {
                throw new UserError(
                        "generator " + share.text() + " is there more than once; give each generator's run once");
            }
        }
        return byNumber;
    }

    private static Share share(RunResults part) {
        String text = part.info().effective().get(RunInfo.GENERATOR);
        if (text == null) {
            throw new UserError(
                    "run " + part.info().id() + " was not made by one of several generators, so there is nothing"
                            + " to merge it with; give runs made with nim.generator");
        }
        try {
            return Share.of(text);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "run " + part.info().id() + ": " + e.getMessage() + "; give runs made with nim.generator", e);
        }
    }

    private static void requireSameRun(RunResults first, RunResults part) {
        Map<String, String> one = new TreeMap<>(first.info().effective());
        Map<String, String> other = new TreeMap<>(part.info().effective());
        one.put(RunInfo.GENERATOR, "of " + share(first).of());
        other.put(RunInfo.GENERATOR, "of " + share(part).of());
        // A server that refused a level to one of them took part in the same run.
        one.remove(RunInfo.LEVELS_OF_ALL);
        other.remove(RunInfo.LEVELS_OF_ALL);
        one.put("repeats", "" + first.info().repeats());
        other.put("repeats", "" + part.info().repeats());
        one.put("models", models(first));
        other.put("models", models(part));
        one.put(Setting.DURATION.property(), seconds(first.info().durationSeconds()));
        other.put(Setting.DURATION.property(), seconds(part.info().durationSeconds()));
        one.put(Setting.WARM_UP.property(), seconds(first.info().warmUpSeconds()));
        other.put(Setting.WARM_UP.property(), seconds(part.info().warmUpSeconds()));
        Set<String> names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        List<String> differences = names.stream()
                .filter(name -> !String.valueOf(one.get(name)).equals(other.get(name)))
                .map(name -> name + " " + one.get(name) + " and " + other.get(name))
                .toList();
        if (!differences.isEmpty()) {
            throw new UserError(
                    "generators " + share(first).text() + " and " + share(part).text()
                            + " did not make one run together: " + String.join("; ", differences)
                            + "; give parts of one run, with the same settings and nim.startAt");
        }
    }

    private static String seconds(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() + "s" : "unknown";
    }

    /** Without an address, each generator loads the NIM that is embedded in its own JVM. */
    private static void requireSharedServer(RunResults part) {
        part.info().targets().forEach((kind, target) -> {
            String setting = Setting.PREFIX + kind + ".url";
            if (target.emulated() && !part.info().settings().containsKey(setting)) {
                throw new UserError("generator " + share(part).text() + " loaded the embedded NIM in its own process,"
                        + " which the other generators did not reach, so nothing adds up; run all of them with the same -D"
                        + setting + ", e.g. that of exec:java@emulator");
            }
        });
    }

    /** Of all replicas. */
    private static List<String> addresses(RunResults run, NimKind kind) {
        TargetResults target = run.info().targets().get(kind.key());
        if (target == null) {
            return List.of();
        }
        return target.replicas().isEmpty() ? List.of(target.url()) : target.replicas();
    }

    private static String models(RunResults run) {
        return run.info().targets().entrySet().stream()
                .map(target -> target.getKey() + "=" + target.getValue().model())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static RunInfo info(String id, int generators, int planned, SortedMap<Integer, RunResults> parts) {
        RunInfo first = parts.get(parts.firstKey()).info();
        List<RunInfo> all = parts.values().stream().map(RunResults::info).toList();
        Map<String, String> effective =
                common(all.stream().map(RunInfo::effective).toList());
        effective.remove(RunInfo.LEVELS_OF_ALL);
        effective.put("generators", Integer.toString(generators));
        return new RunInfo(
                first.tool(),
                id,
                all.stream()
                        .map(RunInfo::started)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                planned,
                all.stream().anyMatch(RunInfo::emulated),
                first.targets(),
                first.durationSeconds(),
                first.warmUpSeconds(),
                first.repeats(),
                common(all.stream().map(RunInfo::settings).toList()),
                effective,
                common(all.stream().map(RunInfo::client).toList()),
                notes(generators, parts));
    }

    /** What is the same in all of them. */
    private static Map<String, String> common(List<Map<String, String>> maps) {
        Map<String, String> common = new TreeMap<>(maps.get(0));
        maps.forEach(map ->
                common.entrySet().removeIf(entry -> !entry.getValue().equals(map.get(entry.getKey()))));
        return common;
    }

    private static List<String> notes(int generators, SortedMap<Integer, RunResults> parts) {
        Set<String> notes = new LinkedHashSet<>();
        notes.add("Merged from " + parts.size() + " of " + generators + " generators.");
        List<Integer> missing = IntStream.rangeClosed(1, generators)
                .filter(number -> !parts.containsKey(number))
                .boxed()
                .toList();
        if (!missing.isEmpty()) {
            notes.add("Nothing is known of generator"
                    + missing.stream()
                            .map(Object::toString)
                            .collect(Collectors.joining(", ", missing.size() == 1 ? " " : "s ", ".")));
        }
        if (parts.size() > 1) {
            notes.add(Clocks.of(parts.values().stream()
                            .flatMap(run -> run.levels().stream())
                            .flatMap(level -> level.client().generators().stream())
                            .toList())
                    .sentence());
        }
        parts.values().forEach(run -> notes.addAll(run.info().notes()));
        return List.copyOf(notes);
    }
}
