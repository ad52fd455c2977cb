package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * A permission that {@code up} or {@code run} needs; deploy/manifests/rbac.yaml grants the same list.
 *
 * @param namespaced false for cluster-scoped resources
 * @param optional whether up works without it, reporting less
 */
public record NeededAccess(String verb, String group, String resource, boolean namespaced, boolean optional) {

    public static final List<NeededAccess> ALL = List.of(
            new NeededAccess("create", "", "namespaces", false, true),
            new NeededAccess("list", "", "nodes", false, true),
            new NeededAccess("list", "storage.k8s.io", "storageclasses", false, true),
            new NeededAccess("create", "", "secrets", true, false),
            new NeededAccess("update", "", "secrets", true, false),
            new NeededAccess("list", "", "secrets", true, false),
            new NeededAccess("delete", "", "secrets", true, false),
            new NeededAccess("create", "", "configmaps", true, false),
            new NeededAccess("create", "", "services", true, false),
            new NeededAccess("create", "apps", "statefulsets", true, false),
            new NeededAccess("patch", "apps", "statefulsets", true, false),
            new NeededAccess("list", "", "pods", true, false),
            new NeededAccess("delete", "", "pods", true, false),
            new NeededAccess("get", "", "pods/log", true, true),
            new NeededAccess("list", "", "events", true, true),
            new NeededAccess("list", "", "persistentvolumeclaims", true, true));

    /**
     * What {@code run} needs in the namespace of its Job. Exec over a WebSocket is a GET at the API server, and since Kubernetes 1.35
     * needs create as well.
     */
    public static final List<NeededAccess> RUN = List.of(
            new NeededAccess("get", "batch", "jobs", true, true),
            new NeededAccess("create", "batch", "jobs", true, true),
            new NeededAccess("patch", "batch", "jobs", true, true),
            new NeededAccess("delete", "batch", "jobs", true, true),
            new NeededAccess("create", "", "configmaps", true, true),
            new NeededAccess("delete", "", "configmaps", true, true),
            new NeededAccess("list", "", "pods", true, true),
            new NeededAccess("get", "", "pods", true, true),
            new NeededAccess("get", "", "pods/log", true, true),
            new NeededAccess("get", "", "pods/exec", true, true),
            new NeededAccess("create", "", "pods/exec", true, true));

    /** Asks the API server, which answers for the current user and changes nothing. */
    public boolean isAllowed(KubernetesClient client, String namespace) {
        String[] parts = resource.split("/");
        return Boolean.TRUE.equals(client.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(parts[0])
                        .withSubresource(parts.length > 1 ? parts[1] : null)
                        .withNamespace(namespaced ? namespace : null)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed());
    }

    @Override
    public String toString() {
        return verb + " " + resource;
    }
}
