package nimload.results;

import java.util.Map;

/**
 * What was loaded.
 *
 * @param url base URL
 * @param model as named in requests
 * @param emulated whether it was nimload's emulator
 * @param about what it reports about itself: release, versions, profile
 */
public record TargetResults(String url, String model, boolean emulated, Map<String, String> about) {
    public TargetResults {
        about = about == null ? Map.of() : Map.copyOf(about);
    }
}
