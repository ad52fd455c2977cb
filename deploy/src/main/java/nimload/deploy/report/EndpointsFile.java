package nimload.deploy.report;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import nimload.deploy.DeployException;
import nimload.deploy.settings.Nim;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Hands the addresses over to the simulations: {@code -Dnim.endpoints=deploy/target/endpoints.json}. Unknown values are absent. */
public final class EndpointsFile {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;

    public EndpointsFile(Path file) {
        this.file = file;
    }

    /**
     * Writes the file, complete or not at all. A NIM missing from {@code endpoints} keeps its entry if the file belongs to the same context, so that
     * {@code up --only} for one NIM and then the other ends with both.
     */
    public void write(Instant created, String context, Map<Nim, Endpoint> endpoints) {
        alone(() -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("created", created.toString());
            json.put("context", context);
            JsonNode previous = read();
            for (Nim nim : Nim.values()) {
                if (endpoints.containsKey(nim)) {
                    json.put(nim.toString(), endpoints.get(nim).json());
                } else if (previous.has(nim.toString())
                        && context.equals(previous.path("context").asString(""))) {
                    json.put(nim.toString(), previous.get(nim.toString()));
                }
            }
            replace(json);
        });
    }

    private interface Change {
        void make() throws IOException;
    }

    /** What is read and written back must not change in between: another command may be at work in this checkout. */
    private void alone(Change change) {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock(); // until the channel is closed
                change.make();
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Removes a NIM that is being uninstalled; with the last one, the file is deleted. */
    public void remove(Nim nim) {
        if (!Files.exists(file)) {
            return;
        }
        alone(() -> {
            Map<String, Object> json = new LinkedHashMap<>();
            read().propertyStream().forEach(entry -> json.put(entry.getKey(), entry.getValue()));
            json.remove(nim.toString());
            if (json.keySet().stream().noneMatch(key -> key.equals("embedding") || key.equals("reranking"))) {
                Files.delete(file);
            } else {
                replace(json);
            }
        });
    }

    /** The file's content; an empty object if there is no file. */
    public JsonNode read() {
        try {
            return Files.exists(file) ? JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
        } catch (IOException | JacksonException e) {
            throw new DeployException(file + ": not valid JSON; delete it and run up again", e);
        }
    }

    private void replace(Map<String, Object> json) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, JSON.writeValueAsString(json) + System.lineSeparator());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private DeployException unwritable(IOException e) {
        return new DeployException(
                file + ": cannot be written (" + e.getMessage() + "); free up space or fix the permissions", e);
    }
}
