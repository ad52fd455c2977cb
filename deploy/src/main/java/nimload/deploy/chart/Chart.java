package nimload.deploy.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.deploy.DeployException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A chart in a folder.
 *
 * @param defaults the content of its values.yaml
 */
public record Chart(Path folder, String name, String version, Map<String, Object> defaults) {

    private static final LoadSettings YAML =
            LoadSettings.builder().setAllowDuplicateKeys(true).build();

    static Chart read(Path folder) {
        Map<String, Object> chart = yaml(folder.resolve("Chart.yaml"));
        return new Chart(
                folder,
                String.valueOf(chart.get("name")),
                String.valueOf(chart.get("version")),
                yaml(folder.resolve("values.yaml")));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(Path file) {
        try {
            Object read = new Load(YAML).loadFromString(Files.readString(file));
            return read == null ? Map.of() : (Map<String, Object>) read;
        } catch (IOException | YamlEngineException | ClassCastException e) {
            throw new DeployException(
                    file
                            + ": not readable as YAML, so this is not a chart; set chart in the settings file to a chart's folder or .tgz",
                    e);
        }
    }
}
