package nimload.deploy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.deploy.diagnosis.Diagnosis.State;

/**
 * The states in src/test/resources/states, as {@code kubectl get -o yaml} writes them. Lists and objects can be changed, so a test states the one
 * thing that differs from the file.
 */
final class States {

    static final String POD = "embedder-text-embedding-nim-0";

    /** The pods in the states were created at 10:00:00. */
    private static final Instant TWO_MINUTES_LATER = Instant.parse("2026-11-22T10:02:00Z");

    private States() {}

    static Observation read(String state, String... logLines) {
        return readAt(TWO_MINUTES_LATER, state, logLines);
    }

    static Observation readAt(Instant at, String state, String... logLines) {
        List<HasMetadata> items =
                Serialization.unmarshal(yaml(state), KubernetesList.class).getItems();
        List<Pod> pods = only(items, Pod.class);
        List<Pod> ours = new ArrayList<>(pods);
        ours.removeIf(pod -> !pod.getMetadata().getNamespace().equals("embedding-nim"));
        boolean job = state.startsWith("job-");
        return new Observation(
                job ? Subject.JOB : Subject.NIM,
                at,
                "embedding-nim",
                job ? "nimload-run" : "embedder",
                new ArrayList<>(),
                ours,
                only(items, Event.class),
                only(items, PersistentVolumeClaim.class),
                Optional.of(only(items, Node.class)),
                Optional.of(only(items, StorageClass.class)),
                Optional.of(pods),
                List.of(logLines));
    }

    static final Path FOLDER = Path.of("src/test/resources/states");

    private static String yaml(String state) {
        try {
            return Files.readString(FOLDER.resolve(state + ".yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> List<T> only(List<HasMetadata> items, Class<T> type) {
        List<T> found = new ArrayList<>();
        items.stream().filter(type::isInstance).map(type::cast).forEach(found::add);
        return found;
    }

    static Pod pod(Observation seen) {
        return seen.pods().get(0);
    }

    static ContainerStatus container(Observation seen) {
        return pod(seen).getStatus().getContainerStatuses().get(0);
    }

    /** A copy of the state's pod under another name. */
    static Pod copy(Pod pod, String name, String createdAt) {
        return new PodBuilder(pod)
                .editMetadata()
                .withName(name)
                .withCreationTimestamp(createdAt)
                .endMetadata()
                .build();
    }

    static Event podEvent(String reason, String at, String message) {
        return event("Pod", POD, reason, at, message);
    }

    static Event event(String kind, String name, String reason, String at, String message) {
        return new EventBuilder()
                .withNewMetadata()
                .withName(name + "." + at)
                .withNamespace("embedding-nim")
                .endMetadata()
                .withNewInvolvedObject()
                .withKind(kind)
                .withName(name)
                .endInvolvedObject()
                .withReason(reason)
                .withLastTimestamp(at)
                .withMessage(message)
                .build();
    }

    /** @param next the beginning of the next step */
    static void assertDiagnosis(Observation seen, State state, String text, String next) {
        Diagnosis diagnosis = Diagnose.of(seen);
        assertThat(diagnosis.text()).isEqualTo(text);
        assertThat(diagnosis.next()).startsWith(next);
        assertThat(diagnosis.state()).isEqualTo(state);
        assertThat(diagnosis.toString()).hasLineCount(1);
    }
}
