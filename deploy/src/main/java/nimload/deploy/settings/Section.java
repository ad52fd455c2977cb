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
 * Text is what the file says: {@code tag: 1.10} is "1.10".
 */
final class Section {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,3}");
    private static final Pattern FLAG = Pattern.compile("(?i)true|false");

    /** Nobody names a thing like a word that means "none" elsewhere in YAML. */
    private static final Pattern OPTIONAL = Pattern.compile("(?!(?i:true|false|yes|no|on|off|0)$).*");

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

    String string(String key, String fallback, Pattern pattern, String right) {
        return scalar(key, pattern, right).orElse(fallback);
    }

    /** For settings that can be taken away: empty text is absent. */
    Optional<String> optional(String key) {
        return scalar(key, OPTIONAL, "give a name or an address, or \"\" for none")
                .filter(text -> !text.isEmpty());
    }

    /** As {@link #optional}, but a user and password are refused without being shown. */
    Optional<String> address(String key) {
        Optional.ofNullable(rest.get(key))
                .map(NodeTuple::getValueNode)
                .filter(node ->
                        node instanceof ScalarNode scalar && scalar.getValue().contains("@"))
                .ifPresent(node -> {
                    throw source.bad(
                            node.getStartMark(),
                            path + key
                                    + ": has a user or a password, which Helm and the pods would show; give the address"
                                    + " alone, e.g. " + key + ": http://proxy.example.com:3128");
                });
        return optional(key);
    }

    int wholeNumber(String key, int fallback) {
        return scalar(key, WHOLE_NUMBER, "give a whole number of at least 0, e.g. " + key + ": " + fallback)
                .map(Integer::valueOf)
                .orElse(fallback);
    }

    /** At least 1. */
    int count(String key, int fallback) {
        return scalar(key, COUNT, "give a whole number of at least 1, e.g. " + key + ": " + fallback)
                .map(Integer::valueOf)
                .orElse(fallback);
    }

    boolean flag(String key, boolean fallback) {
        return scalar(key, FLAG, "give true or false").map(Boolean::valueOf).orElse(fallback);
    }

    private Optional<String> scalar(String key, Pattern pattern, String right) {
        return take(key).map(value -> {
            if (value instanceof ScalarNode scalar
                    && pattern.matcher(scalar.getValue().strip()).matches()) {
                return scalar.getValue().strip();
            }
            throw bad(key, value, "is not valid", right);
        });
    }

    void end() {
        rest.forEach((key, entry) -> {
            throw source.bad(
                    entry.getKeyNode().getStartMark(),
                    path + key + ": no such setting; known here: " + String.join(", ", known)
                            + ". Correct or remove it");
        });
    }

    Optional<Node> take(String key) {
        known.add(key);
        Optional<Node> value = Optional.ofNullable(rest.remove(key))
                .map(NodeTuple::getValueNode)
                .filter(node -> !node.getTag().equals(Tag.NULL));
        value.ifPresent(node -> source.put(path + key, node));
        return value;
    }

    private SettingsException bad(String key, Node value, String fault, String right) {
        String shown = value instanceof ScalarNode scalar
                ? "\"" + scalar.getValue().replaceAll("\\s+", " ").replaceAll("nvapi-\\S+", "nvapi-…") + "\""
                : value instanceof MappingNode ? "a mapping" : "a list";
        return source.bad(value.getStartMark(), path + key + ": " + shown + " " + fault + "; " + right);
    }

    /** Refuses any value but null and "", without showing it. */
    void refuse(String key, String reason) {
        take(key).ifPresent(value -> {
            if (!(value instanceof ScalarNode scalar && scalar.getValue().isEmpty())) {
                throw source.bad(value.getStartMark(), path + key + ": " + reason);
            }
        });
    }

    private static String key(NodeTuple entry) {
        return ((ScalarNode) entry.getKeyNode()).getValue();
    }
}
