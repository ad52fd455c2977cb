package nimload.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.UserError;
import nimload.plan.SettingValues.Given;

/**
 * {@code x-team: search; x-api-key: ${MY_KEY}}: headers with a semicolon between them, in which {@code ${NAME}} stands for an
 * environment variable. What comes from the environment is a secret.
 */
final class HeaderSetting {
    private static final Pattern HEADER = Pattern.compile("\\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\\s*:\\s*(.*?)\\s*");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    /** Printable ASCII, with blanks inside. */
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

    /** Of a header or a field of a URL that is there to hold a secret. */
    static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(authorization|cookie|key|token|secret|password|passwd|credential|signature).*");

    /** What nimload, Gatling or HTTP sets itself. */
    private static final Set<String> RESERVED = Set.of(
            "accept-encoding",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** One that is shorter could stand in any answer by chance, and hiding it there would change the answer. */
    private static final int SHORTEST_SECRET = 8;

    private static final String STARS = "***";

    private HeaderSetting() {}

    /**
     * @param environment a variable's value by its name
     * @throws UserError that shows no value
     */
    static Headers read(Given given, Function<String, Optional<String>> environment) {
        Map<String, String> values = new TreeMap<>();
        List<String> secrets = new ArrayList<>();
        split(given).forEach((name, written) -> {
            if (!given.fromEnvironment()
                    && SECRET_NAME.matcher(name).matches()
                    && !REFERENCE.matcher(written).find()) {
                throw refused(
                        given,
                        name + " has its value where every user of this machine can read it in the process list",
                        "put it into an environment variable and name that: " + name + ": ${MY_KEY}");
            }
            String value = REFERENCE.matcher(written).replaceAll(reference -> {
                String variable = reference.group(1);
                String secret = environment
                        .apply(variable)
                        .map(String::strip)
                        .orElseThrow(() -> refused(
                                given,
                                name + " takes its value from " + variable + ", which the environment has not",
                                "set it: " + variable + "=… mvn gatling:test"));
                if (secret.length() < SHORTEST_SECRET) {
                    throw refused(
                            given,
                            "the value of " + variable + " is shorter than " + SHORTEST_SECRET
                                    + " characters, too short to be hidden in what a server answers",
                            "write it into the setting, if it is no secret");
                }
                secrets.add(secret);
                return Matcher.quoteReplacement(secret);
            });
            if (value.contains("${") && !given.fromEnvironment()) {
                throw refused(given, name + " names no environment variable after ${", "give " + name + ": ${MY_KEY}");
            }
            if (!VALUE.matcher(value).matches()) {
                throw refused(
                        given,
                        "the value of " + name + " is empty, or has a character that is not printable ASCII",
                        "give " + name + ": and its value");
            }
            if (given.fromEnvironment() && value.length() >= SHORTEST_SECRET) {
                secrets.add(value);
            }
            values.put(name, value);
        });
        return new Headers(values, secrets);
    }

    /** The setting with stars for each value that comes from the environment. */
    static String shown(Given given) {
        if (!given.fromEnvironment()) {
            return REFERENCE.matcher(given.value()).replaceAll(Matcher.quoteReplacement(STARS));
        }
        List<String> shown = new ArrayList<>();
        for (String header : given.value().split(";")) {
            shown.add(header.split(":", 2)[0].strip() + ": " + STARS);
        }
        return String.join("; ", shown);
    }

    private static Map<String, String> split(Given given) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String part : given.value().split(";")) {
            Matcher header = HEADER.matcher(part);
            if (!header.matches()) {
                throw refused(
                        given,
                        "one of them is not a name, a colon and a value",
                        "give them with a semicolon between them, e.g. -D"
                                + given.setting().property() + "='x-team: search; x-api-key: ${MY_KEY}'");
            }
            String name = header.group(1).toLowerCase(Locale.ROOT);
            if (RESERVED.contains(name)) {
                throw refused(given, name + " is set by nimload or by HTTP itself", "leave it out");
            }
            if (headers.put(name, header.group(2)) != null) {
                throw refused(given, name + " is given twice", "give each header once");
            }
        }
        return headers;
    }

    private static UserError refused(Given given, String why, String right) {
        return new UserError(given.origin() + ": " + why + "; " + right);
    }
}
