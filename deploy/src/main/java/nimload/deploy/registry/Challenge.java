package nimload.deploy.registry;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry asks for in its WWW-Authenticate header: {@code Bearer realm="…",service="…",scope="…"} or {@code Basic realm="…"}.
 *
 * @param scheme in lower case
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {

    private static final Pattern HEADER = Pattern.compile("\\s*([A-Za-z]+)(?:\\s+(.*))?", Pattern.DOTALL);
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

    /** Empty if the text is not a challenge. */
    static Optional<Challenge> parse(String header) {
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher each = PARAMETER.matcher(Optional.ofNullable(matcher.group(2)).orElse(""));
        while (each.find()) {
            String quoted = each.group(2);
            parameters.putIfAbsent(
                    each.group(1).toLowerCase(Locale.ROOT),
                    quoted == null ? each.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
        }
        return Optional.of(new Challenge(matcher.group(1).toLowerCase(Locale.ROOT), Map.copyOf(parameters)));
    }
}
