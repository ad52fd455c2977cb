package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfoBuilder;
import io.fabric8.kubernetes.api.model.NamedClusterBuilder;
import io.fabric8.kubernetes.api.model.NamedContextBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.EnvironmentProxy;
import nimload.deploy.Unreachable;

/** Which cluster: the one that kubectl would take from the option, KUBECONFIG, ~/.kube/config, or the service account of the pod this runs in. */
public final class Cluster {

    /** An API server answers in well under a second; after this long it counts as unreachable. */
    private static final int TIMEOUT_MILLIS = 15_000;

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private Cluster() {}

    public static Config configure(Optional<Path> option, Optional<String> context, Edges edges) {
        return configure(option, context, edges, SERVICE_ACCOUNT);
    }

    static Config configure(Optional<Path> option, Optional<String> context, Edges edges, Path serviceAccount) {
        Kubeconfig kubeconfig = Kubeconfig.of(option, edges.environment());
        Kubeconfig.Choice choice = kubeconfig.isEmpty() && option.isEmpty() && context.isEmpty()
                ? inCluster(serviceAccount, edges.environment())
                : kubeconfig.choose(context);
        Config config = config(choice, new EnvironmentProxy(edges.environment()));
        if (choice.user().getAuthProvider() != null) {
            return config; // of OpenID Connect: the client library renews its tokens
        }
        Supplier<AuthInfo> again = kubeconfig.isEmpty()
                ? choice::user
                : () -> sameCluster(
                                choice,
                                Kubeconfig.of(option, edges.environment()).choose(Optional.of(choice.context())))
                        .user();
        return new Credentials(
                        again,
                        user -> new ExecPlugin(user.getExec(), choice.cluster(), edges.terminal(), edges.err()),
                        edges.time()::now)
                .keep(config);
    }

    /** A client of a reachable cluster; fails at once otherwise. */
    public static KubernetesClient connect(Config config) {
        Credentials credentials = config.getOauthTokenProvider() instanceof Credentials own ? own : null;
        KubernetesClientBuilder builder = new KubernetesClientBuilder().withConfig(config);
        if (credentials != null) {
            builder.withHttpClientFactory(new RenewableHttpClient.Factory(config))
                    .withHttpClientBuilderConsumer(
                            http -> http.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, credentials));
        }
        KubernetesClient client = builder.build();
        try {
            client.getKubernetesVersion();
            return client;
        } catch (KubernetesClientException e) {
            client.close();
            if (e.getCause() instanceof DeployException plugin) {
                throw plugin;
            }
            throw new DeployException(
                    "cluster " + config.getMasterUrl()
                            + (e.getCode() == 401
                                    ? ": rejects the credentials of this context; log in again"
                                    : e.getCode() > 0
                                            ? ": answered " + e.getCode() + through(config)
                                                    + "; check --context and what is at this address"
                                            : ": " + Unreachable.reason(e) + through(config)
                                                    + "; check --context, VPN and proxy")
                            + ", then try kubectl get nodes",
                    e);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static Kubeconfig.Choice inCluster(Path account, UnaryOperator<String> environment) {
        String host = environment.apply("KUBERNETES_SERVICE_HOST");
        String port = environment.apply("KUBERNETES_SERVICE_PORT");
        Path token = account.resolve("token");
        if (host == null || port == null || !Files.isRegularFile(token)) {
            throw new DeployException(
                    "no kubeconfig at $KUBECONFIG or ~/.kube/config; use --kubeconfig, or export KUBECONFIG=<path>");
        }
        return new Kubeconfig.Choice(
                "in-cluster",
                new io.fabric8.kubernetes.api.model.ClusterBuilder()
                        .withServer("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
                        .withCertificateAuthority(account.resolve("ca.crt").toString())
                        .build(),
                new io.fabric8.kubernetes.api.model.AuthInfoBuilder()
                        .withTokenFile(token.toString())
                        .build());
    }

    /** What the client library resolves of one context. It gets neither plugin nor token file, which {@link Credentials} reads. */
    private static Config config(Kubeconfig.Choice choice, EnvironmentProxy environment) {
        var cluster = new io.fabric8.kubernetes.api.model.ClusterBuilder(choice.cluster());
        if (choice.cluster().getCertificateAuthorityData() != null) {
            cluster.withCertificateAuthority(null);
        }
        String named = choice.cluster().getProxyUrl();
        Config config = Config.fromKubeconfig(Serialization.asYaml(new io.fabric8.kubernetes.api.model.ConfigBuilder()
                .withCurrentContext(choice.context())
                .withClusters(new NamedClusterBuilder()
                        .withName("cluster")
                        .withCluster(cluster.withProxyUrl(null).build())
                        .build())
                .withUsers(new NamedAuthInfoBuilder()
                        .withName("user")
                        .withNewUser()
                        .withAuthProvider(choice.user().getAuthProvider())
                        .endUser()
                        .build())
                .withContexts(new NamedContextBuilder()
                        .withName(choice.context())
                        .withNewContext()
                        .withCluster("cluster")
                        .withUser("user")
                        .endContext()
                        .build())
                .build()));
        String proxy = (named == null || named.isEmpty()
                        ? environment.of(URI.create(config.getMasterUrl()))
                        : Optional.of(EnvironmentProxy.parse("proxy-url of context " + choice.context(), named)))
                .map(URI::toString)
                .orElse(null);
        AuthInfo user = choice.user();
        return new ConfigBuilder(config)
                .withHttpProxy(proxy)
                .withHttpsProxy(proxy)
                .withUsername(user.getUsername())
                .withPassword(user.getPassword())
                .withImpersonateUsername(user.getAs())
                .withImpersonateGroups(
                        user.getAsGroups() == null
                                ? new String[0]
                                : user.getAsGroups().toArray(String[]::new))
                .withImpersonateExtras(user.getAsUserExtra())
                .withConnectionTimeout(TIMEOUT_MILLIS)
                .withRequestTimeout(TIMEOUT_MILLIS)
                .withRequestRetryBackoffLimit(2)
                .build();
    }

    /** Somebody may have pointed the context elsewhere: credentials of another cluster are not sent to this one. */
    private static Kubeconfig.Choice sameCluster(Kubeconfig.Choice before, Kubeconfig.Choice now) {
        if (!before.cluster().getServer().equals(now.cluster().getServer())) {
            throw new DeployException("context " + now.context() + " is another cluster now; run the command again");
        }
        return now;
    }

    private static String through(Config config) {
        return Optional.ofNullable(config.getHttpsProxy())
                .map(URI::create)
                .map(proxy -> " (through proxy " + proxy.getHost() + ":" + proxy.getPort() + ")")
                .orElse("");
    }
}
