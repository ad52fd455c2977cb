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
            "Checks what up needs before it is run: Helm's library, key, charts, proxy, cluster, rights, GPUs, storage classes.",
            "",
            "Changes nothing on the cluster. Each line that is not ok says what to do; the command fails if up would."
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
            }
            check("cluster", () -> {
                String version = work.client().getKubernetesVersion().getGitVersion();
                return work.context() + " answers, Kubernetes " + version;
            });
            if (!failed) {
                rights(work);
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
                            + " is not set; make one at https://org.ngc.nvidia.com/setup/api-keys and export it");
        } else {
            warn("key", NgcKey.VARIABLE + " is not set; fine if the Secret ngc-api exists in each namespace already");
        }
    }

    private void proxy() {
        EnvironmentProxy proxy = new EnvironmentProxy(edges.environment());
        Optional<String> https = proxy.variable("https_proxy");
        if (https.isEmpty()) {
            ok("proxy", "none in the environment (HTTPS_PROXY); downloads go out directly");
        } else if (proxy.variable("no_proxy").isEmpty()) {
            warn(
                    "proxy",
                    "HTTPS_PROXY is set and NO_PROXY is not: if the cluster's API is inside, add its host to NO_PROXY");
        } else {
            ok(
                    "proxy",
                    "HTTPS_PROXY and NO_PROXY are set; for the NIMs' own downloads set proxy in the settings file as well");
        }
    }

    private void rights(Workplace work) {
        KubernetesClient client = work.client();
        List<String> missing = new ArrayList<>();
        List<String> less = new ArrayList<>();
        for (Nim nim : options.nims()) {
            NimSettings settings = work.settings.of(nim);
            for (NeededAccess access : NeededAccess.ALL) {
                if (!access.isAllowed(client, settings.namespace())) {
                    String name = access + (access.namespaced() ? " in " + settings.namespace() : "");
                    List<String> list = access.optional() ? less : missing;
                    if (!list.contains(name)) {
                        list.add(name);
                    }
                }
            }
        }
        if (!less.isEmpty()) {
            warn(
                    "rights",
                    "not allowed: " + String.join(", ", less)
                            + "; up works without, but says less, and the namespaces must exist");
        }
        String benchmark = work.settings.benchmark().namespace();
        List<String> forRun = NeededAccess.RUN.stream()
                .filter(access -> !access.isAllowed(client, benchmark))
                .map(access -> access + " in " + benchmark)
                .toList();
        if (!forRun.isEmpty()) {
            warn(
                    "rights",
                    "not allowed: " + String.join(", ", forRun)
                            + "; run, the load from inside the cluster, needs them");
        }
        if (missing.isEmpty()) {
            ok("rights", "all that up needs");
        } else {
            bad(
                    "rights",
                    "not allowed: " + String.join(", ", missing)
                            + "; ask an administrator to apply deploy/manifests/rbac.yaml for you");
        }
    }

    private void gpus(Workplace work) {
        Optional<List<Node>> nodes =
                Observer.permitted(() -> work.client().nodes().list().getItems());
        if (nodes.isEmpty()) {
            warn("gpus", "unknown: this user may not list nodes; ask how many " + "nvidia.com/gpu are allocatable");
            return;
        }
        long all = nodes.get().stream().mapToLong(GpuCount::allocatable).sum();
        long asked = options.nims().stream()
                .mapToLong(nim -> work.settings.of(nim).gpus())
                .sum();
        String counts = all + " nvidia.com/gpu allocatable, " + asked + " asked for";
        if (all >= asked) {
            ok("gpus", counts + " (whether they are free is known only to the scheduler)");
        } else {
            bad("gpus", counts + "; add a GPU node, install NVIDIA's GPU operator, or lower gpus in the settings file");
        }
    }

    private void storage(Workplace work) {
        var classes = Observer.permitted(
                () -> work.client().storage().v1().storageClasses().list().getItems());
        if (classes.isEmpty()) {
            warn("storage", "unknown: this user may not list storage classes");
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
                faults.add(nim + " names no storage class and the cluster has no default one");
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
