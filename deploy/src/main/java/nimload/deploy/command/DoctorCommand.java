package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.EnvironmentProxy;
import nimload.deploy.KeyCheck;
import nimload.deploy.NgcKey;
import nimload.deploy.chart.Chart;
import nimload.deploy.cluster.NeededAccess;
import nimload.deploy.cluster.Observer;
import nimload.deploy.diagnosis.GpuCount;
import nimload.deploy.helm.HelmLibrary;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks in advance what up needs: Helm's library, key, charts, proxy, cluster, permissions, GPUs, storage classes.",
            "",
            "Changes nothing on the cluster. Every line that is not ok says what to do; the command fails if up would."
        })
final class DoctorCommand implements Callable<Integer> {

    private final Edges edges;
    private boolean failed;

    @Mixin
    private Options options;

    DoctorCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() {
        try (Workplace work = new Workplace(edges, options)) {
            check("helm", () -> {
                HelmLibrary.require();
                return "native library loads";
            });
            key(work);
            proxy();
            for (Nim nim : options.nims()) {
                check("chart of " + nim, () -> {
                    Chart chart = work.charts().fetch(work.settings.of(nim));
                    return chart.name() + " " + chart.version();
                });
                keyOf(work, nim);
            }
            check("cluster", () -> {
                String version = work.client().getKubernetesVersion().getGitVersion();
                return work.context() + " answers, Kubernetes " + version;
            });
            if (!failed) {
                permissions(work);
                gpus(work);
                storage(work);
            }
            return failed ? 1 : 0;
        }
    }

    private void key(Workplace work) {
        boolean cloudChart = options.nims().stream()
                .anyMatch(nim -> work.settings.of(nim).chart().startsWith("https://helm.ngc.nvidia.com"));
        if (work.key.isPresent()) {
            ok("key", NgcKey.VARIABLE + " is set");
        } else if (cloudChart || work.settings.images().fromNvidia()) {
            bad(
                    "key",
                    NgcKey.VARIABLE
                            + " is not set; create one at https://org.ngc.nvidia.com/setup/api-keys and export it");
        } else {
            warn("key", NgcKey.VARIABLE + " is not set; fine if the Secret ngc-api already exists in each namespace");
        }
    }

    /** After the chart: by now it is on disk, and its server can be asked without a download. */
    private void keyOf(Workplace work, Nim nim) {
        try {
            for (KeyCheck check : work.checkKeys(nim)) {
                say(check.unknown().isPresent() ? "note" : "ok  ", "key of " + nim, check.toString());
            }
        } catch (DeployException e) {
            bad("key of " + nim, e.getMessage());
        }
    }

    private void proxy() {
        EnvironmentProxy proxy = new EnvironmentProxy(edges.environment());
        Optional<String> https = proxy.variable("HTTPS_PROXY");
        if (https.isEmpty()) {
            ok("proxy", "no HTTPS_PROXY in the environment; downloads are direct");
        } else if (proxy.variable("NO_PROXY").isEmpty()) {
            warn(
                    "proxy",
                    "HTTPS_PROXY is set but NO_PROXY is not; if the cluster's API is on the internal network, add its host to NO_PROXY");
        } else {
            ok(
                    "proxy",
                    "HTTPS_PROXY and NO_PROXY are set; for the NIMs' own downloads, also set proxy in the settings file");
        }
    }

