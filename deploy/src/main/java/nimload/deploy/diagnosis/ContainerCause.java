package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a scheduled pod's container stands: being created, pulling, starting, killed by a probe, crashing, or not ready yet. */
final class ContainerCause {

    /** The charts' startup probe: 40 s, then 180 attempts 10 s apart. Counts where a pod has none. */
    private static final Duration STARTUP_LIMIT = Duration.ofSeconds(40 + 180 * 10);

    /** One restart may be a glitch, e.g. an interrupted download; two are a pattern. */
    private static final int CRASH_LOOP_RESTARTS = 2;

    /** Exit codes of SIGKILL and SIGTERM, which the kubelet sends. */
    private static final List<Integer> SIGNALS = List.of(137, 143);

    private static final Pattern PROBE =
            Pattern.compile("(startup|liveness|readiness) probe", Pattern.CASE_INSENSITIVE);

    /** Why the kubelet or the container runtime cannot start a container. */
    private static final List<Sign> NOT_STARTED = Sign.table("""
            secret "ngc-(?:api|secret)" not found | NEVER | Export NGC_API_KEY and {again}: it creates the missing Secret
            key NGC_API_KEY in Secret \\S+/(\\S+) | NEVER | Delete the Secret {1}, export NGC_API_KEY and {again}: it creates a complete one
            secret "([^"]+)" not found | SOON_OR_NEVER | Create the Secret {1} in namespace {namespace}, or correct its name {values}
            configmap "([^"]+)" not found | SOON_OR_NEVER | Create the ConfigMap {1} in namespace {namespace}, or correct its name {values}
            couldn't find key (\\S+ in (?:Secret|ConfigMap) \\S+)|non-existent (?:secret|config) key | SOON_OR_NEVER | Add the key, or correct its name {values}. See: kubectl -n {namespace} get secrets,configmaps
            non-numeric user|will run as root | NEVER | Set podSecurityContext.runAsUser {values} to the number of the image's user, not 0
            exec format error | NEVER | The image is built for another processor: choose another tag, or set nodeSelector {values} to kubernetes.io/arch of the image
            executable file not found|no command specified|exec: .*(?:no such file|permission denied) | NEVER | Correct command and args {values}: the image has no such program
            unsatisfied condition|driver.*cuda | NEVER | The node's GPU driver is too old for this image: update it, or choose another tag
            RuntimeClass.* not found | NEVER | Correct runtimeClassName {values}. See: kubectl get runtimeclass
            nvidia-container|nvml|no runtime for | PERHAPS | Waiting for NVIDIA's container toolkit on node {node}: install it (GPU operator), or correct runtimeClassName {values}
            no space left | PERHAPS | Waiting for free disk on node {node}: free some
            IP address | PERHAPS | Waiting for a free pod address on node {node}: remove pods, or enlarge the network's range
            setup network|network plugin|network is not ready|\\bcni\\b|plugin type | PERHAPS | Waiting for the network plugin on node {node}: see kubectl -n kube-system get pods -o wide
            Multi-Attach|exclusively attached | PERHAPS | Waiting for the other pod to release the volume: end it, or wait 6 min if its node is gone
            hostPath type check failed | NEVER | Correct the hostPath volume {values}, or create its path on node {node}
            CSI drivers? | PERHAPS | Waiting for the storage driver on node {node}: see kubectl get csidrivers,csinodes
            """);

    /** What a container's last words mean, for any program. */
    private static final List<Sign> LAST_WORDS = Sign.table("""
            exec format error | NEVER | The image is built for another processor: choose another tag, or set nodeSelector {values} to kubernetes.io/arch of the image
            no space left | PERHAPS | Its volume or its node's disk is full: enlarge {persistence.}size, or raise resources.limits.ephemeral-storage {settings}
            """);

    /** What a NIM's last words mean. */
    private static final List<Sign> LAST_WORDS_OF_A_NIM = Sign.table("""
            permission denied | PERHAPS | The cache volume belongs to another user: set podSecurityContext.fsGroup {values} to a group that can write to it
            401|authentication|unauthorized | PERHAPS | The model download was refused: export the right NGC_API_KEY and {again}
            driver.*cuda | PERHAPS | The node's GPU driver is too old for this image: update it, or choose another tag
            timed out|connection refused|resolve | PERHAPS | The pod cannot reach NGC: set proxy.https {settings}
            """);

