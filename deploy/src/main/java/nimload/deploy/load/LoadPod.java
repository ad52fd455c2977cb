package nimload.deploy.load;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.BenchmarkPods;

/** The pod that sends the load, as it actually runs: a LimitRange may have changed what our manifest says. */
public final class LoadPod {

    /** 512 MiB of heap, plus code, threads, and Netty's buffers for responses of megabytes. */
    static final long NEEDED_MEMORY = 1L << 30;

    private final KubernetesClient client;
    private final BenchmarkPods.Kind kind;
    private final Pod pod;

    private LoadPod(KubernetesClient client, BenchmarkPods.Kind kind, Pod pod) {
        this.client = client;
        this.kind = kind;
        this.pod = pod;
    }

    /** @throws DeployException with what to do, if the pod is missing or not running */
    public static LoadPod find(KubernetesClient client, String namespace, BenchmarkPods.Kind kind) {
        if (client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName(kind.toString())
                        .get()
                == null) {
            throw new DeployException(
                    "namespace " + namespace + " has no deployment " + kind + "; run up --pod " + kind);
        }
        List<Pod> pods = client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", kind.toString())
                .list()
                .getItems();
        // A pod that is being replaced is still listed.
        return pods.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                .max(Comparator.comparing(
                        pod -> String.valueOf(pod.getMetadata().getCreationTimestamp())))
                .map(pod -> new LoadPod(client, kind, pod))
                .orElseThrow(() -> new DeployException("deployment " + kind + " (namespace " + namespace
                        + ") has no running pod: "
                        + (pods.isEmpty() ? "none was created" : describe(pods.get(pods.size() - 1)))
                        + "; see kubectl -n " + namespace + " describe pods -l app.kubernetes.io/name=" + kind));
    }

    public String name() {
        return pod.getMetadata().getName();
    }

    public String namespace() {
        return pod.getMetadata().getNamespace();
    }

    public Container container() {
        return pod.getSpec().getContainers().get(0);
    }

    /** @throws DeployException with the reason, if its CPU limit would add to the NIM's latency */
    public void requireFreeCpu() {
        Quantity cpu = limits().get("cpu");
        if (cpu != null) {
            throw new DeployException(this + ": its container has a CPU limit of " + cpu
                    + ". The kernel pauses a container that has used up its share until the next 100 ms period, and that pause would count"
                    + " as the NIM's latency. Remove limits.cpu from the deployment (a request is fine); if it is not there, see kubectl -n "
                    + namespace() + " get limitranges");
        }
    }

    /** @throws DeployException with the reason, if its memory limit has no room for the simulations' JVM */
    public void requireMemory() {
        Quantity memory = limits().get("memory");
        if (memory != null && memory.getNumericalAmount().compareTo(BigDecimal.valueOf(NEEDED_MEMORY)) < 0) {
            throw new DeployException(
                    this + ": its container has a memory limit of " + memory
                            + ", but the client needs 1Gi (512 MiB of heap plus buffers) and would be killed under load; raise limits.memory");
        }
    }

    private Map<String, Quantity> limits() {
        return Optional.ofNullable(container().getResources())
                .map(resources -> resources.getLimits())
                .orElse(Map.of());
    }

    /** Conditions that do not stop a run but matter for its numbers. */
    public List<String> warnings(List<Pod> nims) {
        List<String> warnings = new ArrayList<>();
        List<String> neighbours = nims.stream()
                .filter(nim -> nim.getSpec().getNodeName() != null
                        && nim.getSpec().getNodeName().equals(pod.getSpec().getNodeName()))
                .map(nim -> nim.getMetadata().getName())
                .toList();
        if (!neighbours.isEmpty()) {
            warnings.add(
                    "WARNING: " + this + " is on the same node ("
                            + pod.getSpec().getNodeName() + ") as "
                            + String.join(" and ", neighbours)
                            + ": client and NIM compete for CPU; move the client with a nodeSelector or podAntiAffinity in the deployment");
        }
        if (pod.getSpec().getContainers().size() > 1) {
            warnings.add("WARNING: " + this + " has additional containers ("
                    + pod.getSpec().getContainers().stream()
                            .skip(1)
                            .map(Container::getName)
                            .reduce((a, b) -> a + ", " + b)
                            .orElseThrow()
                    + "): if one is the proxy of a service mesh, its time is part of every latency");
        }
        return warnings;
    }

    /** @throws DeployException with the reason, if this pod no longer runs; an API server that does not answer is no reason */
    public void requireThere() {
        Pod now;
        try {
            now = client.pods().inNamespace(namespace()).withName(name()).get();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 0 && e.getCode() < 500) {
                throw e;
            }
            return;
        }
        String lost = switch (kind) {
            case LOAD_GENERATOR -> "; everything in it is lost. Once the deployment has created another pod, run again";
            case GENAI_PERF ->
                "; its volume keeps what was measured. Once the deployment has created another pod, run --tool genai-perf --attach fetches it";
        };
        if (now == null
                || !String.valueOf(now.getMetadata().getUid())
                        .equals(String.valueOf(pod.getMetadata().getUid()))) {
            throw new DeployException(this + " was deleted" + lost);
        }
        if (now.getMetadata().getDeletionTimestamp() != null) {
            throw new DeployException(this + " is being deleted" + lost);
        }
        if (!"Running".equals(now.getStatus().getPhase())) {
            throw new DeployException(this + ": " + describe(now) + lost);
        }
    }

    /** Why the container ended before the current one started, if Kubernetes reports it. */
    public Optional<String> lastEnd() {
        return Optional.ofNullable(
                        client.pods().inNamespace(namespace()).withName(name()).get())
                .flatMap(now -> now.getStatus().getContainerStatuses().stream()
                        .filter(status -> status.getName().equals(container().getName()))
                        .map(ContainerStatus::getLastState)
                        .filter(state -> state != null && state.getTerminated() != null)
                        .map(state -> "its container was restarted after "
                                + state.getTerminated().getReason() + " (exit code "
                                + state.getTerminated().getExitCode() + ")")
                        .findFirst());
    }

    private static String describe(Pod pod) {
        String waiting = pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getState() != null && status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting().getReason())
                .findFirst()
                .orElse("");
        return pod.getMetadata().getName() + " is "
                + List.of(
                                String.valueOf(pod.getStatus().getPhase()),
                                Optional.ofNullable(pod.getStatus().getReason()).orElse(""),
                                Optional.ofNullable(pod.getStatus().getMessage())
                                        .orElse(""),
                                waiting)
                        .stream()
                        .filter(part -> !part.isBlank())
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("in an unknown phase");
    }

    @Override
    public String toString() {
        return "pod " + name() + " (namespace " + namespace() + ")";
    }
}
