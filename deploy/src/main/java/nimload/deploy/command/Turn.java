package nimload.deploy.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import nimload.deploy.DeployException;
import nimload.deploy.Time;
import nimload.deploy.cluster.Observer;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.settings.NimSettings;

/** Two commands must not change a release at once: the second one waits here for the first. */
final class Turn {

    /**
     * A pending record that is older was left by a killed Helm. Without --wait, Helm's part of {@code up} takes seconds; hooks may take the two
     * minutes of {@link nimload.deploy.helm.HelmReleases}, and an admission webhook up to 30 s (Kubernetes' limit) for each of a chart's six objects.
     */
    private static final Duration LEFTOVER_AFTER = Duration.ofMinutes(5);

    private static final Duration POLL = Duration.ofSeconds(3);

    private Turn() {}

    /**
     * Waits while a Helm call of another command is under way, or while the namespace is being deleted.
     *
     * @return the release's record then; a pending one is a leftover
     * @throws DeployException if that takes longer than {@code timeout}
     */
    static Optional<ReleaseRecord> await(Workplace work, NimSettings nim, Duration timeout, Consumer<String> phase)
            throws InterruptedException {
        Time time = work.edges.time();
        Duration start = time.elapsed();
        Instant serverStart = null;
        while (true) {
            Duration waited = time.elapsed().minus(start);
            Optional<ReleaseRecord> found = ReleaseRecord.read(work.client(), nim.namespace(), nim.release());
            if (serverStart == null && found.filter(ReleaseRecord::isPending).isPresent()) {
                serverStart = serverTime(work).minus(waited);
            }
            Instant now = serverStart == null ? Instant.EPOCH : serverStart.plus(waited);
            Optional<String> reason = terminating(work.client(), nim.namespace())
                    ? Optional.of("namespace " + nim.namespace() + " is being deleted")
                    : found.filter(record -> isYoung(record, now)).map(Turn::atWork);
            if (reason.isEmpty()) {
                return found;
            }
            if (waited.compareTo(timeout) >= 0) {
                throw new DeployException("release " + nim.release() + " (namespace " + nim.namespace() + "): "
                        + reason.get() + "; waited " + Installation.readable(timeout)
                        + ". Nothing was changed; run the command again when that has ended");
            }
            phase.accept("waiting: " + reason.get());
            time.sleep(POLL);
        }
    }

    /** Whether somebody is at work on the release at this moment. */
    static boolean isTaken(Workplace work, ReleaseRecord record) {
        return isYoung(record, serverTime(work));
    }

    static String atWork(ReleaseRecord record) {
        return "another command is at work on release " + record.name() + " since "
                + record.changed().truncatedTo(ChronoUnit.SECONDS) + " (" + record.status() + ")";
    }

    private static boolean isYoung(ReleaseRecord record, Instant now) {
        return record.isPending() && record.changed().plus(LEFTOVER_AFTER).isAfter(now);
    }

    private static boolean terminating(KubernetesClient client, String namespace) {
        return Observer.permitted(() -> client.namespaces().withName(namespace).get())
                .filter(found -> found.getMetadata().getDeletionTimestamp() != null)
                .isPresent();
    }

    /** The API server's clock, which also wrote the record's time; this machine's may differ by more than a Helm call takes. */
    private static Instant serverTime(Workplace work) {
        HttpClient http = work.client().getHttpClient();
        return http.sendAsync(
                        http.newHttpRequestBuilder()
                                .uri(work.client().getMasterUrl() + "version")
                                .build(),
                        String.class)
                .thenApply(response -> Optional.ofNullable(response.header("Date"))
                        .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date))))
                .exceptionally(unreachable -> Optional.empty())
                .join()
                .orElseGet(work.edges.time()::now);
    }
}
