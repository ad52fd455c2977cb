package nimload.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.plan.SettingValues.Given;

/**
 * What a soak sends, and for how long.
 *
 * @param slices of equal length
 * @param slice length of each
 * @param rates requests per second of each workload of the mix
 * @param poisson whether arrivals are a Poisson process, or come at equal distances
 * @param inFlight the most requests in flight of one workload
 * @param continued the directory of a soak that was cut short, whose mix and slices hold; empty for a new one
 */
public record SoakSettings(
        int slices,
        Duration slice,
        Map<Workload, Double> rates,
        boolean poisson,
        int inFlight,
        Optional<Path> continued) {
    /** Ten days at slices of five minutes; each slice makes results.json larger. */
    static final int MOST_SLICES = 3000;

    private static final Duration DURATION = Duration.ofHours(1);
    /** The longest, unless the user says how long they are. */
    private static final Duration SLICE = Duration.ofMinutes(5);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Slices that a kill loses one of, and enough to see a trend. */
    private static final int FEWEST = 20;

    private static final int MOST_IN_FLIGHT = 4096;
    private static final int IN_FLIGHT = 128;
    private static final double MOST_RATE = 20_000;
    private static final Pattern NOTHING = Pattern.compile("0+(?:\\.0+)?");

    /** Little enough for the embedded NIM on a laptop. */
    private static final Map<Workload, Double> MIX =
            Map.of(Workload.QUERY, 50.0, Workload.PASSAGE, 1.0, Workload.RERANKING, 5.0);

    private static final Map<Workload, Setting> RATES = Map.of(
            Workload.QUERY,
            Setting.SOAK_QUERY,
            Workload.PASSAGE,
            Setting.SOAK_PASSAGE,
            Workload.RERANKING,
            Setting.SOAK_RERANKING);

    public SoakSettings {
        rates = Map.copyOf(rates);
    }

    /** @throws UserError for a value that is not right */
    public static SoakSettings read(SettingValues values) {
        Optional<Path> continued = values.read(Setting.SOAK_CONTINUE, SettingParser::path);
        if (continued.isPresent()) {
            refuseOthers(values);
        }
        Duration duration = values.read(Setting.SOAK_DURATION, given -> SettingParser.duration(given, SHORTEST))
                .orElse(DURATION);
        Duration slice = values.read(Setting.SOAK_SLICE, given -> SettingParser.duration(given, SHORTEST))
                .orElseGet(() -> slice(duration));
        return new SoakSettings(
                slices(values, duration, slice),
                slice,
                rates(values),
                values.read(Setting.SOAK_ARRIVALS, SettingParser::poisson).orElse(false),
                values.read(Setting.SOAK_IN_FLIGHT, given -> SettingParser.wholeNumber(given, 1, MOST_IN_FLIGHT))
                        .orElse(IN_FLIGHT),
                continued);
    }

    private static void refuseOthers(SettingValues values) {
        Stream.of(Setting.values())
                .filter(setting -> setting.property().startsWith("nim.soak.") && setting != Setting.SOAK_CONTINUE)
                .flatMap(setting -> values.find(setting).stream())
                .findFirst()
                .ifPresent(given -> {
                    throw new UserError(given.origin() + "=" + given.value()
                            + " is given with nim.soak.continue: a soak goes on as it began; leave it out");
                });
    }

    /**
     * The longest that fills the soak and is at most {@link #SLICE} and a twentieth of it, in whole seconds if there is one that
     * is no less than half as long. Only a soak of seconds may have longer ones, so that none is shorter than {@link #SHORTEST}.
     */
    private static Duration slice(Duration duration) {
        long millis = duration.toMillis();
        int most = (int) (millis / SHORTEST.toMillis());
        int wanted = Math.max(Math.min(FEWEST, most), (int) Math.ceil((double) millis / SLICE.toMillis()));
        int end = Math.min(2 * wanted, most);
        return Stream.of(
                        IntStream.rangeClosed(wanted, end).filter(slices -> millis % (1000L * slices) == 0),
                        IntStream.rangeClosed(wanted, end).filter(slices -> millis % slices == 0),
                        IntStream.iterate(wanted, slices -> 2 * slices >= wanted, slices -> slices - 1)
                                .filter(slices -> millis % slices == 0))
                .flatMapToInt(slices -> slices.limit(1))
                .mapToObj(slices -> Duration.ofMillis(millis / slices))
                .findFirst()
                .orElseThrow(() -> new UserError("nim.soak.duration=" + seconds(duration)
                        + ": no number of slices fills it; give whole seconds, or nim.soak.slice too"));
    }

    private static int slices(SettingValues values, Duration duration, Duration slice) {
        long slices = duration.toMillis() / slice.toMillis();
        boolean whole = duration.toMillis() % slice.toMillis() == 0;
        if (whole && slices <= MOST_SLICES) {
            return (int) slices;
        }
        String what = "nim.soak.duration=" + seconds(duration) + " with nim.soak.slice=" + seconds(slice) + ": ";
        if (!whole) {
            throw new UserError(what + "not a whole number of slices; give a duration that the slice divides, e.g."
                    + " -Dnim.soak.duration=" + seconds(slice.multipliedBy(slices + 1)));
        }
        throw new UserError(what + slices + " slices, and results.json has room for " + MOST_SLICES
                + "; give slices of at least " + (duration.toSeconds() / MOST_SLICES + 1) + "s");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static Map<Workload, Double> rates(SettingValues values) {
        Map<Workload, Double> given = new EnumMap<>(Workload.class);
        RATES.forEach((workload, setting) ->
                values.read(setting, SoakSettings::rate).ifPresent(rate -> given.put(workload, rate)));
        if (given.isEmpty()) {
            return MIX;
        }
        given.values().removeIf(rate -> rate == 0);
        if (given.isEmpty()) {
            throw new UserError(
                    "nim.soak.query, nim.soak.passage and nim.soak.reranking are 0 or absent: nothing would be"
                            + " sent; give one, e.g. -Dnim.soak.query=50");
        }
        return given;
    }

    private static double rate(Given given) {
        return NOTHING.matcher(given.value()).matches() ? 0 : SettingParser.rate(given, MOST_RATE, "50, or 0");
    }

    /** Of each workload of the mix the grid's first shape, arriving at its rate. */
    public List<LoadPoint> mix(List<LoadPoint> grid) {
        return Stream.of(Workload.values())
                .filter(rates::containsKey)
                .flatMap(workload -> grid.stream()
                        .filter(point -> point.workload() == workload)
                        .limit(1))
                .map(point -> point.atConcurrency(inFlight).at(Load.open(rates.get(point.workload()), poisson)))
                .toList();
    }

    /** The same, as an earlier soak was planned. */
    public SoakSettings as(List<LoadPoint> mix, int slicesOfAll, Duration length) {
        Map<Workload, Double> same = new EnumMap<>(Workload.class);
        mix.forEach(point -> same.put(point.workload(), point.load().requestsPerSecond()));
        return new SoakSettings(
                slicesOfAll,
                length,
                same,
                mix.get(0).load().isPoisson(),
                mix.get(0).concurrency(),
                continued);
    }
}
