package nimload.deploy;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** Why a server does not answer, in words: Java's client leaves the message of its commonest exceptions empty. */
public final class NoAnswer {

    private NoAnswer() {}

    public static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "no such host";
            }
        }
        return failure.getMessage() != null
                ? failure.getMessage()
                : failure instanceof ConnectException
                        ? "connection refused"
                        : failure.getClass().getSimpleName();
    }
}
