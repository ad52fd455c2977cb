package nimload.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import nimload.Spelling;
import nimload.UserError;
import nimload.YamlText;
import nimload.plan.SettingValues.Given;

/**
 * The levels of a run, before the user's own lists. {@code src/docs/grids.md} explains the format of a file.
 *
 * @param name as in {@code nim.grid}
 * @param workloads the levels of each; one that is missing does not run
 * @param repeat how often the whole grid runs; empty: as {@code nim.repeat} says
 */
public record Grid(String name, Map<Workload, WorkloadGrid> workloads, OptionalInt repeat) {
    private static final String FORMAT = "src/docs/grids.md";
    private static final String REPEAT = "repeat";

    /** Grids that come with nimload, by name: resources of the class path. */
    private static final Map<String, String> NAMED = Map.of(
            "published",
            "/published-grid.json",
            "rag-blueprint",
            "/rag-blueprint.yaml",
            PipelineSettings.GRID,
            "/retrieval-pipeline.yaml");

    public Grid {
        workloads = Map.copyOf(workloads);
    }

    /** The same levels, for a program that does not repeat them because a grid says so. */
    public Grid once() {
        return new Grid(name, workloads, OptionalInt.empty());
    }

    /** Whether a value of {@code nim.grid} names a file rather than a grid that comes with nimload. */
    public static boolean isFile(String value) {
        return value.matches("(?i).*\\.(json|ya?ml)");
    }

    /** @throws UserError if no grid has this name */
    public static Grid named(Given given) {
        String name = given.value();
        if (!NAMED.containsKey(name)) {
            throw new UserError(given.origin() + "=" + name + ": no grid has this name; did you mean "
                    + Spelling.nearest(name, NAMED.keySet()) + "? Give one of "
                    + String.join(", ", NAMED.keySet().stream().sorted().toList())
                    + ", or a file that ends with .yaml, .yml or .json");
        }
        return named(name);
    }