    private final Observation seen;
    private final Pod pod;
    private final ContainerStatus status;
    private final Optional<ContainerStateTerminated> end;
    private final String waiting;
    private final String name;

    private ContainerCause(Observation seen, Pod pod, ContainerStatus status) {
        this.seen = seen;
        this.pod = pod;
        this.status = status;
        end = end(status);
        waiting = state().getWaiting() == null
                ? ""
                : String.valueOf(state().getWaiting().getReason());
        name = Diagnose.name(pod)
                + (pod.getStatus().getInitContainerStatuses().contains(status)
                        ? ", init container " + status.getName() + ","
                        : "");
    }

    static Diagnosis of(Observation seen, Pod pod) {
        return first(pod)
                .map(status -> new ContainerCause(seen, pod, status).diagnosis())
                .or(() -> gate(seen, pod))
                .orElseGet(() -> beingCreated(seen, pod));
    }

    /** All containers are ready, and something outside the pod says that it is not. */
    private static Optional<Diagnosis> gate(Observation seen, Pod pod) {
        return Diagnose.condition(pod, "Ready")
                .filter(ready -> "ReadinessGatesNotReady".equals(ready.getReason()))
                .map(ready -> Diagnosis.blocked(
                        Diagnose.name(pod) + " is not ready: " + ready.getMessage(),
                        "Waiting for the controller that sets its readiness gate. " + Diagnose.describe(seen, pod)));
    }

    /** The container to explain: not ready, and rather one with a problem than a sidecar that runs. */
    static Optional<ContainerStatus> first(Pod pod) {
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream()
                                .filter(status -> end(status)
                                        .filter(end -> Integer.valueOf(0).equals(end.getExitCode()))
                                        .isEmpty()),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(status -> !Boolean.TRUE.equals(status.getReady()))
                .min(Comparator.comparing(status ->
                        status.getState() != null && status.getState().getRunning() != null && restarts(status) == 0));
    }

    private Diagnosis diagnosis() {
        if (end.filter(e -> "OOMKilled".equals(e.getReason())).isPresent()) {
            return Diagnosis.failed(
                    name + " ran out of memory (OOMKilled, " + restarts() + ")",
                    seen.subject().fill("Raise resources.limits.memory {settings}, or remove the limit"));
        }
        String message = waiting.isEmpty() ? null : state().getWaiting().getMessage();
        return switch (waiting) {
            case "ErrImagePull",
                    "ImagePullBackOff",
                    "InvalidImageName",
                    "ErrImageNeverPull",
                    "ImageInspectError",
                    "RegistryUnavailable",
                    "SignatureValidationFailed" -> ImageCause.of(seen, pod, status, waiting, message);
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" -> notStarted(message);
            case "ContainerCreating", "PodInitializing" -> beingCreated(seen, pod);
            default -> ended();
        };
    }

    private Diagnosis ended() {
        Optional<Event> kill = kill();
        if (end.isEmpty() && kill.isEmpty() && !"CrashLoopBackOff".equals(waiting)) {
            return starting();
        }
        if (end.filter(e -> List.of("StartError", "ContainerCannotRun").contains(String.valueOf(e.getReason())))
                .isPresent()) {
            return notStarted(end.get().getMessage());
        }
        String restarts = " (" + restarts() + ")"
                + (seen.lastLogLines().isEmpty() ? "" : "; last log lines: " + String.join(" | ", seen.lastLogLines()));
        Diagnosis cause = kill.isPresent() ? killed(kill.get(), restarts) : exited(restarts);
        return isCrashLoop() ? cause.forGood() : cause;
    }

    private Diagnosis exited(String restarts) {
        Optional<Integer> code = end.map(ContainerStateTerminated::getExitCode);
        String words = String.join(" ", seen.lastLogLines());
        Optional<Sign> sign = Sign.find(LAST_WORDS, words)
                .or(() -> seen.subject() == Subject.NIM ? Sign.find(LAST_WORDS_OF_A_NIM, words) : Optional.empty());
        String cause = name + code.map(known -> " exits with code " + known).orElse(" keeps exiting") + restarts;
        String next = sign.map(found -> found.next(seen, pod, words))
                .orElse((code.equals(Optional.of(0))
                                ? seen.subject().fill("Its program ends by itself: correct command and args {values}. ")
                                : "")
                        + log());
        return sign.filter(found -> found.heals() == Sign.Heals.NEVER).isPresent()
                ? Diagnosis.failed(cause, next)
                : Diagnosis.blocked(cause, next);
    }

