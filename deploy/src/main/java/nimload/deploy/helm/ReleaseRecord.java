package nimload.deploy.helm;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Helm recorded about a release's newest revision, read from its Secret rather than through Helm, whose list omits pending releases.
 *
 * @param status Helm's own: deployed, failed, pending-install, …
 * @param changed when the record was written last, by the API server's clock
 * @param description Helm's last message; the reason if the release failed
 */
public record ReleaseRecord(
        String name,
        String status,
        Instant changed,
        int revision,
        String chart,
        String chartVersion,
        String description,
        Map<String, Object> values,
        String manifest) {

    /** All releases in a namespace, whoever created them. */
    public static Set<String> names(KubernetesClient client, String namespace) {
        return client.secrets().inNamespace(namespace).withLabels(Map.of("owner", "helm")).list().getItems().stream()
                .map(secret -> secret.getMetadata().getLabels().get("name"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public static Optional<ReleaseRecord> read(KubernetesClient client, String namespace, String release) {
        return client
                .secrets()
                .inNamespace(namespace)
                .withLabels(Map.of("owner", "helm", "name", release))
                .list()
                .getItems()
                .stream()
                .max(Comparator.comparingInt(secret ->
                        Integer.parseInt(secret.getMetadata().getLabels().get("version"))))
                .map(ReleaseRecord::decode);
    }

    /** Whether a Helm call has begun and not ended: somebody is at work on the release, or was killed. */
    public boolean isPending() {
        return status.startsWith("pending-") || status.equals("uninstalling");
    }

    private static Instant changed(ObjectMeta record) {
        return Stream.concat(
                        Stream.of(record.getCreationTimestamp()),
                        record.getManagedFields().stream().map(ManagedFieldsEntry::getTime))
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** {@code data.release} is JSON, gzipped, in Base64, inside the Secret's own Base64. */
    static ReleaseRecord decode(Secret secret) {
        byte[] gzipped = Base64.getDecoder()
                .decode(Base64.getDecoder().decode(secret.getData().get("release")));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            JsonNode json = JsonMapper.shared().readTree(in.readAllBytes());
            JsonNode chart = json.path("chart").path("metadata");
            JsonNode config = json.path("config");
            return new ReleaseRecord(
                    json.path("name").asString(),
                    json.path("info").path("status").asString(),
                    changed(secret.getMetadata()),
                    json.path("version").asInt(),
                    chart.path("name").asString(),
                    chart.path("version").asString(),
                    json.path("info").path("description").asString(""),
                    config.isObject()
                            ? JsonMapper.shared().convertValue(config, new TypeReference<Map<String, Object>>() {})
                            : Map.of(),
                    json.path("manifest").asString(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
