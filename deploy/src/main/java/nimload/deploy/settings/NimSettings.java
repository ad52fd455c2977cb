package nimload.deploy.settings;

import java.util.Optional;

/**
 * What one NIM is installed from, but for {@code resources} and {@code values}, which {@link nimload.deploy.helm.HelmValues} reads.
 *
 * @param chart an https address or a local path; {@code -<chartVersion>.tgz} is appended to an address unless it ends in .tgz
 * @param image the repository's path in the registry of {@link Settings.Images}, without host and tag
 * @param model the model id in requests
 * @param gpus whole GPUs of each replica; 0 takes the chart's own GPU limit away
 * @param replicas pods that serve the model, at least 1
 * @param upgrade when a Deployment's former pod ends: {@code recreate}, before the new one starts; {@code rolling}, once that is ready; or empty,
 *     which is recreate for a single replica
 * @param configTemplate a file that replaces the chart's {@code _config.tpl}
 */
public record NimSettings(
        Nim nim,
        String namespace,
        String release,
        String chart,
        String chartVersion,
        String image,
        String tag,
        String model,
        int gpus,
        int replicas,
        Persistence persistence,
        Optional<String> upgrade,
        Optional<String> configTemplate) {

    /** Whether a chart is an address to which its version has to be appended; a local one or a .tgz has its own. */
    static boolean needsVersion(String chart) {
        return chart.matches("[a-z]+://.*") && !chart.endsWith(".tgz");
    }

    /** The model cache's claim. Without {@code storageClass}: the cluster's default class. */
    public record Persistence(
            boolean enabled, String size, Optional<String> storageClass, Optional<String> existingClaim) {}
}
