package nimload.preflight;

import java.net.URI;
import java.util.Map;

/**
 * A NIM that passed the checks before the load.
 *
 * @param url base URL, without {@code /v1}
 * @param model its name in requests
 * @param emulated whether it is nimload's emulator, so that nobody mistakes its results for a real NIM's
 * @param about its own metadata (release, model versions) by name; may be empty
 */
public record Target(URI url, String model, boolean emulated, Map<String, String> about) {
    public Target {
        about = Map.copyOf(about);
    }
}
