package nimload.preflight;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import nimload.UserError;
import nimload.nim.ServerText;

/**
 * A request without a complete answer.
 *
 * @param base URL of the NIM
 * @param asked base and route
 * @param timeout of the request
 */
record NoAnswer(URI base, URI asked, Duration timeout, IOException problem) implements Reply {
    enum Reason {
        UNKNOWN_HOST,
        NAME_SERVICE_SILENT,
        NOT_CONNECTED,
        TIMEOUT,
        TLS,
        BROKEN
    }

    /** The host's name was not resolved in time. */
    static final class NameServiceSilent extends IOException {
        private static final long serialVersionUID = 1L;
    }

    Reason reason() {
        if (problem instanceof NameServiceSilent) {
            return Reason.NAME_SERVICE_SILENT;
        }
        if (cause(UnresolvedAddressException.class).isPresent()
                || cause(UnknownHostException.class).isPresent()) {
            return Reason.UNKNOWN_HOST;
        }
        if (problem instanceof HttpConnectTimeoutException || problem instanceof ConnectException) {
            return Reason.NOT_CONNECTED;
        }
        if (problem instanceof HttpTimeoutException) {
            return Reason.TIMEOUT;
        }
        return problem instanceof SSLException ? Reason.TLS : Reason.BROKEN;
    }

    /** The first of this type among the problem and its causes. */
    <T extends Throwable> Optional<T> cause(Class<T> type) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    @Override
    public String what() {
        return switch (reason()) {
            case UNKNOWN_HOST -> "no host " + base.getHost();
            case NAME_SERVICE_SILENT -> "no answer of the name service within " + seconds(timeout) + " s";
            case NOT_CONNECTED ->
                problem instanceof HttpConnectTimeoutException ? "connecting timed out" : "connection refused";
            case TIMEOUT -> "no answer within " + seconds(timeout) + " s";
            case TLS -> "no TLS connection";
            case BROKEN -> "connection broken";
        };
    }

    /** Says what the user can do, without asking the server again. */
    UserError error() {
        String message = switch (reason()) {
            case UNKNOWN_HOST -> base + " cannot be reached (no host " + base.getHost() + "); " + unknownHost();
            case NAME_SERVICE_SILENT ->
                base + " cannot be reached: the name " + base.getHost() + " was not resolved within " + seconds(timeout)
                        + " s, so the NIM was not asked; check the name service of this machine or, in a cluster, its DNS:"
                        + " kubectl -n kube-system get pods -l k8s-app=kube-dns";
            case NOT_CONNECTED ->
                base + " cannot be reached (" + said() + "); check host and port, and that the NIM runs: curl " + base
                        + "/v1/health/ready";
            case TIMEOUT ->
                asked + " did not answer within " + seconds(timeout) + " s; check that the NIM is not busy or stuck";
            case TLS ->
                base + " is not trusted or does not speak TLS (" + said()
                        + "); give its CA with -Dnim.tls.ca=ca.pem, or -Dnim.tls.insecure=true to trust any server";
            case BROKEN -> asked + " broke the connection (" + said() + "); check that it is a NIM and speaks HTTP/1.1";
        };
        return new UserError(message, problem);
    }

    /** A Service of Kubernetes has a name without a dot in its own namespace, and ends with svc elsewhere. */
    private String unknownHost() {
        String host = base.getHost();
        boolean ofAService = host.endsWith(".svc") || host.contains(".svc.") || !host.contains(".");
        return ofAService
                ? "names of Services are known only inside the cluster: give the address of a port-forward, or run in"
                        + " the cluster: mvn -f deploy compile exec:java -Dexec.args=run"
                : "check the name";
    }

    String said() {
        return problem.getMessage() == null
                ? problem.getClass().getSimpleName()
                : ServerText.oneLine(problem.getMessage());
    }

    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
