package nimload.plan;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.plan.SettingValues.Given;

/** Parses the text of a setting, or refuses it in one line: what, the value, what would be right. */
final class SettingParser {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private static final Map<String, ChronoUnit> UNITS =
            Map.of("ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS);

    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?)%");

    private static final Pattern RATE = Pattern.compile("\\d{1,9}(?:\\.\\d{1,6})?");

    private SettingParser() {}

    static List<Integer> wholeNumbers(Given given, int min, int max) {
        return list(given, min, max).numbers(given.value());
    }

    /** Lengths of texts in tokens. */
    static List<TextLength> lengths(Given given) {
        return list(given, TextLength.FEWEST, TextLength.MOST).lengths(given.value());
    }

    static int wholeNumber(Given given, int min, int max) {
        return list(given, min, max).number(given.value());
    }

    private static NumberList list(Given given, int min, int max) {
        return new NumberList(min, max, example(given, "" + min), (why, right) -> refused(given, why, right));
    }

    /** {@code 5%} or {@code 2.5%} as 0.05 or 0.025; up to 100 %. */
    static double percent(Given given) {
        Matcher percent = PERCENT.matcher(given.value());
        if (!percent.matches() || Double.parseDouble(percent.group(1)) > 100) {
            String why = "\"" + given.value() + "\" is not a percentage up to 100%";
            throw refused(given, why, "give " + example(given, "5%"));
        }
        return Double.parseDouble(percent.group(1)) / 100;
    }

    /**
     * A rate per second, from {@link Load#LOWEST_RATE} on.
     *
     * @param example what is right, for messages
     */
    static double rate(Given given, double most, String example) {
        String right = "give a rate per second from " + Load.LOWEST_RATE + " to " + Math.round(most) + ", "
                + example(given, example);
        if (!RATE.matcher(given.value()).matches()) {
            throw refused(given, "\"" + given.value() + "\" is not a number", right);
        }
        double rate = Double.parseDouble(given.value());
        if (rate < Load.LOWEST_RATE || rate > most) {
            throw refused(given, "out of range", right);
        }
        return rate;
    }

    /** Whether arrivals are to be a Poisson process, or come at equal distances. */
    static boolean poisson(Given given) {
        return oneOf(given, Load.Arriving.values(), Load.Arriving::key) == Load.Arriving.POISSON;
    }

    static long seed(Given given) {
        try {
            return Long.parseLong(given.value());
        } catch (NumberFormatException e) {
            throw refused(given, "not a whole number", "give " + example(given, "1"));
        }
    }

    static boolean bool(Given given) {
        return switch (given.value()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(given, "neither true nor false", "give true or false");
        };
    }

    /** A number and its unit: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
    static Duration duration(Given given, Duration min) {
        Matcher matcher = DURATION.matcher(given.value());
        if (!matcher.matches()) {
            String right = "give a whole number and its unit (ms, s, m, h), " + example(given, "30s");
            throw refused(given, "not a duration", right);
        }
        Duration duration = Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
        if (duration.compareTo(min) < 0 || duration.compareTo(Duration.ofHours(24)) > 0) {
            throw refused(given, "out of range", "give " + min.toMillis() + "ms to 24h");
        }
        return duration;
    }

    /** {@code 2/8}. */
    static Share share(Given given) {
        try {
            Share share = Share.of(given.value());
            if (share.several()) {
                return share;
            }
        } catch (IllegalArgumentException none) {
            // Refused below, as is the only one.
        }
        throw refused(
                given,
                "not one of several generators, 2 to " + Share.MOST,
                "give its number and how many there are, " + example(given, "2/8"));
    }

    /** An instant of ISO 8601, with its offset from UTC. */
    static Instant instant(Given given) {
        try {
            return OffsetDateTime.parse(given.value()).toInstant();
        } catch (DateTimeParseException e) {
            throw refused(
                    given,
                    "not an instant",
                    "give date, time and offset, " + example(given, "2026-11-26T17:00:00Z") + " (date -u +%FT%TZ)");
        }
    }

    static ClockOffset clock(Given given) {
        try {
            return ClockOffset.of(given.value());
        } catch (IllegalArgumentException e) {
            throw refused(given, "not an offset with its bound", "give both in ms, " + example(given, "-3.2/0.8ms"));
        }
    }

