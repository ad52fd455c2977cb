package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.settings.Settings;

/** Why an image cannot be pulled. The kubelet gives one reason for everything; the registry's answer is in the message. */
final class ImageCause {

    private static final List<Sign> ANSWERS = Sign.table("""
            toomanyrequests|too many requests|\\b429\\b | PERHAPS | Waiting for the limit to pass: a pull secret or an internal registry raises it | the registry limits how often it is asked
            \\b401\\b|unauthorized|authentication required|no basic auth | NEVER | Export the right {key} and {again}: it replaces the pull secret it created | the registry does not accept the key
            \\b40[23]\\b|forbidden|denied|payment required|insufficient_scope | NEVER | {access} | the key has no access to it
            no match(?:ing manifest)? for | NEVER | Choose another tag, or set nodeSelector {values} to kubernetes.io/arch of the image | it is not built for the node's processor
            pull policy of Never | NEVER | Set image.pullPolicy {values} to IfNotPresent, or load the image on the node | the node does not have it, and its pull policy is Never
            not found|manifest unknown|name unknown|invalid reference|couldn't parse image | NEVER | Correct image and tag {settings}{tags} | the registry has no such name or tag
            x509|certificate | NEVER | Install the registry's (or the proxy's) certificate authority on the nodes | the node does not trust the registry's certificate
            HTTP response to HTTPS client | NEVER | Allow it in the nodes' container runtime, or serve it over HTTPS | the registry speaks plain HTTP
            no space left | PERHAPS | Waiting for free disk: free some on node {node} | the node is full
            signature | NEVER | Use a signed image, or change the nodes' signature policy | its signature is not accepted
            no such host|server misbehaving|timeout|connection re(?:fused|set)|deadline exceeded|proxyconnect|unreachable|no route|\\beof\\b | PERHAPS | Configure the proxy in the nodes' container runtime, or use an internal registry (images.registry in the settings file) | the node cannot reach the registry
            \\b50[0-4]\\b|internal server error|bad gateway|unavailable | PERHAPS | Waiting for it to recover | the registry is out of order
            """);

    private ImageCause() {}

    static Diagnosis of(Observation seen, Pod pod, ContainerStatus status, String reason, String waiting) {
        String message = Stream.of(Optional.ofNullable(waiting), event(seen, pod, status))
                .flatMap(Optional::stream)
                .map(Diagnose::oneLine)
                .map(ImageCause::answer)
                .filter(answer -> !answer.isBlank())
                .findFirst()
                .orElse(reason);
        boolean nvidia = status.getImage().startsWith(Settings.NVIDIA_REGISTRY + "/");
        Diagnosis cause =
                Sign.read(ANSWERS, seen, pod, "image " + status.getImage() + " cannot be pulled: ", message, false);
        String next = cause.next()
                .replace("{key}", nvidia ? "NGC_API_KEY" : "NIM_REGISTRY_USERNAME and NIM_REGISTRY_PASSWORD")
                .replace("{tags}", seen.subject() == Subject.NIM ? "; tags lists what is available" : "")
                .replace(
                        "{access}",
                        nvidia
                                ? "Accept the model's terms at https://build.nvidia.com or https://catalog.ngc.nvidia.com, and check that"
                                        + " the key includes the service \"NGC Catalog\""
                                : "Correct the image's name, or have the registry's owner grant access");
        Optional<Event> noSecret = Diagnose.lastEvent(seen, pod, "FailedToRetrieveImagePullSecret")
                .filter(event -> message.matches(
                        "(?i).*(\\b40[13]\\b|unauthorized|denied|authentication|authorization failed).*"));
        return new Diagnosis(
                cause.state(),
                cause.text(),
                noSecret.map(event -> "The pull secret is missing: " + Diagnose.message(event) + " " + next)
                        .orElse(next));
    }

    /** While backing off, an older kubelet's container says only that; the pull error is then in an event. */
    private static Optional<String> event(Observation seen, Pod pod, ContainerStatus status) {
        return Diagnose.last(Diagnose.events(seen, pod, "Failed", "InspectFailed")
                .filter(event -> ContainerCause.isAbout(event, status.getName()))
                .map(Diagnose::message)
                .filter(message -> message.contains("image")));
    }

    /** The registry's words alone, the same from the container's state as from an event; empty if there are none. */
    private static String answer(String message) {
        return message.replaceFirst("^Back-off pulling image \"[^\"]*\"(: )?(ErrImagePull: )?", "")
                .replaceFirst("^Failed to pull image \"[^\"]*\": ", "")
                .replaceFirst("^Error: \\w+$", "");
    }
}
