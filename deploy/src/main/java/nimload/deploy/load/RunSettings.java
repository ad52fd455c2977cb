package nimload.deploy.load;

import java.util.List;
import java.util.Map;
import nimload.deploy.settings.SettingsException;

/** The {@code nim.*} settings that a run in a pod is given; the run itself judges their names and values. */
public record RunSettings(Map<String, String> values) {

    /** @throws SettingsException for what has no place on a command line, or no meaning in a pod */
    public RunSettings {
        values = Map.copyOf(values);
        values.forEach((name, value) -> {
            switch (name) {
                case "nim.apiKey" ->
                    throw new SettingsException(
                            "-D nim.apiKey: the process list would show it; export NIM_API_KEY instead, which is handed on without");
                case "nim.results" ->
                    throw new SettingsException(
                            "-D nim.results: is a folder of the pod then; give --results DIR for where they are brought back to");
                case "nim.endpoints" ->
                    throw new SettingsException(
                            "-D nim.endpoints: run hands deploy/target/endpoints.json on by itself; give -D nim.embedding.url=… or -D"
                                    + " nim.reranking.url=… for another address");
                default -> {
                    if (!name.startsWith("nim.")) {
                        throw new SettingsException("-D " + name
                                + ": is no setting; give nim.*, e.g. -D nim.duration=60s (the README lists them)");
                    }
                }
            }
        });
    }

    public boolean namesANim() {
        return values.containsKey("nim.embedding.url") || values.containsKey("nim.reranking.url");
    }

    /** As a JVM takes them. */
    public List<String> arguments() {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "-D" + entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
