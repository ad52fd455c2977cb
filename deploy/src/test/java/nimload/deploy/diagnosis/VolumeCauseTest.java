package nimload.deploy.diagnosis;

import static nimload.deploy.diagnosis.States.POD;
import static nimload.deploy.diagnosis.States.assertDiagnosis;
import static nimload.deploy.diagnosis.States.pod;
import static nimload.deploy.diagnosis.States.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import nimload.deploy.diagnosis.Diagnosis.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;

class VolumeCauseTest {

    private static final String CLAIM = "model-store-embedder-text-embedding-nim-0";

    @ParameterizedTest
    @NullAndEmptySource
    void claimWithoutAnyDefaultClassFails(String storageClass) {
        Observation seen = read("claim-no-default-class");
        seen.claims().get(0).getSpec().setStorageClassName(storageClass);

        assertDiagnosis(
                seen,
                State.FAILED,
                "claim " + CLAIM
                        + " (50Gi) is Pending: it names no storage class and the cluster has no default class (known: manual)",
                "Set persistence.storageClass in the settings file");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void claimThatNamesNoClassWaitsForTheDefaultOne(String storageClass) {
        Observation seen = read("claim-provisioning");
        seen.claims().get(0).getSpec().setStorageClassName(storageClass);

        assertDiagnosis(seen, State.PROGRESSING, "waiting for the volume of claim " + CLAIM + " (50Gi)", "");
    }

    @Test
    void clusterWithoutStorageClassesIsReportedAsSuch() {
        Observation seen = read("claim-unknown-class");
        seen.storageClasses().orElseThrow().clear();

        assertThat(Diagnose.of(seen).text())
                .endsWith("its storage class \"fastt\" does not exist (the cluster has no storage class)");
    }

    @Test
    void claimOfAnUnknownClassFails() {
        assertDiagnosis(
                read("claim-unknown-class"),
                State.FAILED,
                "claim " + CLAIM + " (50Gi) is Pending: its storage class \"fastt\" does not exist (known: fast)",
                "Correct persistence.storageClass in the settings file");
    }

    @Test
    void claimThatIsTooLargeFails() {
        assertDiagnosis(
                read("claim-too-large"),
                State.FAILED,
                "claim " + CLAIM
                        + " (50Gi) is Pending: the provisioner refuses its size: \"failed to provision volume: rpc error:"
                        + " code = ResourceExhausted desc = exceeded quota: 50Gi asked, 20Gi left\"",
                "Lower persistence.size in the settings file");
    }

    @Test
    void provisionerThatTimesOutMaySucceedLater() {
        Observation seen = read("claim-too-large");
        String message = "rpc error: code = DeadlineExceeded desc = context deadline exceeded";
        seen.events().get(0).setMessage(message);

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "claim " + CLAIM + " (50Gi) is Pending: \"" + message + "\"",
                "See: kubectl -n embedding-nim describe pvc " + CLAIM);
    }

    @Test
    void claimBeingProvisionedIsProgress() {
        assertDiagnosis(
                read("claim-provisioning"),
                State.PROGRESSING,
                "waiting for the volume of claim " + CLAIM + " (50Gi)",
                "");
    }

    @Test
    void boundClaimIsNotTheOneToWaitFor() {
        Observation seen = read("claim-provisioning");
        PersistentVolumeClaim bound = new PersistentVolumeClaimBuilder(
                        seen.claims().get(0))
                .editMetadata()
                .withName("bound")
                .endMetadata()
                .withNewStatus()
                .withPhase("Bound")
                .endStatus()
                .build();
        seen.claims().add(0, bound);

        assertThat(Diagnose.of(seen).text()).contains(CLAIM);
    }

    @Test
    void podMayWaitForAVolumeWithoutAPendingClaim() {
        Observation seen = read("claim-provisioning");
        seen.claims().clear();

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "pod " + POD
                        + " is waiting for a volume: \"0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.\"",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }

    @Test
    void claimThatDoesNotExistFails() {
        Observation seen = read("claim-provisioning");
        String message = "0/1 nodes are available: persistentvolumeclaim \"models\" not found.";
        pod(seen).getStatus().getConditions().get(0).setMessage(message);

        assertDiagnosis(
                seen,
                State.FAILED,
                "pod " + POD + " uses a claim that does not exist: \"" + message + "\"",
                "Correct persistence.existingClaim in the settings file");
    }
}
