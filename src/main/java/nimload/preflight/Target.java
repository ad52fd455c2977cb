package nimload.preflight;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A NIM that passed the checks before the load.
 *
 * @param url base URL, without {@code /v1}
 * @param model its name in requests
 * @param emulated whether it is nimload's emulator, so that nobody mistakes its results for a real NIM's
 * @param about its own metadata (release, model versions) by name; may be empty
 * @param answers what its right answers look like; empty until one was seen
 */
public record Target(
        URI url, String model, boolean emulated, Map<String, String> about, Optional<AnswerShape> answers) {
    public Target {
        about = Map.copyOf(about);
    }

    /** One that was not asked for an answer yet. */
    public Target(URI url, String model, boolean emulated, Map<String, String> about) {
        this(url, model, emulated, about, Optional.empty());
    }

    Target with(AnswerShape seen) {
        return new Target(url, model, emulated, about, Optional.of(seen));
    }
}
