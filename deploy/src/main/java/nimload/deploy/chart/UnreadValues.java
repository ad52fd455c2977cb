package nimload.deploy.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds values that a chart does not read: Helm accepts them silently, and the user believes they take effect. */
final class UnreadValues {

    /** In values.yaml, but read by no template. */
    private static final List<String> IGNORED = List.of("metrics.serviceMonitor", "service.nodePort");

    /** Read by the templates although values.yaml does not list them. */
    private static final Set<String> READ = Set.of("env", "nameOverride", "fullnameOverride", "global");

    /** Copied into the pod unchanged: Kubernetes knows more keys than the chart's example. */
    private static final Set<String> OPEN = Set.of(
            "affinity", "containerSecurityContext", "nodeSelector", "podSecurityContext", "resources", "tolerations");

    private UnreadValues() {}

    static List<String> in(Map<String, Object> values, Map<String, Object> defaults) {
        List<String> notes = new ArrayList<>();
        walk("", values, defaults, notes);
        return notes;
    }

    private static void walk(
            String path, Map<String, Object> values, Map<String, Object> defaults, List<String> notes) {
        values.forEach((key, value) -> {
            String name = path.isEmpty() ? key : path + "." + key;
            if (IGNORED.contains(name)) {
                notes.add(name + " has no effect: the chart does not read it"
                        + (name.equals("service.nodePort")
                                ? "; Kubernetes picks a free node port, which status shows"
                                : ""));
            } else if (path.isEmpty() && (READ.contains(key) || OPEN.contains(key))) {
                return;
            } else if (!defaults.containsKey(key)) {
                notes.add(name + " is unknown to the chart and has no effect" + suggestion(key, defaults.keySet()));
            } else if (value instanceof Map
                    && !ChartValues.map(defaults.get(key)).isEmpty()) {
                walk(name, ChartValues.map(value), ChartValues.map(defaults.get(key)), notes);
            }
        });
    }

    private static String suggestion(String key, Collection<String> known) {
        return known.stream()
                .filter(other -> distance(key.toLowerCase(), other.toLowerCase()) <= 2)
                .findFirst()
                .map(other -> "; did you mean " + other + "?")
                .orElse("; known here: " + String.join(", ", known));
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