    private String log() {
        return "See: kubectl -n " + seen.namespace() + " logs " + (restarts(status) == 0 ? "" : "--previous ")
                + pod.getMetadata().getName() + " -c " + status.getName();
    }

    private Diagnosis notStarted(String message) {
        Diagnosis cause = notStarted(seen, pod, name + " cannot start: ", Diagnose.oneLine(message));
        return isCrashLoop() ? cause.forGood() : cause;
    }

    private static Diagnosis notStarted(Observation seen, Pod pod, String start, String message) {
        boolean young = Diagnose.isYoung(seen, pod.getMetadata().getCreationTimestamp());
        return Sign.read(NOT_STARTED, seen, pod, start, message, young);
    }

    /** The state flips between terminated, waiting and briefly running; exit code and restarts are the same in all three. */
    private boolean isCrashLoop() {
        return restarts(status) >= CRASH_LOOP_RESTARTS
                || "CrashLoopBackOff".equals(waiting) && restarts(status) > 0
                || "Never".equals(pod.getSpec().getRestartPolicy());
    }

    /**
     * What the kubelet wrote when it ended this run: a probe or a hook that fails. It drops events of a pod that has many; then the probe's last
     * failure and the signal's exit code say the same.
     */
    private Optional<Event> kill() {
        Instant start = end.map(ContainerStateTerminated::getStartedAt)
                .map(Instant::parse)
                .orElse(Instant.MIN);
        boolean bySignal = end.filter(e -> SIGNALS.contains(e.getExitCode())).isPresent();
        List<Event> events = Diagnose.events(seen, pod, "Killing", "Unhealthy", "FailedPostStartHook")
                .filter(event -> isAbout(event, status.getName())
                        && !Diagnose.when(event).isBefore(start))
                .toList();
        return Diagnose.last(events.stream()
                        .filter(event -> "FailedPostStartHook".equals(event.getReason())
                                || Diagnose.message(event).matches(".* failed (startup|liveness) probe.*")))
                .or(() -> Diagnose.last(events.stream()
                        .filter(event -> bySignal && Diagnose.message(event).matches("(Startup|Liveness) probe .*"))));
    }

    private Diagnosis killed(Event kill, String restarts) {
        Matcher probe = PROBE.matcher(Diagnose.message(kill));
        if (!probe.find()) {
            return Diagnosis.blocked(
                    name + " is killed because its postStart hook fails: " + Diagnose.message(kill) + restarts,
                    seen.subject().fill("Correct lifecycle.postStart {values}. ") + log());
        }
        String kind = probe.group(1).toLowerCase(Locale.ROOT);
        String answer = answer(kind, Instant.MIN)
                .map(text -> ", which answers \"" + text + "\"")
                .orElse("");
        String budget = probe(kind)
                .map(p -> " for longer than " + budget(p).toSeconds() + " s (initialDelaySeconds "
                        + number(p.getInitialDelaySeconds(), 0) + " + failureThreshold "
                        + number(p.getFailureThreshold(), 3) + " × periodSeconds " + number(p.getPeriodSeconds(), 10)
                        + ")")
                .orElse("");
        return Diagnosis.blocked(
                name + " is killed by its " + kind + " probe" + answer + budget + restarts,
                seen.subject().fill("Raise " + kind + "Probe.failureThreshold {values}. ") + log());
    }

