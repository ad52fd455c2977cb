package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
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

    /** Likewise of a run's line: lists in it, and a path into each of their elements. */
    private static final List<List<String>> DISPENSABLE_OF_RUN = List.of(
            List.of("/pipeline/levels", "/arrivals/responseHistogram"),
            List.of("/pipeline/levels", "/latencyHistogram"),
            List.of("/capacity", "/steps"));

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

    /**
     * The line of a run: printed as it starts, and again as it ends, when it is known what came of the whole. A line that would
     * be too long lists what it leaves out.
     */
    public static String line(RunResults run) {
        ObjectNode json = MAPPER.valueToTree(run);
        json.remove("levels");
        if (json.path("soak") instanceof ObjectNode soak) {
            soak.remove("slices");
        }
        json.put(FINISHED, run.levels().size());
        for (JsonNode searches : json.at("/pipeline/levels")) {
            shorten((ObjectNode) searches);
        }
        String line = line(RUN, json);
        for (List<String> path : DISPENSABLE_OF_RUN) {
            if (line.length() > LONGEST && removeFromEach(json.at(path.get(0)), path.get(1))) {
                json.withArray(LEFT_OUT).add(path.get(0).substring(1) + path.get(1));
                line = line(RUN, json);
            }
        }
        return line;
    }

    /** Its histograms are exact to as many digits as a log's. */
    private static void shorten(ObjectNode searches) {
        shorten(searches, "latencyHistogram");
        if (searches.path("arrivals") instanceof ObjectNode arrivals) {
            shorten(arrivals, "responseHistogram");
        }
    }

    private static void shorten(ObjectNode parent, String name) {
        if (parent.hasNonNull(name)) {
            try {
                EncodedHistogram histogram = MAPPER.treeToValue(parent.get(name), EncodedHistogram.class);
                parent.set(name, MAPPER.valueToTree(histogram.withSignificantDigits(HISTOGRAM_DIGITS)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a histogram that cannot be read back", e);
            }
        }
    }

    /** Whether there was something to remove. */
    private static boolean removeFromEach(JsonNode list, String path) {
        boolean removed = false;
        for (JsonNode one : list) {
            removed |= remove(one, path);
        }
        return removed;
    }

    private static boolean remove(JsonNode json, String path) {
        int name = path.lastIndexOf('/');
        return json.at(path.substring(0, name)) instanceof ObjectNode parent
                && parent.remove(path.substring(name + 1)) != null;
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
            if (line.length() > LONGEST && remove(json, path)) {
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
        } else if (!slices.isEmpty()) {
            throw new IllegalArgumentException(
                    "it holds slices of a soak, and its line " + RUN + " {…} says nothing of a soak");
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
        if (json.remove(LEFT_OUT) instanceof ArrayNode lacking) {
            List<String> paths = new ArrayList<>();
            lacking.forEach(path -> paths.add(path.asText()));
            notes.add("The run's line in the log lacks " + String.join(", ", paths) + ": too long for it.");
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
