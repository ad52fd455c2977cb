package nimload.deploy.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.deploy.DeployException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A chart in a folder.
 *
 * @param defaults the content of its values.yaml
 */
public record Chart(Path folder, String name, String version, Map<String, Object> defaults) {

    private static final YAMLMapper YAML = new YAMLMapper();

    static Chart read(Path folder) {
        Map<String, Object> chart = yaml(folder.resolve("Chart.yaml"));
        return new Chart(
                folder,
                String.valueOf(chart.get("name")),
                String.valueOf(chart.get("version")),
                yaml(folder.resolve("values.yaml")));
    }

    private static Map<String, Object> yaml(Path file) {
        try {
            return YAML.readValue(Files.readString(file), new TypeReference<Map<String, Object>>() {});
        } catch (IOException | JacksonException e) {
            throw new DeployException(
                    file
                            + ": not readable as YAML, so this is not a chart; set chart in the settings file to a chart's folder or .tgz",
                    e);
        }
    }
}
