package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nimload.deploy.DeployException;
import nimload.deploy.settings.Settings;

/** The pods that send load from inside the cluster: the manifests in deploy/manifests, with namespace, storage class and image from the settings. */
public final class BenchmarkPods {

    public enum Kind {
        GENAI_PERF,
        LOAD_GENERATOR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final KubernetesClient client;
    private final Settings.Benchmark settings;
    private final Path manifests;

    public BenchmarkPods(KubernetesClient client, Settings.Benchmark settings, Path manifests) {
        this.client = client;
        this.settings = settings;
        this.manifests = manifests;
    }

    /** Safe to repeat. Objects without our label are left unchanged, and so are claims: their specification is immutable. */
    public List<Prerequisites.Step> apply(Kind kind) {
        List<Prerequisites.Step> steps = new ArrayList<>();
        for (HasMetadata object : objects(kind)) {
            HasMetadata found = client.resource(object).get();
            String outcome = "created";
            if (found == null) {
                client.resource(object).create();
            } else if (!Ownership.isOurs(found)) {
                outcome = "exists, not created by " + Ownership.US + ", left unchanged";
            } else if (object instanceof Deployment) {
                client.resource(object).update();
                outcome = "updated";
            } else {
                outcome = "exists";
            }
            steps.add(new Prerequisites.Step(
                    object.getKind().toLowerCase(Locale.ROOT) + " "
                            + object.getMetadata().getName() + " in " + settings.namespace(),
                    outcome));
        }
        return steps;
    }

    /** Deletes the Deployments that we created; claims hold results and stay. */
    public List<Prerequisites.Step> remove() {
        List<Prerequisites.Step> steps = new ArrayList<>();
        client.apps()
                .deployments()
                .inNamespace(settings.namespace())
                .withLabels(Ownership.LABELS)
                .list()
                .getItems()
                .forEach(deployment -> {
                    client.resource(deployment).delete();
                    steps.add(new Prerequisites.Step(
                            "deployment " + deployment.getMetadata().getName() + " in " + settings.namespace(),
                            "deleted"));
                });
        return steps;
    }

    private List<HasMetadata> objects(Kind kind) {
        Path file = manifests.resolve(kind + ".yaml");
        try {
            List<HasMetadata> objects = client.load(Files.newInputStream(file)).items();
            objects.forEach(object -> fill(object, kind));
            return objects;
        } catch (IOException e) {
            throw new DeployException(
                    file + ": cannot be read (" + e.getMessage() + "); restore it from the repository", e);
        }
    }

    private void fill(HasMetadata object, Kind kind) {
        object.getMetadata().setNamespace(settings.namespace());
        object.getMetadata()
                .setLabels(new java.util.LinkedHashMap<>(
                        object.getMetadata().getLabels() == null
                                ? Map.of()
                                : object.getMetadata().getLabels()));
        object.getMetadata().getLabels().putAll(Ownership.LABELS);
        if (object instanceof PersistentVolumeClaim claim) {
            settings.storageClass().ifPresent(name -> claim.getSpec().setStorageClassName(name));
            claim.getSpec()
                    .getResources()
                    .setRequests(Map.of("storage", new io.fabric8.kubernetes.api.model.Quantity(settings.size())));
        }
        if (object instanceof Deployment deployment) {
            deployment
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .get(0)
                    .setImage(
                            switch (kind) {
                                case GENAI_PERF -> settings.genaiPerfImage();
                                case LOAD_GENERATOR -> settings.loadGeneratorImage();
                            });
        }
    }
}
