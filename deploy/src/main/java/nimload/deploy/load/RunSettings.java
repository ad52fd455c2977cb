package nimload.deploy.load;

import java.util.List;
import java.util.Map;
import nimload.deploy.settings.SettingsException;

/** The {@code nim.*} settings passed to a run in a pod; the run itself checks their names and values. */
public record RunSettings(Map<String, String> values) {

    /** @throws SettingsException for settings that do not belong on a command line or have no meaning in a pod */
    public RunSettings {
        values = Map.copyOf(values);
        values.forEach((name, value) -> {
            switch (name) {
                case "nim.apiKey" ->
                    throw new SettingsException(
                            "-D nim.apiKey: the process list would show it; export NIM_API_KEY instead, which run passes on without showing it");
                case "nim.results" ->
                    throw new SettingsException(
                            "-D nim.results: would be a folder in the pod; use --results DIR to choose where results are fetched to");
                case "nim.endpoints" ->
                    throw new SettingsException(
                            "-D nim.endpoints: run already passes deploy/target/endpoints.json on; for another address add"
                                    + " -D nim.embedding.url=… or -D nim.reranking.url=…");
                case "nim.generator", "nim.startAt", "nim.clock" ->
                    throw new SettingsException(
                            "-D " + name
                                    + ": run gives each pod its own; use --generators N, and --prepare DURATION for a later start");
                default -> {
                    if (!name.startsWith("nim.")) {
                        throw new SettingsException("-D " + name
                                + ": not a setting; use nim.*, e.g. -D nim.duration=60s (see src/docs/settings.md)");
                    }
                }
            }
        });
    }

    public boolean namesANim() {
        return values.containsKey("nim.embedding.url") || values.containsKey("nim.reranking.url");
    }

    /** As arguments of a JVM. */
    public List<String> arguments() {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "-D" + entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
