package nimload.deploy.settings;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The settings file as it was read. Helm reads {@code resources} and {@code values} from the same text: its YAML is Go's, in which {@code no} is
 * false and {@code 0400} is 256.
 *
 * @param file its path, for messages
 * @param places line:column, from 1, of each setting that the file has, e.g. of embedding.gpus
 */
public record Source(String file, String yaml, Map<String, String> places) {

    private static final LoadSettings YAML = LoadSettings.builder()
            .setSchema(new CoreSchema()) // merges "<<" as Helm does
            .setAllowNonScalarKeys(true) // refused below, with their place
            .build();

    private static final Pattern SEPARATION = Pattern.compile("(?<=\\S)[ \\t]+");

    /** The start of a message about a setting, e.g. {@code nims.yaml:4:9: embedding.gpus}. */
    public String at(String setting) {
        return file + ":" + (places.containsKey(setting) ? places.get(setting) + ":" : "") + " " + setting;
    }

    /** Empty if the file has only comments. */
    Optional<Node> root() {
        // Helm takes a tab between key and value; this parser does not. Spaces keep the columns, and Helm gets the text
        // as it is.
        String text = SEPARATION
                .matcher(yaml)
                .replaceAll(blanks -> " ".repeat(blanks.group().length()));
        Optional<Node> root;
        try {
            root = new Compose(YAML)
                    .composeString(text)
                    .filter(node -> !node.getTag().equals(Tag.NULL));
        } catch (MarkedYamlEngineException e) {
            throw notYaml(e.getProblemMark(), e.getProblem());
        } catch (YamlEngineException e) {
            throw notYaml(Optional.empty(), e.getMessage());
        }
        root.ifPresent(node -> {
            if (!(node instanceof MappingNode)) {
                throw bad(node.getStartMark(), "not a mapping but a text or list; compare it with deploy/nims.yaml");
            }
            refuseDuplicates(node, "", Collections.newSetFromMap(new IdentityHashMap<>()));
        });
        return root;
    }

    void put(String setting, Node value) {
        places.put(setting, value.getStartMark().map(Source::place).orElseThrow());
    }

    SettingsException bad(Optional<Mark> mark, String message) {
        return new SettingsException(file + ":" + mark.map(m -> place(m) + ":").orElse("") + " " + message);
    }

    /** In values too, where Helm silently takes the last. */
    private void refuseDuplicates(Node node, String path, Set<Node> seen) {
        if (!seen.add(node)) {
            return; // an alias, perhaps inside of what it stands for
        }
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> refuseDuplicates(item, path + "[].", seen));
        } else if (node instanceof MappingNode mapping) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple entry : mapping.getValue()) {
                Optional<Mark> mark = entry.getKeyNode().getStartMark();
                if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                    throw bad(mark, "a key is a mapping or list; give text");
                }
                if (!keys.add(key.getValue())) {
                    throw bad(mark, path + key.getValue() + ": is here twice; remove one");
                }
                refuseDuplicates(entry.getValueNode(), path + key.getValue() + ".", seen);
            }
        }
    }

    private SettingsException notYaml(Optional<Mark> mark, String reason) {
        return bad(
                mark,
                "not YAML (" + reason.lines().findFirst().orElse("no reason given")
                        + "); compare it with deploy/nims.yaml");
    }

    private static String place(Mark mark) {
        return (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }
}
