package nimload.deploy.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
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

    /** MIG devices, and time-slices under the name that NVIDIA's device plugin can give them. */
    private static final Pattern PART_OF_A_GPU = Pattern.compile("nvidia\\.com/(mig-.+|gpu\\.shared)");

    /**
     * @param written the settings file as Helm reads it, of which {@code resources} and {@code values} are taken
     * @param defaults the chart's
     * @throws SettingsException if the pod would ask for whole GPUs and for parts of one
     */
    public static ChartValues of(
            Settings settings, NimSettings nim, Map<String, Object> written, Map<String, Object> defaults) {
        List<String> notes = new ArrayList<>();
        Map<String, Object> section = map(written.get(nim.nim().toString()));
        Map<String, Object> own = map(section.get("values"));
        Map<String, Object> values = merge(fromSettings(settings, nim, map(section.get("resources"))), own);
        refuseTwoKindsOfGpu(settings, nim, values);
        if (nim.configTemplate().isEmpty()) {
            passEnvVarsAsEnv(values, notes);
        }
        ensureClaim(values, notes);
        notes.addAll(UnreadValues.in(own, defaults));
        return new ChartValues(values, List.copyOf(notes));
    }

    private static Map<String, Object> fromSettings(Settings settings, NimSettings nim, Map<String, Object> resources) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("image", Map.of("repository", settings.images().registry() + "/" + nim.image(), "tag", nim.tag()));
        values.put("imagePullSecrets", List.of(Map.of("name", settings.images().pullSecret())));
        values.put("nim", Map.of("ngcAPISecret", Settings.API_SECRET));
        // Helm removes what the chart has by default where a value is null. Null limits as a whole are as if left out.
        resources = new LinkedHashMap<>(resources);
        resources.values().removeIf(Objects::isNull);
        if (nim.replicas() > 1) {
            values.put("replicaCount", nim.replicas());
        }
        values.put(
                "resources",
                merge(Map.of("limits", entry("nvidia.com/gpu", nim.gpus() == 0 ? null : nim.gpus())), resources));
        NimSettings.Persistence persistence = nim.persistence();
        Map<String, Object> claim = entry("enabled", persistence.enabled());
        if (persistence.enabled()) {
            claim.put("size", persistence.size());
            claim.put("storageClass", persistence.storageClass().orElse(""));
            claim.put("existingClaim", persistence.existingClaim().orElse(""));
            if (persistence.existingClaim().isEmpty()) {
                claim.put("accessMode", "ReadWriteOnce");
                values.put("statefulSet", Map.of("enabled", true));
            }
        }
        values.put("persistence", claim);
        if (!settings.proxy().env().isEmpty()) {
            values.put("env", settings.proxy().env());
        }
        return values;
    }

    private static Map<String, Object> entry(String key, Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        return map;
    }

    /** {@code over} on top of {@code base}: mappings are merged, everything else is replaced. */
    static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> over) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        over.forEach((key, value) -> merged.put(
                key,
                base.get(key) instanceof Map && value instanceof Map ? merge(map(base.get(key)), map(value)) : value));
        return merged;
    }

    /** CUDA uses whole GPUs or one MIG device, and a pod that asks for both waits for a node with both. */
    private static void refuseTwoKindsOfGpu(Settings settings, NimSettings nim, Map<String, Object> values) {
        Map<String, Object> limits = map(map(values.get("resources")).get("limits"));
        limits.forEach((name, count) -> {
            if (PART_OF_A_GPU.matcher(name).matches() && isSet(count) && isSet(limits.get("nvidia.com/gpu"))) {
                throw new SettingsException(
                        settings.source().at(nim.nim() + ".gpus") + ": "
                                + limits.get("nvidia.com/gpu") + " nvidia.com/gpu and the limit " + name + ": " + count
                                + " contradict each other: no pod uses both; write gpus: 0 (and no nvidia.com/gpu in values), or remove that limit");
            }
        });
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
            if (value != null && names.add(name)) {
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
        if (!isSet(persistence.get("enabled"))
                || isSet(persistence.get("existingClaim"))
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
        return isSet(map(values.get(volume)).get("enabled"));
    }

    /** As a template's {@code if} sees it: null, false, 0, "" and what is empty are not set. */
    public static boolean isSet(Object value) {
        return !(value == null
                || value.equals(false)
                || value.equals("")
                || value instanceof Number number && number.doubleValue() == 0
                || value instanceof Map<?, ?> map && map.isEmpty()
                || value instanceof List<?> list && list.isEmpty());
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
