package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.cluster.Observer;
import nimload.deploy.cluster.Ownership;
import nimload.deploy.cluster.ReleaseMark;
import nimload.deploy.helm.HelmLibrary;
import nimload.deploy.helm.HelmReleases;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.report.Progress;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import nimload.deploy.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = {
            "Uninstalls the releases that up installed, and the Job of run. Model caches, Secrets and namespaces stay, so the next up is quick.",
            "",
            "--purge NAMESPACE also deletes the claims, Secrets and namespace that up created there; name each namespace.",
            "Never deletes anything that this tool did not create."
        })
final class DownCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofSeconds(2);

    private final Edges edges;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--purge",
            paramLabel = "NAMESPACE",
            split = ",",
            description =
                    "Also delete what up created in this namespace, including the model cache; separate several with commas.")
    private List<String> purge = List.of();

    private final List<String> staying = new ArrayList<>();
    private Progress progress;
    private Duration start;

    DownCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() throws InterruptedException {
        HelmLibrary.require();
        try (Workplace work = new Workplace(edges, options)) {
            requireKnown(work.settings);
            progress = new Progress(edges.out(), edges.terminal());
            start = edges.time().elapsed();
            HelmReleases helm = work.helm();
            List<NimSettings> ours = new ArrayList<>();
            for (Nim nim : options.nims()) {
                NimSettings settings = work.settings.of(nim);
                Turn.await(work, settings, options.timeout, text -> phase(nim, text));
                attempt("release " + settings.release() + " in " + settings.namespace(), () -> {
                    if (uninstall(work, helm, settings)) {
                        ours.add(settings);
                    }
                });
            }
            awaitGone(work, ours);
            if (options.only.isEmpty()) {
                work.runJob().remove().ifPresent(progress::line);
            }
            for (String namespace : purge) {
                attempt("rest of namespace " + namespace, () -> purge(work, namespace));
            }
            if (!staying.isEmpty()) {
                throw new DeployException("not everything was deleted; these stay: " + String.join(", ", staying)
                        + ". Ask an administrator to delete them, or for the permissions (doctor lists them)");
            }
            return 0;
        }
    }

    /** Goes on after what this user may not do, so that everything else is gone in the end. */
    private void attempt(String object, Runnable deletion) {
        try {
            deletion.run();
        } catch (KubernetesClientException | DeployException e) {
            if (e instanceof KubernetesClientException answer
                    && (answer.getCode() < 400 || answer.getCode() == 401 || answer.getCode() >= 500)) {
                throw e; // not about this object: the next one would meet the same
            }
            staying.add(object);
            progress.line(object + ": stays; " + Failure.line(e));
        }
    }

    private void delete(Workplace work, HasMetadata object) {
        String name = object.getKind().toLowerCase(Locale.ROOT).replace("persistentvolumeclaim", "claim") + " "
                + object.getMetadata().getName()
                + (object instanceof Namespace
                        ? ""
                        : " in " + object.getMetadata().getNamespace());
        attempt(name, () -> {
            work.client().resource(object).delete();
            progress.line(name + ": deleted");
        });
    }

    private void phase(Nim nim, String text) {
        progress.phase(nim, edges.time().elapsed().minus(start), text);
    }

    private void requireKnown(Settings settings) {
        Set<String> known = new TreeSet<>();
        options.nims().forEach(nim -> known.add(settings.of(nim).namespace()));
        if (options.only.isEmpty()) {
            known.add(settings.benchmark().namespace());
        }
        purge.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new ParameterException(
                    spec.commandLine(),
                    "--purge " + name + ": not a namespace in these settings; use one or more of "
                            + String.join(", ", known));
        });
    }

    /** False if the release is not ours. */
    private boolean uninstall(Workplace work, HelmReleases helm, NimSettings nim) {
        String release = "release " + nim.release() + " in " + nim.namespace();
        KubernetesClient client = work.client();
        if (ReleaseRecord.read(client, nim.namespace(), nim.release()).isEmpty()) {
            progress.line(release + ": not installed");
        } else if (!ReleaseMark.isSet(client, nim)) {
            progress.line(
                    release + ": not created by " + Ownership.US + ", left unchanged (helm uninstall removes it)");
            return false;
        } else {
            helm.uninstall(nim);
            progress.line(release + ": uninstalled; its claims stay");
        }
        ReleaseMark.remove(client, nim);
        work.endpointsFile().remove(nim.nim());
        return true;
    }

    /** Helm returns before the pods have ended, and only then are their GPUs free. */
    private void awaitGone(Workplace work, List<NimSettings> nims) throws InterruptedException {
        Duration deadline = edges.time().elapsed().plus(options.timeout);
        Observer observer = work.observer();
        while (true) {
            List<String> left = new ArrayList<>();
            for (NimSettings nim : nims) {
                observer.pods(nim).stream()
                        .map(pod -> pod.getMetadata().getName())
                        .forEach(pod -> {
                            phase(nim.nim(), "waiting for pod " + pod + " to end");
                            left.add("pod " + pod + " in " + nim.namespace());
                        });
            }
            if (left.isEmpty()) {
                return;
            }
            if (edges.time().elapsed().compareTo(deadline) >= 0) {
                throw new DeployException("uninstalled, but not ended after " + Installation.readable(options.timeout)
                        + ": " + String.join(", ", left) + "; see kubectl get pods --all-namespaces");
            }
            edges.time().sleep(POLL);
        }
    }

    /** Our releases are uninstalled by now: any release that is still here is someone else's, or was excluded by --only. */
    private void purge(Workplace work, String namespace) {
        KubernetesClient client = work.client();
        Set<String> releases = ReleaseRecord.names(client, namespace);
        for (Nim nim : options.nims()) {
            NimSettings settings = work.settings.of(nim);
            if (settings.namespace().equals(namespace) && !releases.contains(settings.release())) {
                work.observer().claims(settings, List.of()).forEach(claim -> delete(work, claim));
            }
        }
        Namespace found = Observer.permitted(
                        () -> client.namespaces().withName(namespace).get())
                .orElse(null);
        boolean usedByOther = options.only.isPresent()
                && List.of(Nim.values()).stream()
                        .filter(nim -> nim != options.only.get())
                        .anyMatch(nim -> work.settings.of(nim).namespace().equals(namespace));
        if (usedByOther) {
            progress.line("namespace " + namespace + " and its secrets: used by the other NIM, left unchanged");
            return;
        }
        if (!releases.isEmpty()) {
            progress.line("namespace " + namespace + " and its secrets: used by release " + String.join(", ", releases)
                    + ", left unchanged");
            return;
        }
        client.secrets()
                .inNamespace(namespace)
                .withLabels(Ownership.LABELS)
                .list()
                .getItems()
                .forEach(secret -> delete(work, secret));
        client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withLabels(Ownership.LABELS)
                .list()
                .getItems()
                .forEach(claim -> delete(work, claim));
        if (found != null && Ownership.isOurs(found)) {
            delete(work, found);
        } else if (found != null) {
            progress.line("namespace " + namespace + ": not created by " + Ownership.US + ", left unchanged");
        }
    }
}
