package nimload.preflight;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.nim.ServerText;

/**
 * A NIM that passed the checks before the load.
 *
 * @param replicas base URLs of all its replicas, without {@code /v1}; users are dealt out to them
 * @param model its name in requests
 * @param emulated whether it is nimload's emulator, so that nobody mistakes its results for a real NIM's
 * @param about its own metadata (release, model versions) by name; may be empty
 * @param answers what its right answers look like; empty until one was seen
 * @param probed what it did with single requests, by name ({@code truncate.NONE}), in words
 */
public record Target(
        List<URI> replicas,
        String model,
        boolean emulated,
        Map<String, String> about,
        Optional<AnswerShape> answers,
        Map<String, String> probed) {
    /** Field of the metadata that only nimload's emulator has. */
    static final String EMULATOR = "emulator";

    /** {@code 512, a longer text is cut}. */
    private static final Pattern TOKEN_LIMIT = Pattern.compile("^(\\d{1,9}), ");

    public Target {
        replicas = List.copyOf(replicas);
        about = Map.copyOf(about);
        probed = Collections.unmodifiableMap(new LinkedHashMap<>(probed));
    }

    /** One server that was not asked for an answer yet. */
    public Target(URI url, String model, boolean emulated, Map<String, String> about) {
        this(List.of(url), model, emulated, about, Optional.empty(), Map.of());
    }

    /** The most tokens of an item that the model takes, if the preflight found it. */
    public OptionalLong tokenLimit() {
        Matcher known = TOKEN_LIMIT.matcher(probed.getOrDefault(Passport.TOKEN_LIMIT, ""));
        return known.find() ? OptionalLong.of(Long.parseLong(known.group(1))) : OptionalLong.empty();
    }

    /** As nimload's emulator calls itself; empty for any other server. */
    public Optional<String> standIn() {
        return emulated
                ? Optional.of(ServerText.oneLine(about.getOrDefault(EMULATOR, "embedded NIM")))
                : Optional.empty();
    }

    /** Of the first replica. */
    public URI url() {
        return replicas.get(0);
    }

    Target with(AnswerShape seen) {
        return new Target(replicas, model, emulated, about, Optional.of(seen), probed);
    }

    Target with(Map<String, String> seen) {
        return new Target(replicas, model, emulated, about, answers, seen);
    }

    /** The same with these replicas. */
    public Target with(List<URI> all) {
        return new Target(all, model, emulated, about, answers, probed);
    }

    /** One of its replicas alone. */
    public Target only(URI replica) {
        return with(List.of(replica));
    }

    /** With more of what it did. */
    public Target and(Map<String, String> seen) {
        Map<String, String> all = new LinkedHashMap<>(probed);
        all.putAll(seen);
        return with(all);
    }
}
