package nimload.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.capacity.Limit;
import nimload.plan.SettingValues.Given;

/**
 * How the capacity of a NIM is searched.
 *
 * @param by what is raised until the limits break
 * @param limits that must hold; empty: the workload's own
 * @param poisson whether arrivals are a Poisson process, or come at equal distances
 * @param start the first rate per second, or concurrency; empty: from the time of a few single requests
 * @param most highest rate per second, or concurrency
 * @param inFlight the most requests in flight of an open step
 * @param precision distance of the answer's two ends, as a share
 * @param longest of one search, without the pauses between its steps
 * @param rates requests per second of fixed steps, instead of a search; empty: a search
 */
public record CapacitySettings(
        By by,
        List<Limit> limits,
        boolean poisson,
        OptionalDouble start,
        double most,
        int inFlight,
        double precision,
        Duration longest,
        List<Double> rates) {

    /** What is raised. */
    public enum By {
        /** Requests per second, which arrive whatever the answers do. */
        RATE(20_000),
        /** Users, each of whom sends again after its answer. */
        CONCURRENCY(256);

        private final double most;

        By(double most) {
            this.most = most;
        }

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern LIMIT = Pattern.compile("p(50|90|95|99)<=(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s)");
    private static final Pattern ERRORS = Pattern.compile("errors<=(\\d{1,2}(?:\\.\\d{1,3})?)%");
    private static final int MOST_IN_FLIGHT = 4096;
    private static final int IN_FLIGHT = 512;
    private static final double PRECISION = 0.05;
    private static final double LOWEST_PRECISION = 0.005;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    /** @throws nimload.UserError for a value that is not right */
    public static CapacitySettings read(SettingValues values) {
        By by = values.read(Setting.CAPACITY_BY, given -> SettingParser.oneOf(given, By.values(), By::key))
                .orElse(By.RATE);
        double most =
                values.read(Setting.CAPACITY_MAX, given -> number(given, by)).orElse(by.most);
        Optional<Double> start = values.read(Setting.CAPACITY_START, given -> {
            double first = number(given, by);
            if (first > most) {
                throw SettingParser.refused(given, "above nim.capacity.max, " + text(most), "give a lower one");
            }
            return first;
        });
        double precision = values.read(Setting.CAPACITY_PRECISION, given -> {
                    double share = SettingParser.percent(given);
                    if (share < LOWEST_PRECISION) {
                        throw SettingParser.refused(given, "too narrow to be found", "give at least 0.5%");
                    }
                    return share;
                })
                .orElse(PRECISION);
        return new CapacitySettings(
                by,
                values.read(Setting.CAPACITY_LIMIT, CapacitySettings::limits).orElse(List.of()),
                values.read(Setting.CAPACITY_ARRIVALS, SettingParser::poisson).orElse(true),
                start.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                most,
                values.read(Setting.CAPACITY_IN_FLIGHT, given -> SettingParser.wholeNumber(given, 1, MOST_IN_FLIGHT))
                        .orElse(IN_FLIGHT),
                precision,
                values.read(Setting.CAPACITY_MAX_DURATION, given -> SettingParser.duration(given, SHORTEST))
                        .orElse(LONGEST),
                values.read(Setting.CAPACITY_RATES, given -> rates(given, by)).orElse(List.of()));
    }

    private static List<Double> rates(Given given, By by) {
        if (by == By.CONCURRENCY) {
            throw SettingParser.refused(
                    given, "rates, and nim.capacity.by=concurrency", "give one of the two; grids have users");
        }
        List<Double> rates = new ArrayList<>();
        for (String part : given.value().split(",", -1)) {
            double rate = number(given.with(part.strip()), by);
            if (!rates.isEmpty() && rate <= rates.get(rates.size() - 1)) {
                throw SettingParser.refused(
                        given,
                        "not rising",
                        "give each rate once, the lowest first, " + SettingParser.example(given, "50,100,200"));
            }
            rates.add(rate);
        }
        return rates;
    }

    /** Arrivals at this rate per second. */
    public Load load(double rate) {
        return Load.open(rate, poisson);
    }

    private static double number(Given given, By by) {
        return switch (by) {
            case RATE -> SettingParser.rate(given, by.most, "20");
            case CONCURRENCY -> SettingParser.wholeNumber(given, 1, (int) by.most);
        };
    }

    private static List<Limit> limits(Given given) {
        List<Limit> limits = new ArrayList<>();
        for (String part : given.value().split(",")) {
            Matcher latency = LIMIT.matcher(part.strip().replace(" ", ""));
            Matcher errors = ERRORS.matcher(part.strip().replace(" ", ""));
            if (latency.matches() && Double.parseDouble(latency.group(2)) > 0) {
                double unit = latency.group(3).equals("s") ? 1000 : 1;
                limits.add(Limit.percentile(
                        Double.parseDouble(latency.group(1)), unit * Double.parseDouble(latency.group(2))));
            } else if (errors.matches() && Double.parseDouble(errors.group(1)) > 0) {
                limits.add(Limit.errors(Double.parseDouble(errors.group(1)) / 100));
            } else {
                throw SettingParser.refused(
                        given,
                        "\"" + part.strip() + "\" is not a limit",
                        "give p50, p90, p95 or p99 and the longest response time, and with a comma the most failed"
                                + " requests if you like, "
                                + SettingParser.example(given, "'p95<=20ms,errors<=1%'"));
            }
        }
        return limits;
    }

    private static String text(double number) {
        return Long.toString(Math.round(number));
    }

    /** Those of a workload: the user's, or what a search page can wait for. */
    public List<Limit> limitsOf(Workload workload) {
        if (!limits.isEmpty()) {
            return limits;
        }
        return List.of(Limit.percentile(
                95,
                switch (workload) {
                    case QUERY -> 20;
                    case PASSAGE, RERANKING -> 500;
                }));
    }
}
