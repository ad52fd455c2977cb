package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import nimload.deploy.settings.NimSettings;

/** The ConfigMap that marks a release as ours: Helm's own record has no place for a mark that survives upgrades and failures. */
public final class ReleaseMark {

    private ReleaseMark() {}

    public static String name(NimSettings nim) {
        return "nimload-release-" + nim.release();
    }

    public static boolean isSet(KubernetesClient client, NimSettings nim) {
        ConfigMap mark = client.configMaps()
                .inNamespace(nim.namespace())
                .withName(name(nim))
                .get();
        return mark != null && Ownership.isOurs(mark);
    }

    public static void remove(KubernetesClient client, NimSettings nim) {
        if (isSet(client, nim)) {
            client.configMaps().inNamespace(nim.namespace()).withName(name(nim)).delete();
        }
    }
}