    static Grid named(String name) {
        String resource = NAMED.get(name);
        try (InputStream in = Grid.class.getResourceAsStream(resource)) {
            return parse(name, "simulations-data" + resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable on the class path: " + resource, e);
        }
    }

    /**
     * @param source the file, as messages name it
     * @param text YAML or JSON
     * @throws UserError for the first mistake, with its line and column
     */
    public static Grid parse(String name, String source, String text) {
        // JSON may be indented with tabs, YAML may not; neither has one within a text.
        YamlText root = YamlText.parse(source, FORMAT, text.replace('\t', ' '))
                .orElseThrow(
                        () -> new UserError(source + " has no levels; give a workload's, as " + FORMAT + " explains"));
        Map<Workload, WorkloadGrid> workloads = new EnumMap<>(Workload.class);
        OptionalInt repeat = OptionalInt.empty();
        for (Map.Entry<YamlText, YamlText> entry : mapping(
                        root, "a grid", "give e.g. query: {tokens: 20, batch: 1, concurrency: 1-15/2}")
                .entrySet()) {
            YamlText key = entry.getKey();
            if (key.text().equals(REPEAT)) {
                repeat = OptionalInt.of(number(REPEAT, entry.getValue(), 1, Settings.Phases.MAX_REPEATS));
            } else {
                Workload workload = Workload.of(key.text()).orElseThrow(() -> unknown(key, names()));
                workloads.put(workload, workload(workload, key, entry.getValue()));
            }
        }
        if (workloads.isEmpty()) {
            throw root.error(
                    "no workload has levels", "give those of query, passage or reranking, as " + FORMAT + " explains");
        }
        return new Grid(name, workloads, repeat);
    }

    /**
     * The levels of each workload, with the user's own lists in place of this grid's.
     *
     * @throws UserError for a list of a workload that this grid does not have, and for too many levels
     */
    Map<Workload, WorkloadGrid> with(SettingValues values) {
        Map<Workload, WorkloadGrid> all = new EnumMap<>(Workload.class);
        for (Workload workload : Workload.values()) {
            WorkloadGrid own = workloads.get(workload);
            if (own == null) {
                refuseListsOf(workload, values);
            } else {
                all.put(workload, own.with(new SettingLists(workload, values)));
            }
        }
        long levels = all.values().stream().mapToLong(WorkloadGrid::levels).sum();
        if (levels > NumberList.MOST) {
            throw new UserError(
                    "the grid " + name + ", with the lists that you gave, has " + levels + " levels, more than "
                            + NumberList.MOST + "; give shorter lists, e.g. -Dnim.query.concurrency=1-15/2");
        }
        return all;
    }

    private void refuseListsOf(Workload workload, SettingValues values) {
        for (String list : WorkloadGrid.names(workload)) {
            values.find(SettingLists.setting(workload, list)).ifPresent(given -> {
                throw SettingParser.refused(
                        given,
                        "the grid " + name + " has no levels of " + workload.key(),
                        "leave it out, or give a nim.grid that has some");
            });
        }
    }

    private record SettingLists(Workload workload, SettingValues values) implements WorkloadGrid.Source {
        private static Setting setting(Workload workload, String name) {
            return Setting.of(Setting.PREFIX + workload.key() + "." + name).orElseThrow();
        }

        @Override
        public Optional<List<TextLength>> lengths(String name) {
            return values.read(setting(workload, name), SettingParser::lengths);
        }

        @Override
        public Optional<List<Integer>> numbers(String name, int min, int max) {
            return values.read(setting(workload, name), given -> SettingParser.wholeNumbers(given, min, max));
        }

        @Override
        public Optional<Integer> number(String name, int min, int max) {
            return values.read(setting(workload, name), given -> SettingParser.wholeNumber(given, min, max));
        }
    }

    private static List<String> names() {
        return Stream.concat(Arrays.stream(Workload.values()).map(Workload::key), Stream.of(REPEAT))
                .toList();
    }

    private static WorkloadGrid workload(Workload workload, YamlText key, YamlText value) {
        List<String> names = WorkloadGrid.names(workload);
        Map<String, YamlText> lists = new HashMap<>();
        mapping(value, "a workload's levels", "give " + String.join(", ", names))
                .forEach((name, list) -> {
                    if (!names.contains(name.text())) {
                        throw unknown(name, names);
                    }
                    lists.put(name.text(), list);
                });
        for (String name : names) {
            if (!lists.containsKey(name)) {
                throw key.refused("has no " + name, "give " + String.join(", ", names));
            }
        }
        return WorkloadGrid.of(workload, new WorkloadGrid.Source() {
            @Override
            public Optional<List<TextLength>> lengths(String name) {
                return Optional.of(
                        list(name, lists.get(name), TextLength.FEWEST, TextLength.MOST, NumberList::lengths));
            }

            @Override
            public Optional<List<Integer>> numbers(String name, int min, int max) {
                return Optional.of(list(name, lists.get(name), min, max, NumberList::numbers));
            }

            @Override
            public Optional<Integer> number(String name, int min, int max) {
                return Optional.ofNullable(lists.get(name)).map(number -> Grid.number(name, number, min, max));
            }
        });
    }

    /** Of a text such as {@code 1-15/2}, or of a list of such texts. */
    private static <T> List<T> list(
            String name, YamlText value, int min, int max, BiFunction<NumberList, String, List<T>> read) {
        List<T> all = new ArrayList<>();
        for (YamlText part : value.oneOrMore()) {
            NumberList list = format(name, part, min, max);
            for (T one : read.apply(list, part.text())) {
                if (all.contains(one)) {
                    throw list.twice(one.toString());
                }
                all.add(one);
            }
        }
        if (all.isEmpty()) {
            throw value.error(name + " is an empty list", "give at least one number, e.g. " + name + ": " + min);
        }
        return all;
    }

    private static int number(String name, YamlText value, int min, int max) {
        return format(name, value, min, max).number(value.text());
    }

    private static NumberList format(String name, YamlText value, int min, int max) {
        return new NumberList(min, max, "e.g. " + name + ": " + min, value::error);
    }

    private static UserError unknown(YamlText key, List<String> known) {
        return key.refused(
                "is not known",
                "did you mean " + Spelling.nearest(key.text(), known) + "? Known: " + String.join(", ", known));
    }

    private static Map<YamlText, YamlText> mapping(YamlText value, String what, String right) {
        return value.mapping().orElseThrow(() -> value.refused("is not " + what, right));
    }
}
