package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.UserError;

/**
 * A run as lines of a log, for where no file can be kept: {@code nimload-run {…}} is a {@link RunResults}
 * without its levels, {@code nimload-level {…}} a {@link LevelResults}, {@code nimload-slice {…}} a {@link SoakSlice}, each as JSON in ASCII. Reading takes a whole log,
 * with whatever stands before, between and after these lines, and in whatever order they come.
 */
public final class ResultsLog {
    /**
     * Longest line, in characters: container runtimes cut lines at 16 KiB, and not every viewer joins the pieces again.
     */
    static final int LONGEST = 15_000;

    /** Of the histogram's values here: exact to 0.1 %, where those of results.json are exact to 0.001 %. */
    static final int HISTOGRAM_DIGITS = 3;

    /** What stays out of a line that is too long, the least needed first; paths into the level's JSON. */
    private static final List<String> DISPENSABLE =
            List.of("/server/series", "/timeline", "/latencyHistogram", "/arrivals/responseHistogram");

    private static final String LEFT_OUT = "leftOut";
    private static final String FINISHED = "levelsFinished";
    private static final String RUN = "nimload-run";
    private static final String LEVEL = "nimload-level";
    private static final String SLICE = "nimload-slice";
    private static final Pattern LINE = Pattern.compile("(" + RUN + "|" + LEVEL + "|" + SLICE + ") (\\{\".*)");
    private static final Pattern RUN_LINE = Pattern.compile(RUN + " \\{\"");

    private static final JsonMapper MAPPER = ResultsFile.MAPPER
            .rebuild()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_ABSENT))
            .build();

    private ResultsLog() {}

    /** The line of a run: printed as it starts, and again as it ends, when it is known what came of the whole. */
    public static String line(RunResults run) {
        ObjectNode json = MAPPER.valueToTree(run);
        json.remove("levels");
        if (json.path("soak") instanceof ObjectNode soak) {
            soak.remove("slices");
        }
        json.put(FINISHED, run.levels().size());
        return line(RUN, json);
    }

    /** The line of a level. A line that would be too long lists what it leaves out. */
    public static String line(LevelResults level) {
        ObjectNode json = MAPPER.valueToTree(level);
        level.latencyHistogram()
                .ifPresent(histogram -> json.set(
                        "latencyHistogram", MAPPER.valueToTree(histogram.withSignificantDigits(HISTOGRAM_DIGITS))));
        level.throughput()
                .arrivals()
                .flatMap(Arrivals::responseHistogram)
                .ifPresent(histogram -> ((ObjectNode) json.get("arrivals"))
                        .set(
                                "responseHistogram",
                                MAPPER.valueToTree(histogram.withSignificantDigits(HISTOGRAM_DIGITS))));
        String line = line(LEVEL, json);
        for (String path : DISPENSABLE) {
            int name = path.lastIndexOf('/');
            if (line.length() > LONGEST
                    && json.at(path.substring(0, name)) instanceof ObjectNode parent
                    && parent.remove(path.substring(name + 1)) != null) {
                json.withArray(LEFT_OUT).add(path.substring(1));
                line = line(LEVEL, json);
            }
        }
        return line;
    }

    /** The line of a soak's slice. */
    public static String line(SoakSlice slice) {
        return line(SLICE, MAPPER.valueToTree(slice));
    }

    private static String line(String name, JsonNode json) {
        try {
            return name + " " + MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that is no JSON", e);
        }
    }

    /** Whether a text is a log with a run in it. */
    static boolean holdsRun(String text) {
        return RUN_LINE.matcher(text).find();
    }

    /**
     * The run in a log. Of several lines of a level the one with the most repeats counts, of those of the run the one with
     * the most levels, and of these the last. Lines that were cut off do not count, and a note says so.
     *
     * @throws UserError if there is no run in it, or more than one
     * @throws IllegalArgumentException if its lines do not hold what a run has; says what
     */
    public static RunResults parse(String log) {
        Map<String, JsonNode> runs = new LinkedHashMap<>();
        Map<String, JsonNode> levels = new LinkedHashMap<>();
        Map<Integer, JsonNode> slices = new TreeMap<>();
        int cut = 0;
        for (String line : (Iterable<String>) log.lines()::iterator) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.find()) {
                continue;
            }
            try {
                // The first JSON value; what follows on the line is the log's own.
                JsonNode json = MAPPER.readTree(matcher.group(2));
                if (matcher.group(1).equals(RUN)) {
                    runs.merge(json.path("started").asText(), json, (a, b) -> finished(a) > finished(b) ? a : b);
                } else if (matcher.group(1).equals(SLICE)) {
                    slices.put(json.path("number").asInt(), json);
                } else {
                    levels.merge(json.path("name").asText(), json, (a, b) -> repeats(a) > repeats(b) ? a : b);
                }
            } catch (JsonProcessingException e) {
                cut++;
            }
        }
        if (runs.size() != 1) {
            throw new UserError("the log holds " + (runs.isEmpty() ? "no whole" : "more than one run's") + " line "
                    + RUN + " {…}; copy the log of one run, from its first line to its last");
        }
        ObjectNode run = (ObjectNode) runs.values().iterator().next();
        if (run.path("soak") instanceof ObjectNode soak) {
            soak.putArray("slices").addAll(slices.values());
        }
        return run(run, levels.values(), cut);
    }

    private static RunResults run(ObjectNode json, Collection<JsonNode> levels, int cut) {
        ArrayNode notes = MAPPER.createArrayNode().add("Read from a log: histograms are exact to 0.1 %.");
        TreeSet<String> leftOut = new TreeSet<>();
        levels.forEach(level -> level.path(LEFT_OUT).forEach(path -> leftOut.add(path.asText())));
        if (!leftOut.isEmpty()) {
            notes.add("Some levels of the log lack " + String.join(", ", leftOut) + ": too long for its lines.");
        }
        if (cut > 0) {
            notes.add("Lines of the log were cut off: " + cut + ". A level may be missing or lack its last repeats.");
        }
        // Notes that are no list are refused below, with all else that is not as it should be.
        if (json.path("notes").isMissingNode() || json.path("notes").isArray()) {
            json.withArray("notes").addAll(notes);
        }
        json.putArray("levels").addAll(levels);
        int wanted = json.path("repeats").asInt(1);
        json.put(
                "complete",
                levels.size() == json.path("levelsPlanned").asInt()
                        && levels.stream().allMatch(level -> repeats(level) >= wanted));
        return RunJson.run(json);
    }

    private static int finished(JsonNode run) {
        return run.path(FINISHED).asInt();
    }

    private static int repeats(JsonNode level) {
        return level.path("repeats").size();
    }
}
