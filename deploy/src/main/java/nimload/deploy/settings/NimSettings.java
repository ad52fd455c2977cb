package nimload.deploy.settings;

import java.util.Map;
import java.util.Optional;

/**
 * What one NIM is installed from.
 *
 * @param chart an https address or a local path; with {@code chartVersion}, {@code -<version>.tgz} is appended to an address
 * @param image the repository's path in the registry of {@link Settings.Images}, without host and tag
 * @param model the model id in requests
 * @param gpus whole GPUs; 0 leaves the GPU request out
 * @param resources cpu and memory, in the shape of a container's {@code resources}
 * @param upgrade when a Deployment's former pod ends: {@code recreate}, before the new one starts; {@code rolling}, once that is ready; or empty,
 *     which is recreate for a single replica
 * @param configTemplate a file that replaces the chart's {@code _config.tpl}
 * @param values more of the chart's own values; they override everything above
 */
public record NimSettings(
        Nim nim,
        String namespace,
        String release,
        String chart,
        Optional<String> chartVersion,
        String image,
        String tag,
        String model,
        int gpus,
        Map<String, Object> resources,
        Persistence persistence,
        Optional<String> upgrade,
        Optional<String> configTemplate,
        Map<String, Object> values) {

    /** The model cache's claim. Without {@code storageClass}: the cluster's default class. */
    public record Persistence(
            boolean enabled, String size, Optional<String> storageClass, Optional<String> existingClaim) {}
}
