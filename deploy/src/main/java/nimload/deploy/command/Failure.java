package nimload.deploy.command;

import io.fabric8.kubernetes.client.KubernetesClientException;
import nimload.deploy.DeployException;
import nimload.deploy.Unreachable;
import nimload.deploy.settings.SettingsException;

/** The one line that a failure shows to the user. */
final class Failure {

    private Failure() {}

    static String line(Throwable failure) {
        if (failure instanceof DeployException || failure instanceof SettingsException) {
            return failure.getMessage();
        }
        if (failure instanceof KubernetesClientException kubernetes) {
            return kubernetes(kubernetes);
        }
        return "unexpected error: " + failure + "; run it again with --debug and report the output";
    }

    /** The API server's own sentence: the client's message contains the whole request and response. */
    private static String kubernetes(KubernetesClientException e) {
        if (e.getCode() == 401) {
            return "the cluster does not accept the credentials any more: log in again, then run the command again; it continues from here";
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof DeployException) {
                return cause.getMessage(); // of a credential plugin
            }
        }
        if (e.getCode() <= 0 && e.getCause() != null) {
            return "the cluster cannot be reached: " + Unreachable.reason(e)
                    + "; check VPN and proxy, then run the command again; it continues from here";
        }
        return "the cluster refused: "
                + (e.getStatus() != null && e.getStatus().getMessage() != null
                        ? e.getStatus().getMessage()
                        : String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"))
                + "; doctor lists the missing permissions";
    }
}
