package nimload.preflight;

import java.net.URI;
import java.util.Map;

/**
 * A NIM that answered before the load.
 *
 * @param url base URL, without {@code /v1}
 * @param model as it is to be named in requests
 * @param emulated whether it is nimload's emulator, so that no result is taken for a real NIM's
 * @param about what it says of itself (release, model versions), by name; may be empty
 */
public record Target(URI url, String model, boolean emulated, Map<String, String> about) {
    public Target {
        about = Map.copyOf(about);
    }
}
