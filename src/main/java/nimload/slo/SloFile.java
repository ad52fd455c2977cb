package nimload.slo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.YamlText;
import nimload.plan.Workload;
import nimload.results.Percentile;
import nimload.results.SloCheck;
import nimload.slo.LevelSelector.Range;

/** Reads an SLO from YAML. {@code simulations-data/slo.yaml} explains the format. */
public final class SloFile {
    /** The file that comes with nimload, on the class path: no limits, unless a user adds some. */
    private static final String RESOURCE = "/slo.yaml";

    private static final String FORMAT = "simulations-data/slo.yaml";

    private static final String KEYS = "the known ones are workload, inputTokens, itemsPerRequest, concurrency, "
            + Arrays.stream(Percentile.values()).map(Percentile::key).collect(Collectors.joining(", "))
            + ", errorShare, requestsPerSecond, itemsPerSecond, goodput";

    private SloFile() {}

    /**
     * @param file the user's; empty for the one that comes with nimload
     * @throws UserError if it cannot be read or holds something wrong, or if the user's file has no limits
     */
    public static Slo read(Optional<Path> file) {
        if (file.isEmpty()) {
            return parse(FORMAT, resource());
        }
        String source = file.get().toString();
        String text;
        try {
            text = Files.readString(file.get());
        } catch (IOException e) {
            throw new UserError(
                    "nim.slo=" + source + " cannot be read (" + e + "); give a YAML file in UTF-8 like"
                            + " simulations-data/slo.yaml",
                    e);
        }
        Slo slo = parse(source, text);
        if (slo.isEmpty()) {
            throw new UserError("nim.slo=" + source + " has no limits; add some as simulations-data/slo.yaml"
                    + " explains, or leave nim.slo out");
        }
        return slo;
    }

    /**
     * @param source the file, as messages name it
     * @throws UserError for the first mistake
     */
    static Slo parse(String source, String yaml) {
        List<Slo.Rule> rules = YamlText.parse(source, FORMAT, yaml)
                .map(root -> root.list()
                        .orElseThrow(() -> root.refused(
                                "is not a list", "start each group of limits with a dash, e.g. - p95: 250ms")))
                .orElse(List.of())
                .stream()
                .map(SloFile::rule)
                .toList();
        return new Slo(source, rules);
    }

    private static Slo.Rule rule(YamlText item) {
        Map<YamlText, YamlText> entries = item.mapping()
                .orElseThrow(() -> item.refused("is not a limit", "give its name and value, e.g. p95: 250ms"));
        Set<Workload> workloads = Set.of();
        List<Range> inputTokens = List.of();
        List<Range> itemsPerRequest = List.of();
        List<Range> concurrency = List.of();
        List<Limit> limits = new ArrayList<>();
        for (Map.Entry<YamlText, YamlText> entry : entries.entrySet()) {
            YamlText value = entry.getValue();
            switch (entry.getKey().text()) {
                case "workload" ->
                    workloads = chosen(value).stream().map(SloFile::workload).collect(Collectors.toSet());
                case "inputTokens" -> inputTokens = ranges(value);
                case "itemsPerRequest" -> itemsPerRequest = ranges(value);
                case "concurrency" -> concurrency = ranges(value);
                default -> limits.addAll(limits(entry.getKey(), value));
            }
        }
        if (limits.isEmpty()) {
            throw item.refused("selects levels but has no limit", "add one, e.g. p95: 250ms");
        }
        return new Slo.Rule(
                new LevelSelector(workloads, inputTokens, itemsPerRequest, concurrency), limits, item.place());
    }

    private static List<Limit> limits(YamlText key, YamlText value) {
        String name = key.text();
        Optional<Percentile> percentile = Percentile.of(name);
        if (percentile.isPresent()) {
            return List.of(new Limit.LatencyPercentile(percentile.get(), latency(value)));
        }
        return switch (name) {
            case "errorShare" ->
                List.of(new Limit.ErrorShare(
                        read(value, SloValues::share, "is not a percentage up to 100%", "give e.g. errorShare: 0.1%")));
            case "requestsPerSecond" -> List.of(new Limit.RequestsPerSecond(rate(name, value)));
            case "itemsPerSecond" -> List.of(new Limit.ItemsPerSecond(rate(name, value)));
            case "goodput" -> goodput(value);
            default -> throw key.refused("is not known", KEYS);
        };
    }

    private static List<Limit> goodput(YamlText value) {
        String right = "give e.g. goodput: {latency: 300ms, atLeast: 99%}";
        OptionalDouble withinMs = OptionalDouble.empty();
        List<YamlText> minima = List.of();
        for (Map.Entry<YamlText, YamlText> entry : value.mapping()
                .orElseThrow(() -> value.refused("is not a goodput limit", right))
                .entrySet()) {
            switch (entry.getKey().text()) {
                case "latency" -> withinMs = OptionalDouble.of(latency(entry.getValue()));
                case "atLeast" -> minima = chosen(entry.getValue());
                default -> throw entry.getKey().refused("is not known in goodput", right);
            }
        }
        if (withinMs.isEmpty() || minima.isEmpty()) {
            throw value.refused("lacks latency or atLeast, and goodput needs both", right);
        }
        List<Limit> limits = new ArrayList<>();
        for (YamlText minimum : minima) {
            boolean share = minimum.text().endsWith("%");
            OptionalDouble min = share ? SloValues.share(minimum.text()) : SloValues.rate(minimum.text());
            if (min.orElse(0) <= 0 || !share && !minimum.text().endsWith("/s")) {
                throw minimum.refused(
                        "is neither a percentage up to 100% nor a rate per second, above 0",
                        "give e.g. atLeast: 99%, atLeast: 50/s or atLeast: [99%, 50/s]");
            }
            limits.add(new Limit.Goodput(
                    withinMs.getAsDouble(), min.getAsDouble(), share ? SloCheck.SHARE : SloCheck.PER_SECOND));
        }
        return limits;
    }

    private static double latency(YamlText value) {
        return read(
                value,
                SloValues::latencyMillis,
                "is not a latency above 0",
                "give a number and its unit, ms or s, no finer than 1 µs, e.g. 250ms");
    }

    private static double rate(String name, YamlText value) {
        return read(
                value, SloValues::rate, "is not a rate per second above 0", "give the minimum, e.g. " + name + ": 100");
    }

    private static double read(YamlText value, Function<String, OptionalDouble> parser, String why, String right) {
        return parser.apply(value.text()).orElseThrow(() -> value.refused(why, right));
    }

    private static List<Range> ranges(YamlText value) {
        return chosen(value).stream()
                .map(part -> SloValues.range(part.text())
                        .orElseThrow(() -> part.refused(
                                "is neither a whole number from 1 nor a range", "give e.g. 5, 1-5 or [1, 3, 5-9]")))
                .toList();
    }

    private static List<YamlText> chosen(YamlText value) {
        List<YamlText> parts = value.oneOrMore();
        if (parts.isEmpty()) {
            throw value.refused("is empty", "give at least one value, or leave the key out");
        }
        return parts;
    }

    private static Workload workload(YamlText value) {
        return Workload.of(value.text())
                .orElseThrow(() -> value.refused(
                        "is not a workload",
                        "give one or more of "
                                + Arrays.stream(Workload.values())
                                        .map(Workload::key)
                                        .collect(Collectors.joining(", "))));
    }

    private static String resource() {
        try (InputStream in = SloFile.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable on the class path: " + RESOURCE, e);
        }
    }
}