    private static Diagnosis beingCreated(Observation seen, Pod pod) {
        Optional<Event> going = Diagnose.lastEvent(seen, pod, "Pulling", "Pulled", "Created", "Started");
        Optional<Event> attached = Diagnose.lastEvent(seen, pod, "SuccessfulAttachVolume");
        List<Event> failures = Diagnose.events(
                        seen,
                        pod,
                        "FailedCreatePodSandBox",
                        "NetworkNotReady",
                        "FailedMount",
                        "FailedAttachVolume",
                        "FailedMapVolume")
                .filter(event -> isAfter(event, going)
                        && (!"FailedAttachVolume".equals(event.getReason()) || isAfter(event, attached)))
                .toList();
        // The kubelet sums up its mounts in an event that names no cause.
        Optional<Event> failure = Diagnose.last(failures.stream()
                        .filter(event -> !Diagnose.message(event).startsWith("Unable to attach or mount")))
                .or(() -> Diagnose.last(failures.stream()));
        if (failure.isPresent()) {
            String what = failure.get().getReason().matches("FailedMount|.*Volume") ? "a volume" : "its sandbox";
            return notStarted(
                    seen, pod, Diagnose.name(pod) + " is waiting for " + what + ": ", Diagnose.message(failure.get()));
        }
        return Diagnosis.progressing(going.filter(event -> "Pulling".equals(event.getReason()))
                .map(event ->
                        Diagnose.message(event).replace("Pulling", "pulling").replace("\"", ""))
                .orElse("creating the container"));
    }

    private static boolean isAfter(Event event, Optional<Event> other) {
        return other.isEmpty() || Diagnose.when(event).isAfter(Diagnose.when(other.get()));
    }

    private Diagnosis starting() {
        if (state().getRunning() == null) {
            return beingCreated(seen, pod);
        }
        Instant start = Instant.parse(state().getRunning().getStartedAt());
        Duration running = Duration.between(start, seen.at());
        String since = "not ready " + running.toMinutes() + " min after start";
        Optional<Probe> startup = probe("startup");
        Optional<String> readiness = answer("readiness", start);
        if (startup.isPresent() && Boolean.TRUE.equals(status.getStarted())) {
            return readiness.isEmpty()
                    ? Diagnosis.progressing("waiting for the readiness probe")
                    : Diagnosis.blocked(
                            name + " has started but is " + since + "; its readiness probe answers \"" + readiness.get()
                                    + "\"",
                            seen.subject().fill("Waiting for the readiness probe: see readinessProbe {values}. ")
                                    + log());
        }
        Duration limit = startup.map(ContainerCause::budget).orElse(STARTUP_LIMIT);
        if (running.compareTo(limit) >= 0) {
            return Diagnosis.blocked(
                    name + " is running but " + since
                            + readiness
                                    .map(text -> "; its readiness probe answers \"" + text + "\"")
                                    .orElse(""),
                    "Look for download errors. " + log());
        }
        return Diagnosis.progressing(
                seen.subject() == Subject.JOB
                        ? "starting (" + since + ")"
                        : "loading the model (" + since + "; up to " + limit.toMinutes()
                                + " min is normal while the model downloads)");
    }

    /** What the probe got at last, e.g. {@code HTTP probe failed with statuscode: 503}. */
    private Optional<String> answer(String probe, Instant since) {
        return Diagnose.last(Diagnose.events(seen, pod, "Unhealthy")
                .filter(event -> isAbout(event, status.getName())
                        && !Diagnose.when(event).isBefore(since))
                .map(Diagnose::message)
                .filter(message -> message.toLowerCase(Locale.ROOT).startsWith(probe))
                .map(message -> message.replaceFirst("^\\w+ probe \\w+: ", "")));
    }

    private Optional<Probe> probe(String kind) {
        return Stream.concat(pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
                .filter(container -> container.getName().equals(status.getName()))
                .map(kind.equals("startup") ? Container::getStartupProbe : Container::getLivenessProbe)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** From the container's start until the kubelet kills it; where a probe is silent, Kubernetes' defaults. */
    private static Duration budget(Probe probe) {
        return Duration.ofSeconds(number(probe.getInitialDelaySeconds(), 0)
                + (long) number(probe.getFailureThreshold(), 3) * number(probe.getPeriodSeconds(), 10));
    }

    private static int number(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    static boolean isAbout(Event event, String container) {
        String path = event.getInvolvedObject().getFieldPath();
        return path == null || path.contains("{" + container + "}");
    }

    static Optional<ContainerStateTerminated> end(ContainerStatus status) {
        return Stream.of(status.getState(), status.getLastState())
                .filter(Objects::nonNull)
                .map(ContainerState::getTerminated)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private ContainerState state() {
        return status.getState() == null ? new ContainerState() : status.getState();
    }

    private static int restarts(ContainerStatus status) {
        return number(status.getRestartCount(), 0);
    }

    private String restarts() {
        return restarts(status) == 1 ? "1 restart" : restarts(status) + " restarts";
    }
}