    private void permissions(Workplace work) {
        KubernetesClient client = work.client();
        List<String> missing = new ArrayList<>();
        List<String> reduced = new ArrayList<>();
        for (Nim nim : options.nims()) {
            NimSettings settings = work.settings.of(nim);
            for (NeededAccess access : NeededAccess.ALL) {
                if (!access.isAllowed(client, settings.namespace())) {
                    String name = access + (access.namespaced() ? " in " + settings.namespace() : "");
                    List<String> list = access.optional() ? reduced : missing;
                    if (!list.contains(name)) {
                        list.add(name);
                    }
                }
            }
        }
        if (!reduced.isEmpty()) {
            warn(
                    "permissions",
                    "not allowed: " + String.join(", ", reduced)
                            + "; up works without them but reports less, and the namespaces must already exist");
        }
        String benchmark = work.settings.benchmark().namespace();
        List<String> forRun = NeededAccess.RUN.stream()
                .filter(access -> !access.isAllowed(client, benchmark))
                .map(access -> access + " in " + benchmark)
                .toList();
        if (!forRun.isEmpty()) {
            warn(
                    "permissions",
                    "not allowed: " + String.join(", ", forRun)
                            + "; run, which sends load from inside the cluster, needs them");
        }
        if (missing.isEmpty()) {
            ok("permissions", "everything that up needs");
        } else {
            bad(
                    "permissions",
                    "not allowed: " + String.join(", ", missing)
                            + "; ask an administrator to apply deploy/manifests/rbac.yaml for you");
        }
    }

    private void gpus(Workplace work) {
        Optional<List<Node>> nodes =
                Observer.permitted(() -> work.client().nodes().list().getItems());
        if (nodes.isEmpty()) {
            warn(
                    "gpus",
                    "unknown: this user is not allowed to list nodes; ask an administrator how many nvidia.com/gpu are allocatable");
            return;
        }
        long all = nodes.get().stream().mapToLong(GpuCount::allocatable).sum();
        long requested = options.nims().stream()
                .map(work.settings::of)
                .mapToLong(nim -> (long) nim.gpus() * nim.replicas())
                .sum();
        String counts = all + " nvidia.com/gpu allocatable, " + requested + " requested";
        if (all >= requested) {
            ok("gpus", counts + " (only the scheduler knows whether they are free)");
        } else {
            bad("gpus", counts + "; add a GPU node, install NVIDIA's GPU operator, or lower gpus in the settings file");
        }
    }

    private void storage(Workplace work) {
        var classes = Observer.permitted(
                () -> work.client().storage().v1().storageClasses().list().getItems());
        if (classes.isEmpty()) {
            warn("storage", "unknown: this user is not allowed to list storage classes");
            return;
        }
        List<String> names =
                classes.get().stream().map(c -> c.getMetadata().getName()).toList();
        boolean hasDefault = classes.get().stream().anyMatch(nimload.deploy.diagnosis.StorageClasses::isDefault);
        List<String> faults = new ArrayList<>();
        for (Nim nim : options.nims()) {
            NimSettings.Persistence persistence = work.settings.of(nim).persistence();
            if (!persistence.enabled() || persistence.existingClaim().isPresent()) {
                continue;
            }
            if (persistence.storageClass().isEmpty() && !hasDefault) {
                faults.add(nim + " names no storage class and the cluster has no default class");
            } else if (persistence
                    .storageClass()
                    .filter(name -> !names.contains(name))
                    .isPresent()) {
                faults.add(nim + " names \"" + persistence.storageClass().get() + "\", which does not exist");
            }
        }
        String known = "known: " + (names.isEmpty() ? "none" : String.join(", ", names));
        if (faults.isEmpty()) {
            ok("storage", known);
        } else {
            bad(
                    "storage",
                    String.join("; ", faults) + " (" + known
                            + "); set persistence.storageClass in the settings file, or persistence.enabled: false");
        }
    }

    private void check(String what, Supplier<String> attempt) {
        try {
            ok(what, attempt.get());
        } catch (DeployException e) {
            bad(what, e.getMessage());
        }
    }

    private void ok(String what, String text) {
        say("ok  ", what, text);
    }

    private void warn(String what, String text) {
        say("note", what, text);
    }

    private void bad(String what, String text) {
        failed = true;
        say("FAIL", what, text);
    }

    private void say(String mark, String what, String text) {
        edges.out().println(mark + " " + what + ": " + text);
    }
}
