package nimload.deploy.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UninstallCommand;
import com.marcnuri.helm.UpgradeCommand;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import nimload.deploy.DeployException;
import nimload.deploy.chart.Chart;
import nimload.deploy.settings.NimSettings;
import org.apache.commons.codec.digest.DigestUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Helm on one cluster, one call at a time. Nothing here waits for pods: Helm's own wait reports only "context deadline exceeded", whereas {@link
 * nimload.deploy.diagnosis.Diagnose} says why.
 */
public final class HelmReleases {

    /** For what Helm itself waits for: without --wait only hooks, and NVIDIA's charts have none. */
    private static final int HELM_TIMEOUT_SECONDS = 120;

    /** What JSON may have as it is, but YAML, as which Helm reads it, refuses or takes as the end of a line. */
    private static final Pattern NOT_IN_YAML = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029\\ufeff]");

    private final Config config;
    private final String kubeVersion;
    private final Path work;
    private final IntConsumer exit;
    private final Consumer<String> debug;

    /**
     * @param kubeVersion the cluster's, e.g. 1.32.0: without it Helm renders for 1.20
     * @param work where values files are written
     * @param exit ends the JVM when a signal arrives during a call
     * @param debug receives Helm's own output; a no-op by default
     */
    public HelmReleases(Config config, String kubeVersion, Path work, IntConsumer exit, Consumer<String> debug) {
        HelmLibrary.require();
        this.config = config;
        this.kubeVersion = kubeVersion;
        this.work = work;
        this.exit = exit;
        this.debug = debug;
    }

    public void install(NimSettings nim, Chart chart, Map<String, Object> values) {
        InstallCommand command = new Helm(chart.folder())
                .install()
                .withName(nim.release())
                .withNamespace(nim.namespace())
                .withKubeConfigContents(KubeconfigText.of(config))
                .withTimeout(HELM_TIMEOUT_SECONDS)
                .withValuesFile(write(nim, values))
                .debug();
        Release release = guarded("install", nim, command::call);
        debug.accept(release.getOutput());
    }

    public void upgrade(NimSettings nim, Chart chart, Map<String, Object> values) {
        UpgradeCommand command = new Helm(chart.folder())
                .upgrade()
                .withName(nim.release())
                .withNamespace(nim.namespace())
                .withKubeConfigContents(KubeconfigText.of(config))
                .withTimeout(HELM_TIMEOUT_SECONDS)
                .resetValues() // values removed from the settings file must not survive
                .withValuesFile(write(nim, values))
                .debug();
        Release release = guarded("upgrade", nim, command::call);
        debug.accept(release.getOutput());
    }

    /** Safe to repeat. Returns before the pods are gone; claims created by a StatefulSet stay. */
    public void uninstall(NimSettings nim) {
        UninstallCommand command = Helm.uninstall(nim.release())
                .withNamespace(nim.namespace())
                .withKubeConfigContents(KubeconfigText.of(config))
                .ignoreNotFound();
        debug.accept(guarded("uninstall", nim, command::call));
    }

    /** The manifests that an install would send. Sends nothing and does not contact the cluster. */
    public String template(NimSettings nim, Chart chart, Map<String, Object> values) {
        return guarded(
                "template",
                nim,
                new Helm(chart.folder())
                        .template()
                        .withName(nim.release())
                        .withNamespace(nim.namespace())
                        .withKubeVersion(kubeVersion)
                        .withValuesFile(write(nim, values))::call);
    }

    private <T> T guarded(String verb, NimSettings nim, Supplier<T> call) {
        try {
            return guarded(exit, call);
        } catch (IllegalStateException e) {
            throw new DeployException(
                    "release " + nim.release() + " (namespace " + nim.namespace() + "): helm " + verb + " failed: "
                            + oneLine(e.getMessage())
                            + ". Fix the cause and run the command again: it continues from here",
                    e);
        }
    }

    static <T> T guarded(IntConsumer exit, Supplier<T> call) {
        synchronized (HelmReleases.class) { // signal handlers belong to the JVM, not to one call
            return new InterruptGuard(exit).during(call);
        }
    }

    private Path write(NimSettings nim, Map<String, Object> values) {
        try {
            String json = NOT_IN_YAML
                    .matcher(JsonMapper.shared().writeValueAsString(values))
                    .replaceAll(
                            found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
            // Named by its content: another command in this checkout may have other values.
            Path file = withoutComma(work.resolve(
                            nim.nim() + "-values-" + DigestUtils.sha256Hex(json).substring(0, 12) + ".json")
                    .toAbsolutePath());
            Path part = Files.createTempFile(Files.createDirectories(work), "values", ".part");
            Files.writeString(part, json);
            return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new DeployException(
                    work + ": cannot be written (" + e.getMessage() + "); free up space or fix the permissions", e);
        }
    }

    static Path withoutComma(Path file) {
        if (file.toString().contains(",")) {
            throw new DeployException(
                    file
                            + ": contains a comma, at which Helm splits the paths of values files; move the project to a folder without one");
        }
        return file;
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
