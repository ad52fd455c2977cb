package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nimload.deploy.DeployException;
import nimload.deploy.NgcKey;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.settings.NimSettings;
import nimload.deploy.settings.Settings;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Helm needs first: the namespace, the two Secrets, and a mark that the release is ours. Each step is safe to repeat, and objects without our
 * label are left unchanged.
 */
public final class Prerequisites {

    /** The outcome of one step, for display. */
    public record Step(String object, String outcome) {}

    /** Registry credentials other than the NGC key. */
    public record RegistryLogin(String username, String password) {
        @Override
        public String toString() {
            return "RegistryLogin of " + username;
        }
    }

    private final KubernetesClient client;
    private final Settings settings;
    private final Optional<NgcKey> key;
    private final Optional<RegistryLogin> login;
    private final boolean adopt;
    private final boolean dryRun;

    /**
     * @param adopt whether objects without our label may be taken over
     * @param dryRun whether to report what would happen and change nothing
     */
    public Prerequisites(
            KubernetesClient client,
            Settings settings,
            Optional<NgcKey> key,
            Optional<RegistryLogin> login,
            boolean adopt,
            boolean dryRun) {
        this.client = client;
        this.settings = settings;
        this.key = key;
        this.login = login;
        this.adopt = adopt;
        this.dryRun = dryRun;
    }

    /**
     * To be called before anything is created: a foreign namespace must not be given our key.
     *
     * @throws DeployException if somebody else installed the release and {@code adopt} is not given
     */
    public void requireOurs(NimSettings nim) {
        if (!adopt
                && !ReleaseMark.isSet(client, nim)
                && ReleaseRecord.read(client, nim.namespace(), nim.release()).isPresent()) {
            throw new DeployException("release " + nim.release() + " (namespace " + nim.namespace()
                    + "): exists and was not created by " + Ownership.US
                    + "; choose another release name in the settings file, or take it over with --adopt");
        }
    }

    public List<Step> ensure(NimSettings nim) {
        return List.of(namespace(nim.namespace()), apiSecret(nim), pullSecret(nim.namespace()), releaseMark(nim));
    }

    public Step namespace(String name) {
        Optional<Namespace> found;
        try {
            found = Optional.ofNullable(client.namespaces().withName(name).get());
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403) {
                throw e;
            }
            return new Step("namespace " + name, "not visible to this user, assumed to exist");
        }
        if (found.isPresent()) {
            return new Step("namespace " + name, "exists");
        }
        if (!dryRun) {
            create(new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withLabels(Ownership.LABELS)
                    .endMetadata()
                    .build());
        }
        return new Step("namespace " + name, created());
    }

    private Step apiSecret(NimSettings nim) {
        return secret(
                nim.namespace(),
                Settings.API_SECRET,
                "Opaque",
                key.map(k -> Map.of("NGC_API_KEY", k.reveal())),
                "export NGC_API_KEY=<your key>");
    }

    /** The pull Secret in a namespace that may do without one; empty if it is not there and there is nothing to create it from. */
    public Optional<String> pullSecretIn(String namespace) {
        String name = settings.images().pullSecret();
        boolean creatable = settings.images().fromNvidia() ? key.isPresent() : login.isPresent();
        if (!creatable && client.secrets().inNamespace(namespace).withName(name).get() == null) {
            return Optional.empty();
        }
        pullSecret(namespace);
        return Optional.of(name);
    }

    private Step pullSecret(String namespace) {
        Settings.Images images = settings.images();
        Optional<String> docker = images.fromNvidia()
                ? key.map(k -> dockerConfig(images.registry(), NgcKey.USER, k.reveal(), k.basicCredentials()))
                : login.map(l -> dockerConfig(
                        images.registry(),
                        l.username(),
                        l.password(),
                        Base64.getEncoder()
                                .encodeToString((l.username() + ":" + l.password()).getBytes(StandardCharsets.UTF_8))));
        return secret(
                namespace,
                images.pullSecret(),
                "kubernetes.io/dockerconfigjson",
                docker.map(text -> Map.of(".dockerconfigjson", text)),
                images.fromNvidia()
                        ? "export NGC_API_KEY=<your key>"
                        : "create it, or export NIM_REGISTRY_USERNAME and NIM_REGISTRY_PASSWORD");
    }

    private Step secret(
            String namespace, String name, String type, Optional<Map<String, String>> content, String howToProvide) {
        String object = "secret " + name + " in " + namespace;
        Secret found = client.secrets().inNamespace(namespace).withName(name).get();
        if (content.isEmpty()) {
            if (found == null) {
                throw new DeployException(object + ": missing, and there is nothing to create it from; " + howToProvide
                        + ", then run the command again");
            }
            return new Step(object, "exists, used unchanged");
        }
        Secret wanted = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(Ownership.LABELS)
                .endMetadata()
                .withType(type)
                .withData(base64(content.get()))
                .build();
        if (found == null) {
            if (!dryRun) {
                create(wanted);
            }
            return new Step(object, created());
        }
        if (wanted.getData().equals(found.getData())) {
            return new Step(object, "exists, up to date");
        }
        if (!Ownership.isOurs(found) && !adopt) {
            return new Step(
                    object,
                    "exists with different content, not created by " + Ownership.US
                            + ", left unchanged (--adopt replaces it)");
        }
        if (!dryRun) {
            // A Secret's type is immutable, so a Secret of another type has to be deleted first.
            if (!type.equals(found.getType())) {
                client.resource(found).delete();
                create(wanted);
            } else {
                client.resource(wanted).update();
            }
        }
        return new Step(object, dryRun ? "would be replaced" : "replaced");
    }

    /** A ConfigMap written before the install, so that an interrupted install is still known as ours. */
    private Step releaseMark(NimSettings nim) {
        String object = "configmap " + ReleaseMark.name(nim) + " in " + nim.namespace();
        if (ReleaseMark.isSet(client, nim)) {
            return new Step(object, "exists");
        }
        if (!dryRun) {
            create(new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(ReleaseMark.name(nim))
                    .withNamespace(nim.namespace())
                    .withLabels(Ownership.LABELS)
                    .endMetadata()
                    .withData(Map.of("release", nim.release()))
                    .build());
        }
        return new Step(object, created());
    }

    private void create(io.fabric8.kubernetes.api.model.HasMetadata object) {
        try {
            client.resource(object).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409) { // someone else created it just now: just as good
                throw e;
            }
        }
    }

    private String created() {
        return dryRun ? "would be created" : "created";
    }

    /** Always the same text for the same login: Map.of has a different order in each JVM, and every up would replace the Secret. */
    private static String dockerConfig(String registry, String user, String password, String auth) {
        Map<String, String> login = new TreeMap<>(Map.of("username", user, "password", password, "auth", auth));
        return JsonMapper.shared().writeValueAsString(Map.of("auths", Map.of(registry, login)));
    }

    private static Map<String, String> base64(Map<String, String> content) {
        return content.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Base64.getEncoder()
                                .encodeToString(entry.getValue().getBytes(StandardCharsets.UTF_8))));
    }
}
