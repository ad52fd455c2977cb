package nimload.deploy.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the settings file. Each key is read once; {@link #end()} refuses the keys that nobody read. A key whose value is null is absent.
 * Text is what the file says, character by character: {@code tag: 1.10} is "1.10".
 */
final class Section {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    private final Source source;
    private final String path;
    private final Map<String, NodeTuple> rest = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    /** @param path the mapping's own key, with a dot after it unless it is the file's root */
    Section(Source source, String path, Optional<Node> mapping) {
        this.source = source;
        this.path = path;
        mapping.map(MappingNode.class::cast)
                .ifPresent(node -> node.getValue().forEach(entry -> rest.put(key(entry), entry)));
    }

    Section section(String key) {
        Optional<Node> value = take(key);
        if (value.isPresent() && !(value.get() instanceof MappingNode)) {
            throw bad(key, value.get(), "is not a mapping", "put its entries below it, indented");
        }
        return new Section(source, path + key + ".", value);
    }

    /** The text as written; empty text is present. */
    Optional<String> text(String key) {
        Optional<Node> value = take(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!(value.get() instanceof ScalarNode scalar)) {
            throw bad(key, value.get(), "is not text", "give a single value");
        }
        if (scalar.getTag().equals(Tag.BOOL)) {
            throw bad(key, scalar, "is a boolean in YAML", "give text, or \"\" for none");
        }
        return Optional.of(scalar.getValue().strip());
    }

    /** For settings that can be taken away: empty text is absent. */
    Optional<String> optional(String key) {
        return text(key).filter(text -> !text.isEmpty());
    }

    Optional<String> optional(String key, Pattern pattern, String right) {
        Optional<Node> value = peek(key);
        Optional<String> text = optional(key);
        if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
            throw bad(key, value.get(), "is not valid", right + ", or \"\" for none");
        }
        return text;
    }

    String string(String key, String fallback, Pattern pattern, String right) {
        Optional<Node> value = peek(key);
        String text = text(key).orElse(fallback);
        if (text.isEmpty()) {
            throw bad(key, value.get(), "is empty", right + ", or leave the line out");
        }
        if (!pattern.matcher(text).matches()) {
            throw bad(key, value.get(), "is not valid", right);
        }
        return text;
    }

    int wholeNumber(String key, int fallback) {
        return scalar(key, WHOLE_NUMBER, "is not a whole number of at least 0", fallback)
                .map(Integer::valueOf)
                .orElse(fallback);
    }

    boolean flag(String key, boolean fallback) {
        return scalar(key, Pattern.compile("(?i)true|false"), "is neither true nor false", fallback)
                .map(Boolean::valueOf)
                .orElse(fallback);
    }

    private Optional<String> scalar(String key, Pattern pattern, String fault, Object example) {
        Optional<Node> value = take(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof ScalarNode scalar
                && pattern.matcher(scalar.getValue()).matches()) {
            return Optional.of(scalar.getValue());
        }
        throw bad(key, value.get(), fault, "e.g. " + key + ": " + example);
    }

    void end() {
        rest.forEach((key, entry) -> {
            throw source.bad(
                    entry.getKeyNode().getStartMark(),
                    path + key + ": no such setting; known here: " + String.join(", ", known)
                            + ". Correct or remove it");
        });
    }

    private Optional<Node> peek(String key) {
        return Optional.ofNullable(rest.get(key))
                .map(NodeTuple::getValueNode)
                .filter(value -> !value.getTag().equals(Tag.NULL));
    }

    Optional<Node> take(String key) {
        Optional<Node> value = peek(key);
        known.add(key);
        rest.remove(key);
        value.ifPresent(node -> source.put(path + key, node));
        return value;
    }

    private SettingsException bad(String key, Node value, String fault, String right) {
        String shown = value instanceof ScalarNode scalar
                ? "\"" + scalar.getValue() + "\""
                : value instanceof MappingNode ? "a mapping" : "a list";
        return source.bad(value.getStartMark(), path + key + ": " + shown + " " + fault + "; " + right);
    }

    /** Refuses the value of a key that was read, without showing it. */
    SettingsException refused(String key, String reason) {
        return new SettingsException(source.at(path + key) + ": " + reason);
    }

    private static String key(NodeTuple entry) {
        return ((ScalarNode) entry.getKeyNode()).getValue();
    }
}
