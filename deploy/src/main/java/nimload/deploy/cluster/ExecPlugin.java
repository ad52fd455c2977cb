package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.DeployException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A credential plugin of a kubeconfig, started as kubectl starts it (<a
 * href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins">client-go credential plugins</a>): without
 * a shell, with exactly the arguments given. The Kubernetes client would join them to a shell's command line.
 *
 * @param terminal whether the plugin may ask the user
 * @param err receives what the plugin writes to its error stream, as it writes it
 */
record ExecPlugin(ExecConfig exec, Cluster cluster, boolean terminal, OutputStream err) {

    /**
     * What the plugin issued.
     *
     * @param certificate PEM, together with {@code key}; null if there is none, as {@code token} may be
     * @param expires null if it does not say
     */
    record Issued(String token, String certificate, String key, Instant expires) {

        boolean isExpired(Instant now) {
            return expires != null && !now.isBefore(expires);
        }

        /** Adds the client certificate, if there is one. */
        void addTo(AuthInfo user) {
            if (certificate != null) {
                user.setClientCertificate(null);
                user.setClientKey(null);
                user.setClientCertificateData(base64(certificate));
                user.setClientKeyData(base64(key));
            }
        }

        private static String base64(String pem) {
            return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** @throws DeployException if it cannot be started, fails, or answers with something else */
    Issued run() {
        boolean interactive = terminal && !"Never".equals(exec.getInteractiveMode());
        if (!interactive && "Always".equals(exec.getInteractiveMode())) {
            throw failed("wants to ask you, and standard input is not a terminal", null);
        }
        List<String> command = new ArrayList<>(List.of(String.valueOf(exec.getCommand())));
        if (exec.getArgs() != null) {
            command.addAll(exec.getArgs());
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        if (exec.getEnv() != null) {
            exec.getEnv().forEach(entry -> builder.environment().put(entry.getName(), entry.getValue()));
        }
        builder.environment().put("KUBERNETES_EXEC_INFO", info(interactive));
        if (interactive) {
            builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
        }
        String answer;
        Process process = null;
        try {
            process = builder.start();
            if (!interactive) {
                process.getOutputStream().close();
            }
            Thread errors = passOn(process);
            answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            errors.join();
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw failed("ended with exit code " + exitCode, null);
            }
        } catch (IOException e) {
            throw failed(
                    String.valueOf(e.getMessage()).contains("error=2,")
                            ? "not found" + (exec.getCommand().contains(File.separator) ? "" : " in PATH")
                            : "cannot be started (" + e.getMessage() + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        } finally {
            if (process != null) {
                process.destroy();
            }
        }
        return issued(answer);
    }

    private Thread passOn(Process process) {
        Thread thread = new Thread(() -> {
            try {
                process.getErrorStream().transferTo(err);
                err.flush();
            } catch (IOException e) {
                // the plugin has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private Issued issued(String answer) {
        try {
            JsonNode json = Serialization.unmarshal(answer, JsonNode.class);
            if (json == null || !"ExecCredential".equals(json.path("kind").asString(""))) {
                throw failed("its output is not an ExecCredential", null);
            }
            String version = json.path("apiVersion").asString("");
            if (!version.equals(exec.getApiVersion())) {
                throw failed(
                        "answers with apiVersion " + version + ", but the kubeconfig says " + exec.getApiVersion(),
                        null);
            }
            JsonNode status = json.path("status");
            Issued issued = new Issued(
                    text(status, "token"),
                    text(status, "clientCertificateData"),
                    text(status, "clientKeyData"),
                    Optional.ofNullable(text(status, "expirationTimestamp"))
                            .map(time -> OffsetDateTime.parse(time).toInstant())
                            .orElse(null));
            if (issued.token == null && issued.certificate == null
                    || (issued.certificate == null) != (issued.key == null)) {
                throw failed("issued neither a token nor a client certificate with its key", null);
            }
            return issued;
        } catch (DeployException e) {
            throw e;
        } catch (DateTimeParseException e) {
            throw failed("its expirationTimestamp is not a time", null);
        } catch (RuntimeException e) {
            throw failed("its output is not JSON", null); // no cause: that one quotes the output
        }
    }

    private static String text(JsonNode status, String name) {
        String text = status.path(name).asString("");
        return text.isEmpty() ? null : text;
    }

    private String info(boolean interactive) {
        Map<String, Object> spec = new LinkedHashMap<>(Map.of("interactive", interactive));
        if (Boolean.TRUE.equals(exec.getProvideClusterInfo())) {
            Map<String, Object> target = new LinkedHashMap<>();
            put(target, "server", cluster.getServer());
            put(target, "tls-server-name", cluster.getTlsServerName());
            put(target, "insecure-skip-tls-verify", cluster.getInsecureSkipTlsVerify());
            put(target, "certificate-authority-data", authority());
            put(target, "proxy-url", cluster.getProxyUrl());
            if (cluster.getExtensions() != null) {
                cluster.getExtensions().stream()
                        .filter(extension -> "client.authentication.k8s.io/exec".equals(extension.getName()))
                        .forEach(extension -> put(target, "config", extension.getExtension()));
            }
            spec.put("cluster", target);
        }
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "apiVersion", String.valueOf(exec.getApiVersion()), "kind", "ExecCredential", "spec", spec));
    }

    private String authority() {
        String file = cluster.getCertificateAuthority();
        if (cluster.getCertificateAuthorityData() != null || file == null) {
            return cluster.getCertificateAuthorityData();
        }
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new DeployException(file + ": named in the kubeconfig, but not readable; correct the kubeconfig", e);
        }
    }

    private static void put(Map<String, Object> map, String key, Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    private DeployException failed(String what, Exception cause) {
        String hint = exec.getInstallHint() == null || exec.getInstallHint().isBlank()
                ? "correct the user's exec entry in the kubeconfig, or log in as your cluster's provider describes"
                : exec.getInstallHint().strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "");
        return new DeployException("credential plugin " + exec.getCommand() + ": " + what + "; " + hint, cause);
    }
}
