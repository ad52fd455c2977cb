package nimload.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.nim.NimKind;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.SettingValues.Given;
import nimload.plan.Settings;
import nimload.plan.Workload;

/** The files of the user's own texts that a run's workloads send. */
final class TextFiles {
    private TextFiles() {}

    /**
     * Reads each file once.
     *
     * @param running the workloads of the run
     * @param progress gets a line per file
     * @return empty for a workload whose texts nimload makes
     * @throws UserError if a file is not right, or does not fit a workload
     */
    static Map<Workload, TextFile> read(
            SettingValues values, Settings settings, Set<Workload> running, Consumer<String> progress) {
        Map<Workload, Given> named = new EnumMap<>(Workload.class);
        for (Workload workload : running) {
            of(workload, values).ifPresent(given -> {
                refuseLengths(workload, values, given);
                named.put(workload, given);
            });
        }
        Map<String, TextFile> files = new LinkedHashMap<>();
        Map<Workload, TextFile> texts = new EnumMap<>(Workload.class);
        named.forEach((workload, given) -> {
            TextFile file = files.computeIfAbsent(
                    given.value(), path -> read(given, linesPerRequest(path, named, settings), progress));
            requireFit(workload, file, running);
            texts.put(workload, file);
        });
        return texts;
    }

    private static Optional<Given> of(Workload workload, SettingValues values) {
        return values.find(setting(workload, "texts")).or(() -> values.find(Setting.TEXTS));
    }

    private static Setting setting(Workload workload, String name) {
        return Setting.of(Setting.PREFIX + workload.key() + "." + name).orElseThrow();
    }

    private static void refuseLengths(Workload workload, SettingValues values, Given texts) {
        List<String> lengths = new ArrayList<>(List.of("tokens"));
        if (workload == Workload.RERANKING) {
            lengths.addAll(List.of("queryTokens", "passages"));
        }
        for (String name : lengths) {
            values.find(setting(workload, name)).ifPresent(given -> {
                throw new UserError(given.origin() + "=" + given.value() + ": the texts of " + texts.origin() + "="
                        + texts.value() + " are as they are in the file; leave one of the two settings out");
            });
        }
    }

    private static Set<Integer> linesPerRequest(String path, Map<Workload, Given> named, Settings settings) {
        return named.entrySet().stream()
                .filter(entry -> entry.getValue().value().equals(path))
                .flatMap(entry -> entry.getKey() == Workload.RERANKING
                        ? List.of(1).stream()
                        : settings.grids().get(entry.getKey()).items().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TextFile read(Given given, Set<Integer> linesPerRequest, Consumer<String> progress) {
        TextFile file = TextFile.read(given, linesPerRequest);
        progress.accept("texts: " + file.texts().description());
        return file;
    }

    private static void requireFit(Workload workload, TextFile file, Set<Workload> running) {
        boolean ranking = workload.nim() == NimKind.RERANKING;
        if (file.ranks() == ranking) {
            return;
        }
        String others = running.stream()
                .filter(other -> (other.nim() == NimKind.RERANKING) == file.ranks())
                .map(Workload::key)
                .collect(Collectors.joining(","));
        throw new UserError(file.given().origin() + "=" + file.given().value() + ": line 1 has "
                + (file.ranks()
                        ? "a query with passages, and " + workload.key() + " sends texts to embed"
                        : "texts to embed, and reranking sends queries with passages")
                + "; give a file for it, -Dnim." + workload.key() + ".texts=…"
                + (others.isEmpty() ? "" : ", or run without it, -Dnim.workloads=" + others));
    }
}
