package nimload.deploy.command;

import io.fabric8.kubernetes.client.KubernetesClientException;
import nimload.deploy.DeployException;
import nimload.deploy.settings.SettingsException;

/** What a failure says to the user, in one line. */
final class Failure {

    private Failure() {}

    static String line(Throwable failure) {
        if (failure instanceof DeployException || failure instanceof SettingsException) {
            return failure.getMessage();
        }
        if (failure instanceof KubernetesClientException kubernetes) {
            return "the cluster refused: " + said(kubernetes) + "; the command doctor says which rights are missing";
        }
        return "unexpected: " + failure + "; run it again with --debug and report what it says";
    }

    /** The API server's own sentence, where the client's message holds the whole request and answer. */
    private static String said(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
