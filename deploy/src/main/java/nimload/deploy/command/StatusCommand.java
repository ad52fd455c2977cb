package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.cluster.Observer;
import nimload.deploy.diagnosis.Diagnose;
import nimload.deploy.diagnosis.GpuCount;
import nimload.deploy.diagnosis.Observation;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.report.Table;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows releases, pods, services, claims and GPUs of both NIMs in one table, like kubectl get all with a reason column.",
            "",
            "Read-only. The nim row shows what up would report right now."
        })
final class StatusCommand implements Callable<Integer> {

    private final Edges edges;

    @Mixin
    private Options options;

    StatusCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() {
        try (Workplace work = new Workplace(edges, options)) {
            Table table = new Table("NAMESPACE", "KIND", "NAME", "STATUS", "REASON");
            Observer observer = work.observer();
            for (Nim nim : options.nims()) {
                rows(table, work.client(), work.settings.of(nim), observer.observe(work.settings.of(nim)));
            }
            Observer.permitted(() -> work.client().nodes().list().getItems())
                    .ifPresentOrElse(
                            nodes -> nodes.stream()
                                    .filter(node -> GpuCount.allocatable(node) > 0)
                                    .forEach(node -> table.row(
                                            "-",
                                            "gpu",
                                            node.getMetadata().getName(),
                                            GpuCount.allocatable(node) + " allocatable",
                                            Optional.ofNullable(
                                                            node.getMetadata().getLabels())
                                                    .map(labels -> labels.get("nvidia.com/gpu.product"))
                                                    .orElse("-"))),
                            () -> table.row("-", "gpu", "-", "unknown", "this user is not allowed to list nodes"));
            edges.out().print(table);
            return 0;
        }
    }

    private static void rows(Table table, KubernetesClient client, NimSettings nim, Observation seen) {
        String namespace = nim.namespace();
        Optional<ReleaseRecord> release = ReleaseRecord.read(client, namespace, nim.release());
        table.row(namespace, "nim", nim.nim().toString(), state(seen, release), reason(seen, release));
        release.ifPresent(r -> table.row(
                namespace,
                "release",
                r.name(),
                r.status() + " (revision " + r.revision() + ")",
                r.chart() + " " + r.chartVersion() + ", " + r.description()));
        seen.pods()
                .forEach(pod -> table.row(
                        namespace,
                        "pod",
                        pod.getMetadata().getName(),
                        String.valueOf(pod.getStatus().getPhase()),
                        Optional.ofNullable(pod.getSpec().getNodeName())
                                .map(node -> "on " + node)
                                .orElse("on no node yet")));
        client.services().inNamespace(namespace).withLabel(Observer.INSTANCE, nim.release()).list().getItems().stream()
                .sorted(Comparator.comparing(service -> service.getMetadata().getName()))
                .forEach(service -> table.row(
                        namespace,
                        "service",
                        service.getMetadata().getName(),
                        service.getSpec().getType() == null
                                ? "ClusterIP"
                                : service.getSpec().getType(),
                        ports(service)));
        seen.claims()
                .forEach(claim -> table.row(
                        namespace,
                        "claim",
                        claim.getMetadata().getName(),
                        String.valueOf(claim.getStatus().getPhase()),
                        claim.getSpec().getResources().getRequests().get("storage") + ", class "
                                + Optional.ofNullable(claim.getSpec().getStorageClassName())
                                        .orElse("none")));
    }

    private static String state(Observation seen, Optional<ReleaseRecord> release) {
        return release.isEmpty() && seen.pods().isEmpty()
                ? "absent"
                : Diagnose.of(seen).state().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String reason(Observation seen, Optional<ReleaseRecord> release) {
        return release.isEmpty() && seen.pods().isEmpty()
                ? "not installed; up installs it"
                : Diagnose.of(seen).toString();
    }

    private static String ports(Service service) {
        return ("None".equals(service.getSpec().getClusterIP()) ? "headless, " : "") + "port "
                + service.getSpec().getPorts().stream()
                        .map(port -> port.getPort()
                                + (port.getNodePort() == null ? "" : " (node port " + port.getNodePort() + ")"))
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("none");
    }
}
