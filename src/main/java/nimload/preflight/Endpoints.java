package nimload.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import nimload.UserError;
import nimload.nim.Json;
import nimload.plan.Setting;

/**
 * The bootstrap's {@code endpoints.json}: where the NIMs are and what is known about them.
 *
 * @param settings addresses and models, for settings that the user did not give
 * @param about all other texts by kind and name ({@code embedding.gpu}), for the head of the reports
 */
public record Endpoints(Map<Setting, String> settings, Map<String, String> about) {
    public static final Endpoints NONE = new Endpoints(Map.of(), Map.of());

    private static final Map<String, Setting> KNOWN = Map.of(
            "embedding.url", Setting.EMBEDDING_URL,
            "embedding.model", Setting.EMBEDDING_MODEL,
            "reranking.url", Setting.RERANKING_URL,
            "reranking.model", Setting.RERANKING_MODEL);

    /** @throws UserError if the file cannot be read or names no NIM */
    public static Endpoints read(Path file) {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UserError(
                    "nim.endpoints=" + file + " cannot be read as JSON ("
                            + e.getClass().getSimpleName()
                            + "); give the file that `mvn -f deploy compile exec:java -Dexec.args=up` writes:"
                            + " deploy/target/endpoints.json",
                    e);
        }
        Map<Setting, String> settings = new EnumMap<>(Setting.class);
        Map<String, String> about = new LinkedHashMap<>();
        root.properties()
                .forEach(kind -> kind.getValue().properties().forEach(field -> {
                    String name = kind.getKey() + "." + field.getKey();
                    if (field.getValue().isTextual() && KNOWN.containsKey(name)) {
                        settings.put(KNOWN.get(name), field.getValue().textValue());
                    } else if (field.getValue().isTextual()) {
                        about.put(name, field.getValue().textValue());
                    }
                }));
        if (!settings.containsKey(Setting.EMBEDDING_URL) && !settings.containsKey(Setting.RERANKING_URL)) {
            throw new UserError("nim.endpoints=" + file + " names no NIM; it needs embedding.url or reranking.url, like"
                    + " deploy/target/endpoints.json");
        }
        return new Endpoints(settings, about);
    }
}
