package nimload.deploy.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import nimload.deploy.DeployException;
import nimload.deploy.settings.Nim;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The root project's simulations-data/published-grid.json as another tool measures it: a script for tool.sh, one line per level. */
public final class ToolLevels {

    private static final String COMMAND = "tool.sh";
    private static final String LEVELS = "levels.sh";

    private static final JsonMapper JSON = new JsonMapper();

    /** Where the requests of one NIM go. */
    public record Target(String url, String model) {}

    private ToolLevels() {}

    /** The command line in the pod; {@code run} names the folder of the results. */
    public static List<String> command(Tool tool, String run) {
        return List.of(
                "sh", "/input/" + COMMAND, tool.program(), tool.export(), tool.imageSetting(), run, artifacts(tool));
    }

    /** The tool's raw files, in the pod. */
    private static String artifacts(Tool tool) {
        return "/work/" + tool.program();
    }

    /** What the command reads, by name. */
    public static Map<String, String> files(
            Tool tool, Path grid, Map<Nim, Target> targets, Optional<String> tokenizer) {
        try (InputStream in = ToolLevels.class.getResourceAsStream(COMMAND)) {
            return Map.of(
                    COMMAND,
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    LEVELS,
                    script(tool, grid, targets, tokenizer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Query, passage, reranking; within each, the shortest input and the lowest concurrency first. Workloads without a target are left out.
     *
     * @throws DeployException if the file is missing or describes something that the tool cannot do
     */
    static String script(Tool tool, Path grid, Map<Nim, Target> targets, Optional<String> tokenizer) {
        try {
            JsonNode shapes = JSON.readTree(Files.readString(grid));
            Properties templates = templates(tool);
            StringBuilder lines = new StringBuilder();
            for (String workload : List.of("query", "passage", "reranking")) {
                Nim nim = workload.equals("reranking") ? Nim.RERANKING : Nim.EMBEDDING;
                if (targets.containsKey(nim)) {
                    Map<String, String> same = Map.of(
                            "workload", workload,
                            "url", word(targets.get(nim).url().replaceFirst("/+$", "")),
                            "model", word(targets.get(nim).model()),
                            "artifacts", artifacts(tool),
                            "tokenizer",
                                    tokenizer
                                            .or(tool::tokenizer)
                                            .map(name -> " --tokenizer " + word(name))
                                            .orElse(""));
                    String template = fill(templates.getProperty(nim.toString()), same);
                    levels(tool, grid, shapes.path(workload), workload)
                            .forEach(
                                    level -> lines.append(fill(template, level)).append('\n'));
                }
            }
            return lines.toString();
        } catch (IOException | JacksonException e) {
            throw new DeployException(
                    grid + ": cannot be read (" + e.getMessage() + "); restore it from the repository", e);
        }
    }

    private static List<Map<String, String>> levels(Tool tool, Path grid, JsonNode shape, String workload) {
        boolean reranking = workload.equals("reranking");
        List<Map<String, String>> levels = new ArrayList<>();
        for (int tokens : numbers(grid, shape, "tokens")) {
            int queryTokens = shape.path("queryTokens").asInt(tokens);
            if (tool == Tool.GENAI_PERF && reranking && queryTokens != tokens) {
                throw new DeployException(grid + ": reranking.queryTokens is " + shape.path("queryTokens")
                        + " but passages have " + tokens
                        + " tokens, and genai-perf uses one length for both; make them equal");
            }
            for (int items : numbers(grid, shape, reranking ? "passages" : "batch")) {
                for (int concurrency : numbers(grid, shape, "concurrency")) {
                    levels.add(Map.of(
                            "tokens", "" + tokens,
                            "queryTokens", "" + queryTokens,
                            "items", "" + items,
                            "concurrency", "" + concurrency));
                }
            }
        }
        return levels;
    }

    private static List<Integer> numbers(Path grid, JsonNode shape, String name) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode number : shape.path(name)) {
            numbers.add(number.asInt(0));
        }
        if (numbers.isEmpty() || numbers.stream().anyMatch(number -> number < 1)) {
            throw new DeployException(grid + ": \"" + name
                    + "\" is not a list of whole numbers of at least 1; restore it from the repository");
        }
        return numbers;
    }

    private static Properties templates(Tool tool) throws IOException {
        Properties templates = new Properties();
        try (InputStream in = ToolLevels.class.getResourceAsStream(tool.program() + ".properties");
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            templates.load(reader);
        }
        return templates;
    }

    private static String fill(String template, Map<String, String> values) {
        String text = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    /** Quoted for sh. */
    private static String word(String text) {
        return text.matches("[A-Za-z0-9_./:,=+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
