package nimload.deploy.genai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nimload.deploy.DeployException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The levels in the root project's simulations-data/published-grid.json, which the simulations measure too. */
public final class GenaiGrid {

    private static final JsonMapper JSON = new JsonMapper();

    private GenaiGrid() {}

    /**
     * Query, passage, reranking; within each, the shortest input and the lowest concurrency first.
     *
     * @throws DeployException if the file is missing or describes something that genai-perf cannot do
     */
    public static List<GenaiLevel> read(Path file) {
        try {
            JsonNode grid = JSON.readTree(Files.readString(file));
            List<GenaiLevel> levels = new ArrayList<>();
            for (GenaiLevel.Workload workload : GenaiLevel.Workload.values()) {
                JsonNode shape = grid.path(workload.toString());
                boolean reranking = workload == GenaiLevel.Workload.RERANKING;
                for (int tokens : numbers(file, shape, "tokens")) {
                    if (reranking && shape.path("queryTokens").asInt(tokens) != tokens) {
                        throw new DeployException(file + ": reranking.queryTokens is "
                                + shape.path("queryTokens") + " but passages have " + tokens
                                + " tokens, and genai-perf uses one length for both; make them equal");
                    }
                    for (int items : numbers(file, shape, reranking ? "passages" : "batch")) {
                        for (int concurrency : numbers(file, shape, "concurrency")) {
                            levels.add(new GenaiLevel(workload, tokens, items, concurrency));
                        }
                    }
                }
            }
            return levels;
        } catch (IOException | JacksonException e) {
            throw new DeployException(
                    file + ": cannot be read (" + e.getMessage() + "); restore it from the repository", e);
        }
    }

    private static List<Integer> numbers(Path file, JsonNode shape, String name) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode number : shape.path(name)) {
            numbers.add(number.asInt(0));
        }
        if (numbers.isEmpty() || numbers.stream().anyMatch(number -> number < 1)) {
            throw new DeployException(file + ": \"" + name
                    + "\" is not a list of whole numbers of at least 1; restore it from the repository");
        }
        return numbers;
    }
}
