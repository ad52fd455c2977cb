package nimload.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;

/** JSON of any source as a run: what it lacks is refused here, so that nothing that is made from a run has to look. */
final class RunJson {
    private RunJson() {}

    /** @throws IllegalArgumentException if it is not a run; the message says where and what in one line */
    static RunResults run(JsonNode json) {
        requireRun(json);
        try {
            RunResults run = ResultsFile.MAPPER.treeToValue(json, RunResults.class);
            // Of the records, since Jackson takes texts like "NaN" for numbers too.
            requireFinite("", ResultsFile.MAPPER.valueToTree(run));
            run.levels().forEach(RunJson::requireHistograms);
            requireEachLevelOnce(run.levels());
            return run;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(problem(e), e);
        }
    }

    /** What files of every version have; other JSON, such as comparison.json, has not all of it. */
    private static void requireRun(JsonNode json) {
        List<String> missing = Stream.of("run", "started", "levels")
                .filter(name -> !json.hasNonNull(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("it has no " + String.join(", no ", missing));
        }
    }

    private static void requireFinite(String path, JsonNode json) {
        if (json.isDouble() && !Double.isFinite(json.doubleValue())) {
            throw new IllegalArgumentException(path + ": " + json.doubleValue() + " is not a finite number");
        }
        json.properties().forEach(field -> requireFinite(join(path, field.getKey()), field.getValue()));
        for (int i = 0; json.isArray() && i < json.size(); i++) {
            requireFinite(path + "[" + i + "]", json.get(i));
        }
    }

    private static void requireHistograms(LevelResults level) {
        requireHistogram(level, "latencyHistogram", level.latencyHistogram());
        requireHistogram(
                level, "responseHistogram", level.throughput().arrivals().flatMap(Arrivals::responseHistogram));
    }

    private static void requireHistogram(LevelResults level, String name, Optional<EncodedHistogram> histogram) {
        try {
            histogram.ifPresent(EncodedHistogram::decode);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(level.name() + ": " + name + ": " + e.getMessage(), e);
        }
    }

    /** With two, a comparison would not know which to take. */
    private static void requireEachLevelOnce(List<LevelResults> levels) {
        Set<LoadPoint> seen = new HashSet<>();
        for (LevelResults level : levels) {
            if (!seen.add(level.point())) {
                throw new IllegalArgumentException("it holds " + level.point().description() + " more than once");
            }
        }
    }

    /** {@code levels[0]: workload is missing}. */
    private static String problem(JsonProcessingException e) {
        String what = e.getOriginalMessage();
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            what = e.getCause().getMessage();
        } else if (e instanceof InvalidFormatException format) {
            what = "\"" + format.getValue() + "\" is not a valid "
                    + format.getTargetType().getSimpleName();
        } else if (e instanceof MismatchedInputException mismatch
                && mismatch.getTargetType() != null
                && Collection.class.isAssignableFrom(mismatch.getTargetType())) {
            what = "is not a list";
        }
        String where = e instanceof JsonMappingException mapping ? where(mapping) : "";
        return ((where.isEmpty() ? "" : where + ": ") + what).replaceAll("\\s+", " ");
    }

    private static String where(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .reduce("", (path, step) -> step.startsWith("[") ? path + step : join(path, step));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
