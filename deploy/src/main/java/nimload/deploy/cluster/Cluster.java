package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.ClusterBuilder;
import io.fabric8.kubernetes.api.model.NamedContextBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
        if (choice.user().getAuthProvider() != null) { // OpenID Connect: the client library renews its tokens
            Map<String, String> tokens = choice.user().getAuthProvider().getConfig();
            config.setAuthProvider(choice.user().getAuthProvider());
            config.setAutoOAuthToken(tokens.getOrDefault("access-token", tokens.get("id-token")));
            return config;
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
        KubernetesClientBuilder builder = new KubernetesClientBuilder().withConfig(config);
        if (config.getOauthTokenProvider() instanceof Credentials credentials) {
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
                new ClusterBuilder()
                        .withServer("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
                        .withCertificateAuthority(account.resolve("ca.crt").toString())
                        .build(),
                new AuthInfoBuilder().withTokenFile(token.toString()).build());
    }

    /** All but token and client certificate, which {@link Credentials} keeps. */
    private static Config config(Kubeconfig.Choice choice, EnvironmentProxy environment) {
        var cluster = choice.cluster();
        AuthInfo user = choice.user();
        boolean insecure = Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify());
        Config config = new ConfigBuilder(Config.empty())
                .withCurrentContext(new NamedContextBuilder()
                        .withName(choice.context())
                        .withNewContext()
                        .endContext()
                        .build())
                .withMasterUrl(cluster.getServer())
                .withTlsServerName(cluster.getTlsServerName())
                .withTrustCerts(insecure)
                .withDisableHostnameVerification(insecure)
                .withCaCertData(cluster.getCertificateAuthorityData())
                .withCaCertFile(
                        cluster.getCertificateAuthorityData() == null ? cluster.getCertificateAuthority() : null)
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
        String proxy = proxy(choice, config.getMasterUrl(), environment);
        config.setHttpProxy(proxy);
        config.setHttpsProxy(proxy);
        return config;
    }

    private static String proxy(Kubeconfig.Choice choice, String server, EnvironmentProxy environment) {
        String named = choice.cluster().getProxyUrl();
        if (named != null && !named.isEmpty()) {
            return EnvironmentProxy.parse("proxy-url of context " + choice.context(), named)
                    .toString();
        }
        try {
            return environment.of(URI.create(server)).map(URI::toString).orElse(null);
        } catch (IllegalArgumentException e) {
            throw new DeployException(
                    "context " + choice.context() + ": its server " + server
                            + " is not an address; correct the kubeconfig",
                    e);
        }
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
