package nimload.deploy.diagnosis;

import static nimload.deploy.diagnosis.States.POD;
import static nimload.deploy.diagnosis.States.assertDiagnosis;
import static nimload.deploy.diagnosis.States.container;
import static nimload.deploy.diagnosis.States.podEvent;
import static nimload.deploy.diagnosis.States.read;
import static org.assertj.core.api.Assertions.assertThat;

import nimload.deploy.diagnosis.Diagnosis.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageCauseTest {

    private static final String CANNOT_BE_PULLED = "image nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0 cannot be pulled: ";

    private static final String UNAUTHORIZED = CANNOT_BE_PULLED
            + "the registry does not accept the key (Failed to pull"
            + " image \"nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0\": failed to authorize: failed to fetch oauth token:"
            + " unexpected status from GET request to https://nvcr.io/proxy_auth?scope=repository: 401 Unauthorized)";

    @Test
    void wrongKeyIsTheRegistrys401() {
        assertDiagnosis(
                read("image-wrong-key"), State.FAILED, UNAUTHORIZED, "Export the right NGC_API_KEY and run up again");
    }

    @Test
    void kubeletsLaterEventDoesNotHideTheRegistrysAnswer() {
        Observation seen = read("image-wrong-key");
        seen.events().add(podEvent("Failed", "2026-11-22T10:01:30Z", "Error: ImagePullBackOff"));

        assertDiagnosis(seen, State.FAILED, UNAUTHORIZED, "Export the right NGC_API_KEY and run up again");
    }

    @Test
    void missingPullSecretIsNamedIfTheRegistryAnswers401() {
        assertDiagnosis(
                read("image-secret-missing"),
                State.FAILED,
                UNAUTHORIZED,
                "The pull secret is missing: Unable to retrieve some image pull secrets (ngc-secret); attempting to pull"
                        + " the image may not succeed.");
    }

    @Test
    void termsNotAcceptedAreTheRegistrys403() {
        assertDiagnosis(
                read("image-terms"),
                State.FAILED,
                CANNOT_BE_PULLED + "the key has no access to it (failed to pull and unpack"
                        + " image: failed to resolve reference: unexpected status from HEAD request to https://nvcr.io/v2/: 403"
                        + " Forbidden)",
                "Accept the model's terms at");
    }

    @Test
    void unknownTagIsTheRegistrysNotFound() {
        Diagnosis diagnosis = Diagnose.of(read("image-name"));

        assertThat(diagnosis.state()).isEqualTo(State.FAILED);
        assertThat(diagnosis.text())
                .contains("nv-embedqa-e5-v5:9.9.9 cannot be pulled: the registry has no such name or tag");
        assertThat(diagnosis.next()).contains("tags lists what is available");
    }

    @Test
    void unreachableRegistryMayComeBack() {
        Diagnosis diagnosis = Diagnose.of(read("image-proxy"));

        assertThat(diagnosis.state()).isEqualTo(State.BLOCKED);
        assertThat(diagnosis.text())
                .contains("the node cannot reach the registry (")
                .contains("i/o timeout");
        assertThat(diagnosis.next()).contains("Configure the proxy in the nodes' container runtime");
    }

    @ParameterizedTest
    @CsvSource({
        "tls: x509: signed by unknown authority, FAILED, the node does not trust the registry's certificate ("
                + ", Install the registry's (or the proxy's) certificate authority on the nodes",
        "something new, BLOCKED, something new, See: kubectl -n embedding-nim describe pod " + POD
    })
    void registrysAnswerChoosesTheNextStep(String answer, State state, String cause, String next) {
        Observation seen = read("image-terms");
        seen.events().clear();
        container(seen).getState().getWaiting().setMessage(answer);
        Diagnosis diagnosis = Diagnose.of(seen);

        assertThat(diagnosis.text()).startsWith(CANNOT_BE_PULLED + cause).contains(answer);
        assertThat(diagnosis.next()).isEqualTo(next);
        assertThat(diagnosis.state()).isEqualTo(state);
    }

    @Test
    void withoutAnyMessageTheKubeletsReasonIsShown() {
        Observation seen = read("image-proxy");
        seen.events().clear();
        container(seen).getState().getWaiting().setMessage(null);

        assertDiagnosis(
                seen,
                State.BLOCKED,
                CANNOT_BE_PULLED + "ImagePullBackOff",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }
}
