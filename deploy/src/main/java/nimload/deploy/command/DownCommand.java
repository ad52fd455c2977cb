package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
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

    DownCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() throws InterruptedException {
        HelmLibrary.require();
        try (Workplace work = new Workplace(edges, options)) {
            requireKnown(work.settings);
            HelmReleases helm = work.helm();
            for (Nim nim : options.nims()) {
                uninstall(work, helm, work.settings.of(nim));
            }
            if (options.only.isEmpty()) {
                work.runJob().remove().ifPresent(this::say);
            }
            for (String namespace : purge) {
                purge(work, namespace);
            }
            return 0;
        }
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

    private void uninstall(Workplace work, HelmReleases helm, NimSettings nim) throws InterruptedException {
        String release = "release " + nim.release() + " in " + nim.namespace();
        KubernetesClient client = work.client();
        if (ReleaseRecord.read(client, nim.namespace(), nim.release()).isEmpty()) {
            say(release + ": not installed");
        } else if (!ReleaseMark.isSet(client, nim)) {
            say(release + ": not created by " + Ownership.US + ", left unchanged (helm uninstall removes it)");
            return;
        } else {
            helm.uninstall(nim);
            awaitGone(work, nim);
            say(release + ": uninstalled; its claims stay");
        }
        ReleaseMark.remove(client, nim);
        work.endpointsFile().remove(nim.nim());
    }

    /** Helm returns before the pods have ended, and only then are their GPUs free. */
    private void awaitGone(Workplace work, NimSettings nim) throws InterruptedException {
        Duration deadline = edges.time().elapsed().plus(options.timeout);
        Observer observer = work.observer();
        while (!observer.pods(nim).isEmpty()) {
            if (edges.time().elapsed().compareTo(deadline) >= 0) {
                throw new DeployException("release " + nim.release() + " (namespace " + nim.namespace()
                        + "): uninstalled, but its pod still exists after " + Installation.readable(options.timeout)
                        + "; see kubectl -n " + nim.namespace() + " get pods");
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
                work.observer().claims(settings, List.of()).forEach(claim -> {
                    client.resource(claim).delete();
                    say("claim " + claim.getMetadata().getName() + " in " + namespace + ": deleted");
                });
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
            say("namespace " + namespace + " and its secrets: used by the other NIM, left unchanged");
            return;
        }
        if (!releases.isEmpty()) {
            say("namespace " + namespace + " and its secrets: used by release " + String.join(", ", releases)
                    + ", not created by " + Ownership.US + ", left unchanged");
            return;
        }
        client.secrets()
                .inNamespace(namespace)
                .withLabels(Ownership.LABELS)
                .list()
                .getItems()
                .forEach(secret -> {
                    client.resource(secret).delete();
                    say("secret " + secret.getMetadata().getName() + " in " + namespace + ": deleted");
                });
        client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withLabels(Ownership.LABELS)
                .list()
                .getItems()
                .forEach(claim -> {
                    client.resource(claim).delete();
                    say("claim " + claim.getMetadata().getName() + " in " + namespace + ": deleted");
                });
        if (found != null && Ownership.isOurs(found)) {
            client.resource(found).delete();
            say("namespace " + namespace + ": deleted");
        } else if (found != null) {
            say("namespace " + namespace + ": not created by " + Ownership.US + ", left unchanged");
        }
    }

    private void say(String text) {
        edges.out().println(text);
    }
}
