package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was loaded.
 *
 * @param url base URL, of the first replica
 * @param replicas base URLs of all, if there are several; else empty
 * @param model as named in requests
 * @param emulated whether it was nimload's emulator
 * @param about what it reports about itself: release, versions, profile
 * @param probed what it did with single requests before the load, by name; empty in older files
 */
public record TargetResults(
        String url,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> replicas,
        String model,
        boolean emulated,
        Map<String, String> about,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> probed) {
    public TargetResults {
        replicas = replicas == null ? List.of() : List.copyOf(replicas);
        about = about == null ? Map.of() : Map.copyOf(about);
        probed = probed == null ? Map.of() : new TreeMap<>(probed);
    }

    /** One of which no more is known than its address and its words. */
    public TargetResults(String url, String model, boolean emulated, Map<String, String> about) {
        this(url, List.of(), model, emulated, about, Map.of());
    }
}
