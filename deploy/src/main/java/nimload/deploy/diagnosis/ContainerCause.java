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

/** Where a scheduled pod's container stands: being created, pulling, starting, crashing, or not ready yet. */
final class ContainerCause {

    /** The charts' startup probe: 40 s, then 180 attempts 10 s apart. */
    private static final Duration STARTUP_LIMIT = Duration.ofSeconds(40 + 180 * 10);

    /** One restart may be a glitch, e.g. an interrupted download; two are a pattern. */
    private static final int CRASH_LOOP_RESTARTS = 2;

    private ContainerCause() {}

    static Diagnosis of(Observation seen, Pod pod) {
        Optional<ContainerStatus> first = Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(status -> !Boolean.TRUE.equals(status.getReady()))
                .findFirst();
        if (first.isEmpty()) {
            return beingCreated(seen, pod);
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
            case "ContainerCreating", "PodInitializing" -> beingCreated(seen, pod);
            default -> end.isPresent() ? crashing(seen, pod, status, end.get(), reason) : starting(seen, pod, status);
        };
    }

    private static Diagnosis configuration(Observation seen, Pod pod, String message) {
        String text = Objects.requireNonNullElse(message, "no reason given");
        return text.toLowerCase(Locale.ROOT).contains("secret")
                ? Diagnosis.failed(
                        Diagnose.name(pod) + " cannot start: " + text,
                        "Export NGC_API_KEY and run up again: it creates the missing Secret")
                : Diagnosis.blocked(Diagnose.name(pod) + " cannot start: " + text, Diagnose.describe(seen, pod));
    }

    private static Diagnosis beingCreated(Observation seen, Pod pod) {
        String name = pod.getMetadata().getName();
        Optional<Event> mount = Diagnose.lastEvent(seen, "Pod", name, "FailedMount", "FailedAttachVolume");
        Optional<Event> pulling = Diagnose.lastEvent(seen, "Pod", name, "Pulling", "Pulled");
        if (pulling.filter(event -> "Pulling".equals(event.getReason())).isPresent()) {
            return Diagnosis.progressing(
                    "pulling image " + pod.getSpec().getContainers().get(0).getImage());
        }
        if (mount.isPresent() && pulling.isEmpty()) {
            return Diagnosis.blocked(
                    Diagnose.name(pod) + " is waiting for a volume: "
                            + mount.get().getMessage(),
                    Diagnose.describe(seen, pod));
        }
        return Diagnosis.progressing("creating the container");
    }

    /** The state flips between terminated, waiting and briefly running; exit code and restarts are the same in all three. */
    private static Diagnosis crashing(
            Observation seen, Pod pod, ContainerStatus status, ContainerStateTerminated end, String waitingReason) {
        String log =
                seen.lastLogLines().isEmpty() ? "" : "; last log lines: " + String.join(" | ", seen.lastLogLines());
        String cause =
                Diagnose.name(pod) + " exits with code " + end.getExitCode() + " (" + restarts(status) + ")" + log;
        String next = next(String.join(" ", seen.lastLogLines()).toLowerCase(Locale.ROOT))
                .orElse("See: kubectl -n " + seen.namespace() + " logs --previous "
                        + pod.getMetadata().getName());
        boolean crashLoop = status.getRestartCount() >= CRASH_LOOP_RESTARTS
                || "CrashLoopBackOff".equals(waitingReason) && status.getRestartCount() > 0;
        return crashLoop ? Diagnosis.failed(cause, next) : Diagnosis.blocked(cause, next);
    }

    private static Optional<String> next(String log) {
        if (log.contains("permission denied")) {
            return Optional.of(
                    "The cache volume belongs to another user: set podSecurityContext.fsGroup under values to a group that can write to it");
        }
        if (log.contains("401") || log.contains("authentication") || log.contains("unauthorized")) {
            return Optional.of("The model download was refused: export the right NGC_API_KEY and run up again");
        }
        if (log.contains("driver") && log.contains("cuda")) {
            return Optional.of("The node's GPU driver is too old for this image: update it, or choose another tag");
        }
        if (log.contains("timed out") || log.contains("connection refused") || log.contains("resolve")) {
            return Optional.of("The pod cannot reach NGC: set proxy.https in the settings file");
        }
        return Optional.empty();
    }

    private static Diagnosis starting(Observation seen, Pod pod, ContainerStatus status) {
        if (state(status).getRunning() == null) {
            return beingCreated(seen, pod);
        }
        Duration running =
                Duration.between(Instant.parse(state(status).getRunning().getStartedAt()), seen.at());
        String since = "not ready " + running.toMinutes() + " min after start";
        return running.compareTo(STARTUP_LIMIT) < 0
                ? Diagnosis.progressing("loading the model (" + since + "; up to " + STARTUP_LIMIT.toMinutes()
                        + " min is normal while the model downloads)")
                : Diagnosis.blocked(
                        Diagnose.name(pod) + " is running but " + since,
                        "Look for download errors: kubectl -n " + seen.namespace() + " logs "
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
