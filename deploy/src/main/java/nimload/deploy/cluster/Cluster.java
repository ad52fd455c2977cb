package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.deploy.DeployException;

/** Which cluster: the option, then KUBECONFIG, then ~/.kube/config, then the service account of the pod this runs in. */
public final class Cluster {

    /** An API server answers in well under a second; after this long it counts as unreachable. */
    private static final int TIMEOUT_MILLIS = 15_000;

    private Cluster() {}

    public static Config configure(
            Optional<Path> kubeconfig, Optional<String> context, UnaryOperator<String> environment) {
        List<Path> files = kubeconfig.map(List::of).orElseGet(() -> fromEnvironment(environment)).stream()
                .filter(Files::isRegularFile)
                .toList();
        if (files.isEmpty()) {
            if (kubeconfig.isEmpty() && environment.apply("KUBERNETES_SERVICE_HOST") != null) {
                return limited(Config.autoConfigure(null));
            }
            throw new DeployException("no kubeconfig at "
                    + kubeconfig.map(Path::toString).orElse("$KUBECONFIG or ~/.kube/config")
                    + "; use --kubeconfig, or export KUBECONFIG=<path>");
        }
        Map<Path, io.fabric8.kubernetes.api.model.Config> read = new LinkedHashMap<>();
        files.forEach(file -> read.put(file, read(file)));
        return read.entrySet().stream()
                .flatMap(entry -> chosen(entry.getKey(), entry.getValue(), context).stream())
                .findFirst()
                .map(Cluster::limited)
                .orElseThrow(() -> {
                    String known = read.values().stream()
                            .flatMap(model -> names(model).stream())
                            .collect(Collectors.joining(", "));
                    return new DeployException(context.map(name -> "--context " + name + ": no such context")
                                    .orElse("no current context is set")
                            + " in " + files + "; use --context with one of: " + known);
                });
    }

    /** A client of a reachable cluster; fails at once otherwise. */
    public static KubernetesClient connect(Config config) {
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        try {
            client.getKubernetesVersion();
            return client;
        } catch (KubernetesClientException e) {
            client.close();
            throw new DeployException(
                    "cluster " + config.getMasterUrl()
                            + (e.getCode() == 401
                                    ? ": rejects the credentials of this context; log in again"
                                    : ": no answer (" + firstCause(e) + "); check --context, VPN and proxy")
                            + ", then try kubectl get nodes",
                    e);
        }
    }

    private static List<Path> fromEnvironment(UnaryOperator<String> environment) {
        String variable = environment.apply("KUBECONFIG");
        if (variable != null && !variable.isBlank()) {
            return Stream.of(variable.split(File.pathSeparator))
                    .filter(part -> !part.isBlank())
                    .map(Path::of)
                    .toList();
        }
        String home = environment.apply("HOME") != null ? environment.apply("HOME") : environment.apply("USERPROFILE");
        return home == null ? List.of() : List.of(Path.of(home, ".kube", "config"));
    }

    private static io.fabric8.kubernetes.api.model.Config read(Path file) {
        try {
            io.fabric8.kubernetes.api.model.Config model =
                    Serialization.unmarshal(Files.readString(file), io.fabric8.kubernetes.api.model.Config.class);
            return model == null ? new io.fabric8.kubernetes.api.model.Config() : model;
        } catch (IOException | RuntimeException e) {
            throw new DeployException(
                    file + ": cannot be read as a kubeconfig ("
                            + firstCause(e).lines().findFirst().orElse("")
                            + "); correct it, or use another with --kubeconfig",
                    e);
        }
    }

    private static Optional<Config> chosen(
            Path file, io.fabric8.kubernetes.api.model.Config model, Optional<String> context) {
        String wanted = context.orElse(model.getCurrentContext());
        if (wanted == null || !names(model).contains(wanted)) {
            return Optional.empty();
        }
        model.setCurrentContext(wanted);
        // If given the file as well, the client would take the current context from it, and with it another cluster.
        makeAbsolute(model, file.toAbsolutePath().getParent());
        return Optional.of(Config.fromKubeconfig(Serialization.asYaml(model)));
    }

    /** Paths in a kubeconfig are relative to its folder. */
    private static void makeAbsolute(io.fabric8.kubernetes.api.model.Config model, Path folder) {
        UnaryOperator<String> absolute = path ->
                path == null || path.isEmpty() ? path : folder.resolve(path).toString();
        model.getClusters()
                .forEach(named -> named.getCluster()
                        .setCertificateAuthority(
                                absolute.apply(named.getCluster().getCertificateAuthority())));
        model.getUsers().forEach(named -> {
            AuthInfo user = named.getUser();
            user.setClientCertificate(absolute.apply(user.getClientCertificate()));
            user.setClientKey(absolute.apply(user.getClientKey()));
            user.setTokenFile(absolute.apply(user.getTokenFile()));
        });
    }

    private static List<String> names(io.fabric8.kubernetes.api.model.Config model) {
        return model.getContexts().stream().map(NamedContext::getName).toList();
    }

    private static Config limited(Config config) {
        return new ConfigBuilder(config)
                .withConnectionTimeout(TIMEOUT_MILLIS)
                .withRequestTimeout(TIMEOUT_MILLIS)
                .withRequestRetryBackoffLimit(2)
                .build();
    }

    private static String firstCause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
