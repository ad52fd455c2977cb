package nimload.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nimload.deploy.settings.Settings;
import nimload.deploy.settings.SettingsFile;
import org.junit.jupiter.api.Test;

/** The manifests agree with the code that reads them. */
class ManifestsTest {

    private static List<HasMetadata> read(String name) throws IOException {
        return Stream.of(Files.readString(Path.of("manifests", name)).split("(?m)^---$"))
                .map(document -> new KubernetesSerialization().<HasMetadata>unmarshal(document))
                .toList();
    }

    private static <T> T only(List<HasMetadata> objects, Class<T> type) {
        return objects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private static boolean grants(List<PolicyRule> rules, NeededAccess access) {
        return rules.stream()
                .anyMatch(rule -> rule.getApiGroups().contains(access.group())
                        && rule.getResources().contains(access.resource())
                        && rule.getVerbs().contains(access.verb()));
    }

    @Test
    void rbacGrantsEveryPermissionThatDoctorChecksExceptCreatingNamespaces() throws IOException {
        List<HasMetadata> objects = read("rbac.yaml");
        List<PolicyRule> cluster = only(objects, ClusterRole.class).getRules();
        List<PolicyRule> namespace = only(objects, Role.class).getRules();

        assertThat(Stream.concat(NeededAccess.ALL.stream(), NeededAccess.RUN.stream())
                        .filter(access -> !grants(access.namespaced() ? namespace : cluster, access))
                        .map(NeededAccess::toString))
                .containsExactly("create namespaces");
    }

    /** By the audit log of a whole life of both releases; jobs for `run`, autoscalers for those who set autoscaling.enabled. */
    @Test
    void rbacGrantsNothingThatTheChartsDefaultsDoNotUse() throws IOException {
        assertThat(only(read("rbac.yaml"), Role.class).getRules())
                .flatExtracting(PolicyRule::getResources)
                .containsExactlyInAnyOrder(
                        "secrets",
                        "configmaps",
                        "services",
                        "persistentvolumeclaims",
                        "statefulsets",
                        "deployments",
                        "horizontalpodautoscalers",
                        "pods",
                        "pods/log",
                        "events",
                        "pods/exec",
                        "jobs");
    }

    @Test
    void manifestsContainTheDefaultsOfTheSettings() throws IOException {
        Settings.Benchmark defaults = SettingsFile.parse("").benchmark();
        List<HasMetadata> genaiPerf = read("genai-perf.yaml");

        assertThat(Stream.concat(genaiPerf.stream(), read("run.yaml").stream())
                        .map(object -> object.getMetadata().getNamespace()))
                .containsOnly(defaults.namespace());
        assertThat(only(genaiPerf, Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage())
                .isEqualTo(defaults.genaiPerfImage());
    }
}
