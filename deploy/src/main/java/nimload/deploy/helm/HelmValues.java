package nimload.deploy.helm;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import nimload.deploy.DeployException;
import nimload.deploy.settings.SettingsException;
import nimload.deploy.settings.Source;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Helm makes of the settings file. A second reading in Java would differ: Helm's YAML is Go's, a mixture of 1.1 and 1.2 ({@code no}, {@code
 * 0400}, {@code 1_000}, {@code <<}) whose numbers become 64-bit floats. So a chart with one template prints what Helm read, as JSON.
 */
public final class HelmValues {

    private static final String CHART = "{apiVersion: v2, name: values, version: 0.0.0}";

    /** Base64, because Helm parses what it rendered. */
    private static final String TEMPLATE = "read: {{ .Values | toJson | b64enc }}";

    private HelmValues() {}

    /**
     * Needs no cluster.
     *
     * @param work where the file and the chart lie during the call
     * @param exit ends the JVM when a signal arrives during the call
     * @return the whole file; nulls stay
     * @throws SettingsException if Helm cannot read the text as a values file
     */
    public static Map<String, Object> read(Source source, Path work, IntConsumer exit) {
        try {
            Files.createDirectories(work);
            Path chart = Files.createTempDirectory(work.toAbsolutePath(), "values"); // only the user may read it
            Path values = chart.resolve("settings.yaml");
            Path template = Files.createDirectory(chart.resolve("templates")).resolve("read.yaml");
            List<Path> files = List.of(chart.resolve("Chart.yaml"), values, template);
            try {
                Files.writeString(files.get(0), CHART);
                Files.writeString(values, source.yaml());
                Files.writeString(template, TEMPLATE);
                String read = HelmReleases.guarded(
                        exit,
                        () -> new Helm(chart)
                                .template()
                                .withValuesFile(HelmReleases.withoutComma(values))
                                .call());
                byte[] json = Base64.getDecoder()
                        .decode(read.substring(read.indexOf("read: ") + 6).strip());
                return JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {});
            } catch (IllegalStateException e) {
                throw new SettingsException(source.file() + ": Helm cannot read it as values ("
                        + HelmReleases.oneLine(e.getMessage()).replace("failed to parse " + values + ": ", "")
                        + "); compare it with deploy/nims.yaml");
            } finally {
                for (Path file : List.of(files.get(0), values, template, template.getParent(), chart)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new DeployException(
                    work + ": cannot be written (" + e.getMessage() + "); free up space or fix the permissions", e);
        }
    }
}
