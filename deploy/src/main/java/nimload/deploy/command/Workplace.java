package nimload.deploy.command;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.Edges;
import nimload.deploy.KeyCheck;
import nimload.deploy.NgcKey;
import nimload.deploy.chart.ChartDownload;
import nimload.deploy.chart.ChartSource;
import nimload.deploy.cluster.Cluster;
import nimload.deploy.cluster.Observer;
import nimload.deploy.cluster.Prerequisites;
import nimload.deploy.diagnosis.Diagnose;
import nimload.deploy.helm.HelmReleases;
import nimload.deploy.load.ClusterRun;
import nimload.deploy.load.RunJob;
import nimload.deploy.registry.ImageTags;
import nimload.deploy.report.EndpointsFile;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.Settings;
import nimload.deploy.settings.SettingsFile;

/** What a command works with, built from its options and the edges. Connects to the cluster on first use. */
final class Workplace implements AutoCloseable {

    /** Charts are tens of kilobytes: a download slower than this will not finish. */
    private static final Duration DOWNLOAD_LIMIT = Duration.ofSeconds(60);

    final Edges edges;
    final Options options;
    final Settings settings;
    final Optional<NgcKey> key;
    private final Path settingsFile;
    private KubernetesClient client;

    Workplace(Edges edges, Options options) {
        this.edges = edges;
        this.options = options;
        this.settingsFile = options.settings.orElse(edges.folder().resolve("nims.yaml"));
        this.settings = SettingsFile.read(settingsFile);
        this.key = NgcKey.from(edges.environment());
    }

    Optional<Prerequisites.RegistryLogin> login() {
        String user = edges.environment().apply("NIM_REGISTRY_USERNAME");
        String password = edges.environment().apply("NIM_REGISTRY_PASSWORD");
        return user == null || password == null
                ? Optional.empty()
                : Optional.of(new Prerequisites.RegistryLogin(user, password));
    }

    /** For the image registry: the NGC key belongs to nvcr.io and is sent nowhere else. */
    private Optional<String> registryCredentials() {
        return settings.images().fromNvidia()
                ? key.map(NgcKey::basicCredentials)
                : login().map(l -> Base64.getEncoder()
                        .encodeToString((l.username() + ":" + l.password()).getBytes(StandardCharsets.UTF_8)));
    }

    Config config() {
        return Cluster.configure(options.kubeconfig, options.context, edges);
    }

    synchronized KubernetesClient client() {
        if (client == null) {
            client = Cluster.connect(config());
        }
        return client;
    }

    String context() {
        Config config = client().getConfiguration();
        return config.getCurrentContext() == null
                ? config.getMasterUrl()
                : config.getCurrentContext().getName();
    }

    HelmReleases helm() {
        return new HelmReleases(
                client().getConfiguration(),
                client().getKubernetesVersion().getGitVersion().replaceFirst("^v", ""),
                edges.target(),
                edges.exit(),
                options.debug ? edges.out()::println : text -> {});
    }

    ChartSource charts() {
        return new ChartSource(
                settingsFile.toAbsolutePath().getParent(),
                edges.target().resolve("charts"),
                new ChartDownload(edges.http(), key, DOWNLOAD_LIMIT));
    }

    /**
     * Asks every server that gets a key whether it accepts it: to be called before the key is stored anywhere.
     *
     * @throws DeployException if one does not
     */
    List<KeyCheck> checkKeys(Nim nim) {
        return Stream.of(
                        charts().checkKey(settings.of(nim)),
                        imageTags().checkKey(settings.of(nim).image()))
                .flatMap(Optional::stream)
                .toList();
    }

    ImageTags imageTags() {
        return new ImageTags(edges.http(), settings.images(), registryCredentials());
    }

    Observer observer() {
        return new Observer(client(), edges.time());
    }

    RunJob runJob() {
        return new RunJob(
                client(), settings.benchmark().namespace(), edges.folder().resolve("manifests/run.yaml"));
    }

    /** @param results where fetched runs go */
    ClusterRun clusterRun(Path results) {
        return new ClusterRun(
                client(),
                edges,
                runJob(),
                () -> Diagnose.of(observer().observeJob(settings.benchmark().namespace(), RunJob.NAME)),
                () -> options.nims().stream()
                        .flatMap(nim -> Observer.permitted(() -> observer().pods(settings.of(nim))).stream())
                        .flatMap(List::stream)
                        .toList(),
                results,
                options.timeout);
    }

    Prerequisites prerequisites(boolean adopt, boolean dryRun) {
        return new Prerequisites(client(), settings, key, login(), adopt, dryRun);
    }

    EndpointsFile endpointsFile() {
        return new EndpointsFile(edges.target().resolve("endpoints.json"));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
