package nimload.deploy.mock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Kubernetes' strategic merge, as far as Helm's upgrades of these charts use it: mappings are merged, null deletes, lists of named objects are
 * merged by name.
 */
final class StrategicMerge {

    private StrategicMerge() {}

    static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> patch) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        patch.forEach((key, value) -> {
            if (key.startsWith("$")) {
                return; // a directive on the order of list elements
            }
            if (value == null) {
                merged.remove(key);
            } else {
                merged.put(key, join(merged.get(key), value));
            }
        });
        return merged;
    }

    private static Object join(Object base, Object patch) {
        if (base instanceof Map && patch instanceof Map) {
            return merge(map(base), map(patch));
        }
        if (!(base instanceof List<?> old)
                || !(patch instanceof List<?> changes)
                || !changes.stream().allMatch(StrategicMerge::isNamed)) {
            return patch;
        }
        List<Object> joined = new ArrayList<>(old);
        for (Object change : changes) {
            Object name = map(change).get("name");
            joined.removeIf(element -> map(change).containsKey("$patch")
                    && map(element).get("name").equals(name));
            int index = joined.stream()
                    .map(element -> map(element).get("name"))
                    .toList()
                    .indexOf(name);
            if (index >= 0) {
                joined.set(index, merge(map(joined.get(index)), map(change)));
            } else if (!map(change).containsKey("$patch")) {
                joined.add(change);
            }
        }
        return joined;
    }

    private static boolean isNamed(Object element) {
        return element instanceof Map<?, ?> map && map.containsKey("name");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
