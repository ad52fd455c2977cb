package nimload.deploy.command;

import io.fabric8.kubernetes.client.KubernetesClientException;
import nimload.deploy.DeployException;
import nimload.deploy.settings.SettingsException;

/** The one line that a failure shows to the user. */
final class Failure {

    private Failure() {}

    static String line(Throwable failure) {
        if (failure instanceof DeployException || failure instanceof SettingsException) {
            return failure.getMessage();
        }
        if (failure instanceof KubernetesClientException kubernetes) {
            return "the cluster refused: " + message(kubernetes) + "; doctor lists the missing permissions";
        }
        return "unexpected error: " + failure + "; run it again with --debug and report the output";
    }

    /** The API server's own sentence: the client's message contains the whole request and response. */
    private static String message(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
