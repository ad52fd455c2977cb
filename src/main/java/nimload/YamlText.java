package nimload;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as its author wrote it: texts, lists and mappings, each with its place in the file. Every value is read as text, so
 * {@code 1-5} and {@code 0.1%} are what they look like. JSON is YAML.
 *
 * @param source the file, for messages
 */
public record YamlText(String source, Node node) {

    /**
     * @param format where the format is explained, for messages
     * @return empty for a file that holds only comments
     * @throws UserError if it is not YAML
     */
    public static Optional<YamlText> parse(String source, String format, String text) {
        try {
            return Optional.ofNullable(new Yaml().compose(new StringReader(text)))
                    .filter(node -> !node.getTag().equals(Tag.NULL))
                    .map(node -> new YamlText(source, node));
        } catch (MarkedYAMLException e) {
            throw new UserError(source + place(e.getProblemMark()) + ": not YAML (" + oneLine(e.getProblem()) + "); "
                    + format + " explains the format");
        } catch (YAMLException e) {
            throw new UserError(
                    source + ": not YAML (" + oneLine(e.getMessage()) + "); " + format + " explains the format");
        }
    }

    /** A list's items; empty if it is not a list. */
    public Optional<List<YamlText>> list() {
        return node instanceof SequenceNode sequence
                ? Optional.of(sequence.getValue().stream().map(this::of).toList())
                : Optional.empty();
    }

    /** A list's items, or itself. */
    public List<YamlText> oneOrMore() {
        return list().orElse(List.of(this));
    }

    /** Values by their keys' names, in the order of the file; empty if it is not a mapping. */
    public Optional<Map<YamlText, YamlText>> mapping() {
        if (!(node instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        Map<String, YamlText> seen = new LinkedHashMap<>();
        Map<YamlText, YamlText> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlText key = of(tuple.getKeyNode());
            if (seen.putIfAbsent(key.text(), key) != null) {
                throw key.refused("appears twice", "give it once");
            }
            values.put(key, of(tuple.getValueNode()));
        }
        return Optional.of(values);
    }

    /** As written, without quotes; for a list or mapping a word for messages. */
    public String text() {
        return node instanceof ScalarNode scalar
                ? oneLine(scalar.getValue())
                : node instanceof SequenceNode ? "a list" : "a mapping";
    }

    /** {@code line 3, column 5}. */
    public String place() {
        return place(node.getStartMark()).strip();
    }

    /** An error with the place, the value, what is wrong with it and what to give instead. */
    public UserError refused(String why, String right) {
        return error(text() + " " + why, right);
    }

    /** An error with the place, what is wrong there and what to give instead. */
    public UserError error(String what, String right) {
        return new UserError(source + place(node.getStartMark()) + ": " + what + "; " + right);
    }

    private YamlText of(Node other) {
        return new YamlText(source, other);
    }

    private static String place(Mark mark) {
        return mark == null ? "" : " line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }

    private static String oneLine(String text) {
        return text == null ? "no reason given" : text.strip().replaceAll("\\s+", " ");
    }
}
