package nimload.deploy.load;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.deploy.DeployException;

/** What a run's pod says of itself, as it was admitted: a LimitRange or a webhook may have changed what the manifest says. */
public record RunPod(Pod pod) {

    /** The containers of manifests/run.yaml. */
    static final String RECEIVE = "receive";

    static final String RUN = "run";
    static final String RESULTS = "results";

    /** The simulations' heap of 512 MiB, plus code, threads, and Netty's buffers for responses of megabytes. */
    private static final long NEEDED_MEMORY = 1L << 30;

    public String name() {
        return pod.getMetadata().getName();
    }

    /** Whether it waits for the suite. */
    public boolean receives() {
        return status(RECEIVE)
                .filter(receive -> receive.getState().getRunning() != null)
                .isPresent();
    }

    /** Whether the run's command has begun; it may have ended. */
    public boolean began() {
        return status(RUN)
                .filter(run ->
                        run.getState().getRunning() != null || run.getState().getTerminated() != null)
                .isPresent();
    }

    /** How the run ended, if it has. */
    public Optional<ContainerStateTerminated> end() {
        return status(RUN).map(run -> run.getState().getTerminated());
    }

    /** Whether what the run left can still be fetched. */
    public boolean keepsResults() {
        return lost().isEmpty()
                && status(RESULTS)
                        .filter(results -> results.getState().getRunning() != null)
                        .isPresent();
    }

    private Optional<ContainerStatus> status(String container) {
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(status -> container.equals(status.getName()) && status.getState() != null)
                .findFirst();
    }

    /**
     * @param jvm whether the run is a simulation
     * @throws DeployException with the reason, if the limits of its container would distort the run or kill it
     */
    public void requireRoom(boolean jvm) {
        Map<String, Quantity> limits = pod.getSpec().getContainers().stream()
                .filter(container -> RUN.equals(container.getName()))
                .map(Container::getResources)
                .filter(Objects::nonNull)
                .map(resources -> resources.getLimits() == null ? Map.<String, Quantity>of() : resources.getLimits())
                .findFirst()
                .orElse(Map.of());
        Quantity cpu = limits.get("cpu");
        if (cpu != null) {
            throw new DeployException(this + ": the container run has a CPU limit of " + cpu
                    + ". The kernel pauses a container that has used up its share until the next 100 ms period, and that pause would count"
                    + " as the NIM's latency. Remove it (a request is fine): see kubectl -n "
                    + pod.getMetadata().getNamespace() + " get limitranges, or choose another benchmark.namespace");
        }
        Quantity memory = limits.get("memory");
        if (jvm && memory != null && memory.getNumericalAmount().compareTo(BigDecimal.valueOf(NEEDED_MEMORY)) < 0) {
            throw new DeployException(this + ": the container run has a memory limit of " + memory
                    + ", but the client needs 1Gi (512 MiB of heap plus buffers) and would be killed under load; raise limits.memory in"
                    + " deploy/manifests/run.yaml");
        }
    }

    /** Conditions that do not stop a run but matter for its numbers. */
    public List<String> warnings(List<Pod> nims) {
        List<String> warnings = new ArrayList<>();
        String neighbours = nims.stream()
                .filter(nim -> nim.getSpec().getNodeName() != null
                        && nim.getSpec().getNodeName().equals(pod.getSpec().getNodeName()))
                .map(nim -> nim.getMetadata().getName())
                .collect(Collectors.joining(" and "));
        if (!neighbours.isEmpty()) {
            warnings.add("WARNING: " + this + " is on the same node ("
                    + pod.getSpec().getNodeName() + ") as " + neighbours
                    + ": client and NIM compete for CPU; no other node had room for the client");
        }
        String others = pod.getSpec().getContainers().stream()
                .map(Container::getName)
                .filter(name -> !Set.of(RUN, RESULTS).contains(name))
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            warnings.add("WARNING: " + this + " has additional containers (" + others
                    + "): if one is the proxy of a service mesh, its time is part of every latency");
        }
        return warnings;
    }

    /** Why nothing more can come from this pod; empty while something can. */
    public Optional<String> lost() {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return Optional.of("is being deleted");
        }
        if (Set.of("Failed", "Succeeded")
                .contains(String.valueOf(pod.getStatus().getPhase()))) {
            return Optional.of("is "
                    + Stream.of(
                                    pod.getStatus().getPhase(),
                                    pod.getStatus().getReason(),
                                    pod.getStatus().getMessage())
                            .filter(part -> part != null && !part.isBlank())
                            .collect(Collectors.joining(", ")));
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "pod " + name() + " (namespace " + pod.getMetadata().getNamespace() + ")";
    }
}
