package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Why an image cannot be pulled. The kubelet gives one reason for everything; the registry's answer is in the message. */
final class ImageCause {

    private ImageCause() {}

    static Diagnosis of(Observation seen, Pod pod, String image, String waitingMessage) {
        // While backing off, the container's message says only that; the pull error is then in an event, which the
        // kubelet follows with "Error: ImagePullBackOff".
        String waiting = Optional.ofNullable(waitingMessage).orElse("");
        String event = Diagnose.events(seen, "Pod", pod.getMetadata().getName(), "Failed", "InspectFailed")
                .filter(failed -> failed.getMessage().contains("image"))
                .max(Comparator.comparing(Diagnose::when))
                .map(Event::getMessage)
                .orElse("");
        String message = mostTelling(waiting, event);
        String start = "image " + image + " cannot be pulled: ";
        String lower = (waiting + " " + event).toLowerCase(Locale.ROOT);
        Optional<Event> noSecret =
                Diagnose.lastEvent(seen, "Pod", pod.getMetadata().getName(), "FailedToRetrieveImagePullSecret");
        if (has(lower, "401", "unauthorized", "authentication required", "no basic auth")) {
            return Diagnosis.failed(
                    start + "the registry does not accept the key (" + message + ")",
                    noSecret.isPresent()
                            ? "The pull secret is missing: " + noSecret.get().getMessage()
                            : "Export the right NGC_API_KEY and run up again: it replaces the pull secret it created");
        }
        if (has(lower, "403", "forbidden", "denied", "payment required", "402")) {
            return Diagnosis.failed(
                    start + "the key has no access to it (" + message + ")",
                    "Accept the model's terms at https://build.nvidia.com or https://catalog.ngc.nvidia.com, and check that the key includes the"
                            + " service \"NGC Catalog\"");
        }
        if (has(lower, "not found", "manifest unknown", "name unknown", "invalid reference", "couldn't parse image")) {
            return Diagnosis.failed(
                    start + "the registry has no such name or tag (" + message + ")",
                    "Correct image and tag in the settings file; tags lists what is available");
        }
        if (has(lower, "x509", "certificate")) {
            return Diagnosis.failed(
                    start + "the node does not trust the registry's certificate (" + message + ")",
                    "Install the registry's (or the proxy's) certificate authority on the nodes");
        }
        if (has(
                lower,
                "no such host",
                "timeout",
                "connection refused",
                "deadline exceeded",
                "proxyconnect",
                "unreachable",
                "eof")) {
            return Diagnosis.blocked(
                    start + "the node cannot reach the registry (" + message + ")",
                    "Configure the proxy in the nodes' container runtime, or use an internal registry (images.registry in the settings file)");
        }
        return Diagnosis.blocked(
                start + (message.isBlank() ? "no reason given" : message), Diagnose.describe(seen, pod));
    }

    private static String mostTelling(String waiting, String event) {
        return Stream.of(event, waiting)
                .filter(text -> !text.isBlank() && !text.startsWith("Back-off"))
                .findFirst()
                .orElse(waiting)
                .strip()
                .replaceAll("\\s*\\R\\s*", " ");
    }

    private static boolean has(String text, String... words) {
        return Stream.of(words).anyMatch(text::contains);
    }
}
