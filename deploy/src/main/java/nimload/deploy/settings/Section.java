package nimload.deploy.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** One mapping of the settings file. Each key is read once; {@link #end()} refuses the keys that nobody read. */
final class Section {

    private final String path;
    private final Map<String, Object> rest;
    private final TreeSet<String> known = new TreeSet<>();

    Section(String path, Map<String, Object> mapping) {
        this.path = path;
        this.rest = new LinkedHashMap<>(mapping);
    }

    Section section(String key) {
        return new Section(name(key), map(key));
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> map(String key) {
        Object value = take(key);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw bad(key, value, "is not a mapping", "put its entries below it, indented");
    }

    String string(String key, String fallback) {
        return optional(key).orElse(fallback);
    }

    String string(String key, String fallback, Pattern pattern, String right) {
        String value = string(key, fallback);
        if (!pattern.matcher(value).matches()) {
            throw bad(key, value, "is not valid", right);
        }
        return value;
    }

    /** Absent and empty mean the same: YAML has no other way to say "none". */
    Optional<String> optional(String key) {
        Object value = take(key);
        if (value == null || value.equals("")) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text.strip());
        }
        if (value instanceof Number || value instanceof Boolean) {
            // 1.10 has already become 1.1 here: the original text is lost.
            throw bad(
                    key,
                    value,
                    "is a " + (value instanceof Number ? "number" : "boolean") + " in YAML",
                    "put it in quotes");
        }
        throw bad(key, value, "is not text", "give a single value");
    }

    int wholeNumber(String key, int fallback) {
        Object value = take(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Integer number && number >= 0) {
            return number;
        }
        throw bad(key, value, "is not a whole number of at least 0", "e.g. " + key + ": " + fallback);
    }

    boolean flag(String key, boolean fallback) {
        Object value = take(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw bad(key, value, "is neither true nor false", "e.g. " + key + ": " + fallback);
    }

    void end() {
        for (String key : rest.keySet()) {
            throw new SettingsException(name(key) + ": no such setting; known here: " + String.join(", ", known)
                    + ". Correct or remove it");
        }
    }

    private Object take(String key) {
        known.add(key);
        return rest.remove(key);
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private SettingsException bad(String key, Object value, String fault, String right) {
        String shown = value instanceof Map || value instanceof List ? "a mapping or list" : "\"" + value + "\"";
        return new SettingsException(name(key) + ": " + shown + " " + fault + "; " + right);
    }
}
