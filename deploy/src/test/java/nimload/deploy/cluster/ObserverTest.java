package nimload.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.mockwebserver.http.MockResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import nimload.deploy.diagnosis.Diagnose;
import nimload.deploy.diagnosis.Observation;
import nimload.deploy.mock.MockCluster;
import nimload.deploy.mock.ScriptedTime;
import nimload.deploy.settings.NimSettings;
import nimload.deploy.settings.SettingsFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObserverTest {

    private static final NimSettings NIM = SettingsFile.parse("").embedding();

    private final MockCluster cluster = new MockCluster();
    private final Observer observer = new Observer(cluster.client(), new ScriptedTime(() -> {}));

    @AfterEach
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource({
        "init-container, embedder-text-embedding-nim-0/log?pretty=false&container=fetch-model&previous=true&tailLines=3",
        "job-exit, nimload-run-0-x2x4z/log?pretty=false&container=load&tailLines=3"
    })
    void lastLinesAreThoseOfTheContainerThatEnded(String state, String log) throws Exception {
        put(state);
        cluster.intercept(request -> request.getPath().equals("/api/v1/namespaces/embedding-nim/pods/" + log)
                ? new MockResponse().setResponseCode(200).setBody("first\n\nlast\n")
                : null);

        Observation seen =
                state.startsWith("job-") ? observer.observeJob("embedding-nim", "nimload-run") : observer.observe(NIM);

        assertThat(seen.lastLogLines()).containsExactly("first", "last");
    }

    @Test
    void containerOfWhichNoRunEndedHasNoLastLines() throws Exception {
        put("starting");

        assertThat(observer.observe(NIM).lastLogLines()).isEmpty();
        assertThat(cluster.requests()).noneMatch(request -> request.getPath().contains("/log"));
    }

    @Test
    void faultOfAJobsPodIsObservedAndDiagnosed() throws Exception {
        put("job-pull-secret-missing");

        assertThat(Diagnose.of(observer.observeJob("embedding-nim", "nimload-run"))
                        .toString())
                .startsWith("image harbor.example.com/load:1 cannot be pulled: the registry does not accept the key")
                .contains("The pull secret is missing: Unable to retrieve some image pull secrets (harbor)");
    }

    @Test
    void refusalOfAnEarlierJobOfTheSameNameDoesNotCount() throws Exception {
        put("job-quota");

        assertThat(Diagnose.of(observer.observeJob("embedding-nim", "nimload-run"))
                        .text())
                .contains("exceeded quota");
        cluster.put(MockCluster.yaml("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: nimload-run, namespace: embedding-nim, creationTimestamp: "2026-11-22T10:01:10Z"}
                """, Job.class));
        assertThat(Diagnose.of(observer.observeJob("embedding-nim", "nimload-run"))
                        .text())
                .isEqualTo("waiting for the pod to be created");
    }

    @Test
    void workloadChangedWhenItsSpecificationWasWrittenAndNotItsStatus() {
        cluster.put(MockCluster.yaml("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata:
                  name: embedder
                  namespace: embedding-nim
                  labels: {app.kubernetes.io/instance: embedder}
                  managedFields:
                  - {manager: helm, operation: Update, time: "2026-11-22T10:00:30Z"}
                  - {manager: helm, operation: Apply, time: "2026-11-22T10:00:00Z"}
                  - {manager: kube-controller-manager, operation: Update, time: "2026-11-22T10:01:00Z", subresource: status}
                spec: {replicas: 1}
                """, StatefulSet.class));

        assertThat(observer.observe(NIM).workloads())
                .singleElement()
                .extracting(workload -> workload.changedAt().orElseThrow())
                .isEqualTo(Instant.parse("2026-11-22T10:00:30Z"));
    }

    private void put(String state) throws Exception {
        String yaml = Files.readString(Path.of("src/test/resources/states", state + ".yaml"));
        cluster.put(MockCluster.yaml(yaml, KubernetesList.class).getItems().toArray(HasMetadata[]::new));
    }
}
