package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import nimload.UserError;

/** {@code results.json} as text, and back. Fields that a later version adds are passed over. */
public final class ResultsFile {
    /** Its name in a run's directory. */
    public static final String NAME = "results.json";

    /** Beside the runs' directories, the newest of them: a link, or where there are none a file that holds its name. */
    public static final String LATEST = "latest";

    static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // No list and no map of these records has room for null.
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    private ResultsFile() {}

    /** Any records as JSON in the manner of this file: what is not known is left out. */
    public static String json(Object records) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(records) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records that are no JSON", e);
        }
    }

    /** @throws JsonProcessingException if it is not one of any version */
    public static RunResults parse(String json) throws JsonProcessingException {
        return MAPPER.readValue(json, RunResults.class);
    }

    /**
     * A part of such a file.
     *
     * @throws JsonProcessingException if it is not one
     */
    public static <T> T parse(JsonNode part, Class<T> type) throws JsonProcessingException {
        return MAPPER.treeToValue(part, type);
    }

    /**
     * The file that is read for a path.
     *
     * @param path a file, a run's directory, or {@code latest} that holds a run's name
     * @throws UserError if {@code latest} is not readable
     */
    public static Path find(Path path) {
        if (Files.isDirectory(path)) {
            return path.resolve(NAME);
        }
        if (!path.endsWith(LATEST) || !Files.isRegularFile(path)) {
            return path;
        }
        try {
            String name = Files.readString(path).strip();
            return name.matches("[\\w-]+") ? path.resolveSibling(name).resolve(NAME) : path;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * @param path a results.json, a run's directory, or a log with a run's lines in it, see {@link ResultsLog}
     * @throws UserError if it is not there, not readable, no run or of a later version
     */
    public static RunResults read(Path path) {
        Path file = find(path);
        try {
            // Logs come from many places, not all of them in clean UTF-8.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (ResultsLog.holdsRun(text)) {
                RunResults run = ResultsLog.parse(text);
                requireKnownVersion(file, run.schema());
                return run;
            }
            JsonNode json = MAPPER.readTree(text);
            requireKnownVersion(file, json.path("schema").asInt());
            return RunJson.run(json);
        } catch (JsonProcessingException e) {
            throw noRun(file, e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw noRun(file, e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UserError unreadable(Path file, IOException cause) {
        return new UserError(file + " cannot be read (" + cause + "); give a results.json or a run's directory", cause);
    }

    private static void requireKnownVersion(Path file, int version) {
        if (version > RunResults.SCHEMA) {
            throw new UserError(file + " is of schema version " + version + ", and this nimload knows up to "
                    + RunResults.SCHEMA + "; use a newer nimload");
        }
    }

    private static UserError noRun(Path file, String why, Exception cause) {
        return new UserError(
                file + " is not a nimload results.json (" + why
                        + "); give one, a run's directory, or a log with its line nimload-run {…}",
                cause);
    }
}
