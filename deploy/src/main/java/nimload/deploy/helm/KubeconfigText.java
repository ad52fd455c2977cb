package nimload.deploy.helm;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nimload.deploy.DeployException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A kubeconfig for Helm, as text in memory, built from what the Kubernetes client resolved. Both then talk to the same cluster as the same user,
 * whichever context was chosen (helm-java has no option for it) and wherever the credentials came from.
 */
final class KubeconfigText {

    private KubeconfigText() {}

    static String of(Config config) {
        Map<String, Object> cluster = new LinkedHashMap<>(Map.of("server", config.getMasterUrl()));
        put(cluster, "certificate-authority-data", data(config.getCaCertData(), config.getCaCertFile()));
        put(cluster, "tls-server-name", config.getTlsServerName());
        put(
                cluster,
                "proxy-url",
                config.getMasterUrl().startsWith("https:") ? config.getHttpsProxy() : config.getHttpProxy());
        if (config.isTrustCerts()) {
            cluster.remove("certificate-authority-data"); // the two exclude each other
            cluster.put("insecure-skip-tls-verify", true);
        }
        Map<String, Object> user = new LinkedHashMap<>();
        put(user, "token", token(config)); // first: it renews what has expired
        put(user, "client-certificate-data", data(config.getClientCertData(), config.getClientCertFile()));
        put(user, "client-key-data", data(config.getClientKeyData(), config.getClientKeyFile()));
        if (!user.containsKey("token")) {
            put(user, "username", config.getUsername());
            put(user, "password", config.getPassword());
        }
        put(user, "as", config.getImpersonateUsername());
        put(user, "as-groups", config.getImpersonateGroups());
        put(user, "as-user-extra", config.getImpersonateExtras());
        // JSON is valid YAML and leaves no doubt about quoting.
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Config",
                        "clusters",
                        List.of(Map.of("name", "target", "cluster", cluster)),
                        "users",
                        List.of(Map.of("name", "target", "user", user)),
                        "contexts",
                        List.of(Map.of("name", "target", "context", Map.of("cluster", "target", "user", "target"))),
                        "current-context",
                        "target"));
    }

    private static String token(Config config) {
        return config.getOauthTokenProvider() != null
                ? config.getOauthTokenProvider().getToken()
                : config.getOauthToken() != null ? config.getOauthToken() : config.getAutoOAuthToken();
    }

    private static String data(String base64, String file) {
        if (base64 != null || file == null) {
            return base64;
        }
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new DeployException(file + ": named in the kubeconfig, but not readable; correct the kubeconfig", e);
        }
    }

    private static void put(Map<String, Object> map, String key, Object value) {
        if (value != null && !value.equals("")) {
            map.put(key, value);
        }
    }
}