    static <E extends Enum<E>> E oneOf(Given given, E[] values, Function<E, String> wire) {
        return Arrays.stream(values)
                .filter(value -> wire.apply(value).equalsIgnoreCase(given.value()))
                .findFirst()
                .orElseThrow(() -> refused(given, "not known", "give " + choices(values, wire)));
    }

    /**
     * @param known those that the grid has
     * @param grid its name
     */
    static Set<Workload> workloads(Given given, Set<Workload> known, String grid) {
        Set<Workload> workloads = new LinkedHashSet<>();
        for (String part : given.value().split(",", -1)) {
            String key = part.strip();
            Workload workload = Workload.of(key.toLowerCase(Locale.ROOT))
                    .orElseThrow(() -> refused(
                            given,
                            "\"" + key + "\" is not a workload",
                            "give some of " + choices(Workload.values(), Workload::key)));
            if (!known.contains(workload)) {
                throw refused(
                        given,
                        "the grid " + grid + " has no levels of " + key,
                        "leave it out, or give another nim.grid");
            }
            workloads.add(workload);
        }
        return workloads;
    }

    /** Base URLs of replicas, with commas; each once. */
    static List<URI> baseUrls(Given given) {
        // Before the list is split: a password may have a comma.
        requireNoLogin(given);
        List<URI> urls = new ArrayList<>();
        for (String part : given.value().split(",", -1)) {
            URI url = baseUrl(given.with(part.strip()));
            if (urls.contains(url)) {
                throw refused(given, url + " is given twice", "give each replica once");
            }
            urls.add(url);
        }
        return urls;
    }

    /** A NIM's base URL, given with or without {@code /v1} at the end; returned without it. */
    static URI baseUrl(Given given) {
        String address = "http://10.0.0.5:8000";
        String example = "give " + example(given, address);
        URI uri = httpUrl(given, address);
        String path = uri.getRawPath().replaceAll("/+$", "").replaceAll("/v1$", "");
        if (path.endsWith("/v1") || path.contains("/v1/")) {
            throw refused(given, "contains a route", example + "; nimload adds /v1/embeddings or /v1/ranking itself");
        }
        return URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority() + path);
    }

    /** The URL of one page, which is read as it is. */
    static URI pageUrl(Given given) {
        String address = "http://10.0.0.5:8002/metrics";
        URI uri = httpUrl(given, address);
        if (uri.getRawPath().replaceAll("/+$", "").isEmpty()) {
            throw refused(given, "names no page", "give " + example(given, address));
        }
        return URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority() + uri.getRawPath());
    }

    /** @param address for messages */
    private static URI httpUrl(Given given, String address) {
        String example = "give " + example(given, address);
        requireNoLogin(given);
        URI uri;
        try {
            uri = new URI(given.value());
        } catch (URISyntaxException e) {
            throw refused(given, "not a URL (" + e.getReason() + ")", example);
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
            throw refused(given, "does not begin with http:// or https://", example);
        }
        if (uri.getHost() == null && withoutPort(uri).contains("_")) {
            throw refused(
                    given,
                    withoutPort(uri) + " has an underscore, and Java's URI takes none in a host name",
                    "use another name or the address, " + example(given, address));
        }
        if (uri.getHost() == null || uri.getPort() > 65535) {
            throw refused(given, "has no valid host and port", example);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(given, "has a query or fragment", example);
        }
        return uri;
    }

    private static void requireNoLogin(Given given) {
        if (given.value().contains("@")) {
            throw new UserError(
                    given.origin() + " contains a user name or password; leave it out of the URL and give a key in"
                            + " the environment: NIM_API_KEY=… mvn gatling:test");
        }
    }

    /** The host of a URI that Java finds no host in. */
    private static String withoutPort(URI uri) {
        return String.valueOf(uri.getRawAuthority()).replaceAll(":\\d*$", "");
    }

    static Path path(Given given) {
        try {
            return Path.of(given.value());
        } catch (InvalidPathException e) {
            throw refused(given, "not a path (" + e.getReason() + ")", "give a path");
        }
    }

    private static <E> String choices(E[] values, Function<E, String> wire) {
        return Arrays.stream(values).map(wire).collect(Collectors.joining(", "));
    }

    static String example(Given given, String value) {
        return "e.g. -D" + given.setting().property() + "=" + value;
    }

    static UserError refused(Given given, String why, String right) {
        return new UserError(
                given.origin() + "=" + given.value().replaceAll("[\\r\\n]+", " ") + ": " + why + "; " + right);
    }
}
