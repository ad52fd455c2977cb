package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.Map;

/** The one property of storage classes that is an annotation. */
public final class StorageClasses {

    private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

    private StorageClasses() {}

    /** Whether claims that name no class get this one. */
    public static boolean isDefault(StorageClass storageClass) {
        Map<String, String> annotations = storageClass.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(DEFAULT));
    }
}
