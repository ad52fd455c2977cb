package nimload.deploy.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.deploy.settings.NimSettings;
import nimload.deploy.settings.Settings;
import nimload.deploy.settings.SettingsException;

/**
 * The values for a chart, with the pitfalls of NVIDIA's charts avoided.
 *
 * @param values for Helm's {@code --values}
 * @param notes which values were changed, and which the chart does not read
 */
public record ChartValues(Map<String, Object> values, List<String> notes) {

    public static ChartValues of(Settings settings, NimSettings nim, Map<String, Object> defaults) {
        List<String> notes = new ArrayList<>();
        Map<String, Object> values = merge(fromSettings(settings, nim), nim.values());
        refuseKey(nim, values);
        if (nim.configTemplate().isEmpty()) {
            passEnvVarsAsEnv(values, notes);
        }
        ensureClaim(values, notes);
        notes.addAll(UnreadValues.in(nim.values(), defaults));
        return new ChartValues(values, List.copyOf(notes));
    }

    private static Map<String, Object> fromSettings(Settings settings, NimSettings nim) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("image", Map.of("repository", settings.images().registry() + "/" + nim.image(), "tag", nim.tag()));
        values.put("imagePullSecrets", List.of(Map.of("name", settings.images().pullSecret())));
        values.put("nim", Map.of("ngcAPISecret", Settings.API_SECRET));
        values.put("resources", resources(nim));
        NimSettings.Persistence persistence = nim.persistence();
        if (persistence.enabled()) {
            Map<String, Object> claim = new LinkedHashMap<>(Map.of("enabled", true, "size", persistence.size()));
            persistence.storageClass().ifPresent(name -> claim.put("storageClass", name));
            if (persistence.existingClaim().isPresent()) {
                claim.put("existingClaim", persistence.existingClaim().get());
            } else {
                claim.put("accessMode", "ReadWriteOnce");
                values.put("statefulSet", Map.of("enabled", true));
            }
            values.put("persistence", claim);
        }
        if (!settings.proxy().env().isEmpty()) {
            values.put("env", settings.proxy().env());
        }
        return values;
    }

    private static Map<String, Object> resources(NimSettings nim) {
        Map<String, Object> gpus = nim.gpus() == 0 ? Map.of() : Map.of("nvidia.com/gpu", nim.gpus());
        return merge(Map.of("limits", gpus), nim.resources());
    }

    /** {@code over} on top of {@code base}: mappings are merged, everything else is replaced. */
    static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> over) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        over.forEach((key, value) -> merged.put(
                key,
                base.get(key) instanceof Map && value instanceof Map ? merge(map(base.get(key)), map(value)) : value));
        return merged;
    }

    /** Helm stores values in the release's Secret and shows them: the key must not be among them. */
    private static void refuseKey(NimSettings nim, Map<String, Object> values) {
        Object key = map(values.get("nim")).get("ngcAPIKey");
        if (key != null && !key.equals("")) {
            throw new SettingsException(
                    nim.nim()
                            + ".values.nim.ngcAPIKey: a key must not be in values, which Helm stores and shows; remove it and export NGC_API_KEY instead");
        }
    }

    /** The charts' _config.tpl fails on any entry in envVars; the array env works, and wins if both are set. */
    private static void passEnvVarsAsEnv(Map<String, Object> values, List<String> notes) {
        Map<String, Object> envVars = map(values.remove("envVars"));
        if (envVars.isEmpty()) {
            return;
        }
        List<Object> env = new ArrayList<>(values.get("env") instanceof List<?> list ? list : List.of());
        Set<Object> names =
                env.stream().map(entry -> map(entry).get("name")).collect(Collectors.toCollection(LinkedHashSet::new));
        envVars.forEach((name, value) -> {
            if (names.add(name)) {
                env.add(Map.of("name", name, "value", String.valueOf(value)));
            }
        });
        values.put("env", env);
        notes.add("envVars (" + String.join(", ", envVars.keySet())
                + ") was passed as env instead: the chart's _config.tpl fails on envVars");
    }

    /** The chart creates a claim only for a StatefulSet with ReadWriteOnce; otherwise the pod waits for a claim that never comes. */
    private static void ensureClaim(Map<String, Object> values, List<String> notes) {
        Map<String, Object> persistence = map(values.get("persistence"));
        boolean named = persistence.get("existingClaim") instanceof String claim && !claim.isEmpty();
        if (!Boolean.TRUE.equals(persistence.get("enabled"))
                || named
                || elsewhere(values, "hostPath")
                || elsewhere(values, "nfs")) {
            return;
        }
        Map<String, Object> statefulSet = map(values.get("statefulSet"));
        if (!Boolean.TRUE.equals(statefulSet.get("enabled"))) {
            values.put("statefulSet", merge(statefulSet, Map.of("enabled", true)));
            notes.add(
                    "statefulSet.enabled was set to true: with persistence.enabled alone the chart creates no claim and the pod stays Pending");
        }
        Object accessMode = persistence.get("accessMode");
        if (!"ReadWriteOnce".equals(accessMode)) {
            values.put("persistence", merge(persistence, Map.of("accessMode", "ReadWriteOnce")));
            if (accessMode != null) {
                notes.add(
                        "persistence.accessMode was set to ReadWriteOnce: with " + accessMode
                                + " the chart creates no claim; to use such a volume, create the claim yourself and name it in persistence.existingClaim");
            }
        }
    }

    private static boolean elsewhere(Map<String, Object> values, String volume) {
        return Boolean.TRUE.equals(map(values.get(volume)).get("enabled"));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
