package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import nimload.deploy.DeployException;

/**
 * What each request to the cluster identifies itself with, kept valid through a wait of 45 minutes: a token file is read again for each request, a
 * plugin runs again when what it issued has expired, and after a 401 the kubeconfig is read again, in case the user has logged in meanwhile.
 */
final class Credentials implements OAuthTokenProvider, Interceptor {

    private static final String HEADER = "Authorization";

    private final Supplier<AuthInfo> kubeconfig;
    private final Function<AuthInfo, ExecPlugin> plugin;
    private final Supplier<Instant> now;
    private Config config;
    private AuthInfo user;
    private ExecPlugin.Issued issued;

    /**
     * @param kubeconfig the context's user as the files say now
     * @param plugin of a user with exec
     */
    Credentials(Supplier<AuthInfo> kubeconfig, Function<AuthInfo, ExecPlugin> plugin, Supplier<Instant> now) {
        this.kubeconfig = kubeconfig;
        this.plugin = plugin;
        this.now = now;
        this.user = kubeconfig.get();
    }

    /** From now on this configuration has the client certificate that is valid. */
    synchronized Config keep(Config kept) {
        config = kept;
        config.setOauthTokenProvider(this);
        update();
        return config;
    }

    /** For Helm, which gets a kubeconfig for each call. */
    @Override
    public synchronized String getToken() {
        update();
        if (user.getTokenFile() != null && !user.getTokenFile().isEmpty()) {
            try {
                return Files.readString(Path.of(user.getTokenFile())).strip();
            } catch (IOException e) {
                if (isUnset(user.getToken())) {
                    throw new DeployException(user.getTokenFile()
                            + ": named in the kubeconfig, but not readable; correct the kubeconfig");
                }
            }
        }
        return !isUnset(user.getToken()) ? user.getToken() : issued == null ? null : issued.token();
    }

    @Override
    public void before(BasicBuilder request, HttpRequest original, RequestTags tags) {
        String header = header();
        if (header != null) {
            request.setHeader(HEADER, header);
        }
    }

    @Override
    public CompletableFuture<Boolean> afterFailure(BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
        if (response.code() != 401) {
            return CompletableFuture.completedFuture(false);
        }
        boolean renewed = renew(response.request().header(HEADER));
        if (renewed) {
            before(request, response.request(), tags);
        }
        return CompletableFuture.completedFuture(renewed);
    }

    /** Whether there is anything else to try than what was rejected. */
    private synchronized boolean renew(String rejected) {
        if (rejected != null && !rejected.equals(header())) {
            return true; // renewed by another request meanwhile
        }
        String certificate = config.getClientCertData() + config.getClientCertFile();
        try {
            user = kubeconfig.get();
        } catch (DeployException e) {
            // being written, or gone: what was read last still counts
        }
        issued = null;
        update();
        return !Objects.equals(rejected, header())
                || !certificate.equals(config.getClientCertData() + config.getClientCertFile());
    }

    private synchronized String header() {
        String token = getToken();
        return token != null
                ? "Bearer " + token
                : isUnset(user.getUsername())
                        ? null
                        : HttpClientUtils.basicCredentials(
                                user.getUsername(), Objects.requireNonNullElse(user.getPassword(), ""));
    }

    /** As in client-go, a token or password in the kubeconfig makes the plugin unnecessary. */
    private void update() {
        if (user.getExec() != null
                && isUnset(user.getToken())
                && isUnset(user.getTokenFile())
                && isUnset(user.getUsername())
                && (issued == null || issued.isExpired(now.get()))) {
            issued = plugin.apply(user).run();
            issued.addTo(user);
        }
        config.setClientCertData(user.getClientCertificateData());
        config.setClientCertFile(user.getClientCertificate());
        config.setClientKeyData(user.getClientKeyData());
        config.setClientKeyFile(user.getClientKey());
        config.setClientKeyAlgo(Config.getKeyAlgorithm(user.getClientKey(), user.getClientKeyData()));
    }

    private static boolean isUnset(String text) {
        return text == null || text.isEmpty();
    }
}
