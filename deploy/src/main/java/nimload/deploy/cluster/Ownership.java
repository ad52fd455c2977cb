package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/** Objects that this project created, and may therefore change and delete, have a label. */
public final class Ownership {

    public static final String LABEL = "app.kubernetes.io/managed-by";
    public static final String US = "nimload-deploy";
    public static final Map<String, String> LABELS = Map.of(LABEL, US);

    private Ownership() {}

    public static boolean isOurs(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null && US.equals(labels.get(LABEL));
    }
}
