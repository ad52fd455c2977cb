package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a scheduled pod's container stands: being made, pulled, started, crashing, or not ready yet. */
final class ContainerCause {

    /** The charts' startup probe: 40 s, then 180 tries 10 s apart. */
    private static final Duration STARTUP_LIMIT = Duration.ofSeconds(40 + 180 * 10);

    /** One restart may be a hiccup (a download that broke off); the second is a habit. */
    private static final int RESTARTS_THAT_SAY_IT_ALL = 2;

    private ContainerCause() {}

    static Diagnosis of(Observation seen, Pod pod) {
        Optional<ContainerStatus> first = Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(status -> !Boolean.TRUE.equals(status.getReady()))
                .findFirst();
        if (first.isEmpty()) {
            return beingMade(seen, pod);
        }
        ContainerStatus status = first.get();
        Optional<ContainerStateTerminated> end = lastEnd(status);
        if (end.filter(e -> "OOMKilled".equals(e.getReason())).isPresent()) {
            return Diagnosis.failed(
                    Diagnose.name(pod) + " ran out of memory (OOMKilled, " + restarts(status) + ")",
                    "Raise resources.limits.memory in the settings file, or remove the limit");
        }
        ContainerStateWaiting waiting = state(status).getWaiting();
        String reason = waiting == null ? "" : String.valueOf(waiting.getReason());
        String message = waiting == null ? null : waiting.getMessage();
        return switch (reason) {
            case "ErrImagePull",
                    "ImagePullBackOff",
                    "InvalidImageName",
                    "ErrImageNeverPull",
                    "ImageInspectError",
                    "RegistryUnavailable" ->
                ImageCause.of(seen, pod, status.getImage(), message == null ? reason : message);
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
                configuration(seen, pod, message);
            case "ContainerCreating", "PodInitializing" -> beingMade(seen, pod);
            default -> end.isPresent() ? crashing(seen, pod, status, end.get(), reason) : starting(seen, pod, status);
        };
    }

    private static Diagnosis configuration(Observation seen, Pod pod, String message) {
        String said = Objects.requireNonNullElse(message, "no reason given");
        return said.toLowerCase(Locale.ROOT).contains("secret")
                ? Diagnosis.failed(
                        Diagnose.name(pod) + " cannot start: " + said,
                        "Export NGC_API_KEY and run up again: it makes the Secret that is missing")
                : Diagnosis.blocked(Diagnose.name(pod) + " cannot start: " + said, Diagnose.describe(seen, pod));
    }

    private static Diagnosis beingMade(Observation seen, Pod pod) {
        String name = pod.getMetadata().getName();
        Optional<Event> mount = Diagnose.lastEvent(seen, "Pod", name, "FailedMount", "FailedAttachVolume");
        Optional<Event> pulling = Diagnose.lastEvent(seen, "Pod", name, "Pulling", "Pulled");
        if (pulling.filter(event -> "Pulling".equals(event.getReason())).isPresent()) {
            return Diagnosis.progressing(
                    "pulling image " + pod.getSpec().getContainers().get(0).getImage());
        }
        if (mount.isPresent() && pulling.isEmpty()) {
            return Diagnosis.blocked(
                    Diagnose.name(pod) + " waits for a volume: " + mount.get().getMessage(),
                    Diagnose.describe(seen, pod));
        }
        return Diagnosis.progressing("the container is being made");
    }

    /** The state flaps between terminated, waiting and a short running; ends and restarts are counted whichever of them it shows. */
    private static Diagnosis crashing(
            Observation seen, Pod pod, ContainerStatus status, ContainerStateTerminated end, String waitingReason) {
        String log =
                seen.lastLogLines().isEmpty() ? "" : "; its last words: " + String.join(" | ", seen.lastLogLines());
        String cause =
                Diagnose.name(pod) + " ends with exit code " + end.getExitCode() + " (" + restarts(status) + ")" + log;
        String next = next(String.join(" ", seen.lastLogLines()).toLowerCase(Locale.ROOT))
                .orElse("See: kubectl -n " + seen.namespace() + " logs --previous "
                        + pod.getMetadata().getName());
        boolean habit = status.getRestartCount() >= RESTARTS_THAT_SAY_IT_ALL
                || "CrashLoopBackOff".equals(waitingReason) && status.getRestartCount() > 0;
        return habit ? Diagnosis.failed(cause, next) : Diagnosis.blocked(cause, next);
    }

    private static Optional<String> next(String log) {
        if (log.contains("permission denied")) {
            return Optional.of(
                    "The cache volume belongs to another user: set podSecurityContext.fsGroup under values to one that may write it");
        }
        if (log.contains("401") || log.contains("authentication") || log.contains("unauthorized")) {
            return Optional.of("The model download is refused: export the right NGC_API_KEY and run up again");
        }
        if (log.contains("driver") && log.contains("cuda")) {
            return Optional.of("The node's GPU driver is too old for this image: update it, or choose another tag");
        }
        if (log.contains("timed out") || log.contains("connection refused") || log.contains("resolve")) {
            return Optional.of("The pod does not reach NGC: set proxy.https in the settings file");
        }
        return Optional.empty();
    }

    private static Diagnosis starting(Observation seen, Pod pod, ContainerStatus status) {
        if (state(status).getRunning() == null) {
            return beingMade(seen, pod);
        }
        Duration running =
                Duration.between(Instant.parse(state(status).getRunning().getStartedAt()), seen.at());
        String since = "not ready " + running.toMinutes() + " min after its start";
        return running.compareTo(STARTUP_LIMIT) < 0
                ? Diagnosis.progressing("loading the model (" + since + "; up to " + STARTUP_LIMIT.toMinutes()
                        + " min are normal while the model is downloaded)")
                : Diagnosis.blocked(
                        Diagnose.name(pod) + " runs but is " + since,
                        "Look for errors of the download: kubectl -n " + seen.namespace() + " logs "
                                + pod.getMetadata().getName());
    }

    private static Optional<ContainerStateTerminated> lastEnd(ContainerStatus status) {
        return Stream.of(status.getState(), status.getLastState())
                .filter(Objects::nonNull)
                .map(ContainerState::getTerminated)
                .filter(Objects::nonNull)
                .filter(end -> end.getExitCode() == null || end.getExitCode() != 0)
                .findFirst();
    }

    private static ContainerState state(ContainerStatus status) {
        return status.getState() == null ? new ContainerState() : status.getState();
    }

    private static String restarts(ContainerStatus status) {
        int count = status.getRestartCount() == null ? 0 : status.getRestartCount();
        return count == 1 ? "1 restart" : count + " restarts";
    }
}
