package nimload.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import nimload.compare.Comparison.Difference;
import nimload.results.RunInfo;
import nimload.results.RunResults;

/** Where the set-ups of runs differ. */
final class SetUp {
    /** Settings without effect on what is measured. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "nim.results", "nim.label", "nim.baseline", "nim.baseline.allowDifferent", "nim.maxRegression", "nim.slo");

    private SetUp() {}

    static List<Difference> differences(List<RunResults> runs) {
        List<Map<String, String>> setUps =
                runs.stream().map(run -> SetUp.of(run.info())).toList();
        Set<String> names = new TreeSet<>();
        setUps.forEach(setUp -> names.addAll(setUp.keySet()));
        List<Difference> differences = new ArrayList<>();
        for (String name : names) {
            List<Optional<String>> values = setUps.stream()
                    .map(setUp -> Optional.ofNullable(setUp.get(name)))
                    .toList();
            if (new HashSet<>(values).size() > 1) {
                differences.add(new Difference(name, values));
            }
        }
        return differences;
    }

    private static Map<String, String> of(RunInfo run) {
        Map<String, String> setUp = new TreeMap<>();
        setUp.put("tool", run.tool());
        setUp.put("repeats", Integer.toString(run.repeats()));
        run.durationSeconds().ifPresent(seconds -> setUp.put("duration", seconds + " s"));
        run.warmUpSeconds().ifPresent(seconds -> setUp.put("warm-up", seconds + " s"));
        run.targets().forEach((kind, target) -> {
            setUp.put(kind + ".model", target.model());
            if (!target.replicas().isEmpty()) {
                setUp.put(kind + ".replicas", Integer.toString(target.replicas().size()));
            }
            // The embedded NIM takes any free port, so its URL differs in each run.
            setUp.put(kind + ".url", target.emulated() ? "the embedded NIM" : target.url());
            target.about().forEach((name, value) -> setUp.put(kind + "." + name, value));
        });
        run.effective().forEach((name, value) -> setUp.put("effective " + name, value));
        // Each run draws its own unless nim.seed, which is among the settings, fixes it.
        setUp.remove("effective seed");
        run.client().forEach((name, value) -> setUp.put("client." + name, value));
        run.settings().forEach((name, value) -> {
            if (!WITHOUT_EFFECT.contains(name)) {
                setUp.put(name, value);
            }
        });
        return setUp;
    }
}
