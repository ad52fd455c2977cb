package nimload.deploy;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why a server was not reached, in the words of curl and kubectl: Java's exceptions often have no message, or their class for one. */
public final class Unreachable {

    private Unreachable() {}

    /** For any failure of an HTTP request; never empty and never "null". */
    public static String reason(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable e = failure; e != null && !chain.contains(e); e = e.getCause()) {
            chain.add(e);
        }
        if (first(chain, UnresolvedAddressException.class).isPresent()
                || first(chain, UnknownHostException.class).isPresent()) {
            return "no such host";
        }
        String tls =
                first(chain, SSLException.class).map(e -> certificate(chain)).orElse(null);
        if (tls != null) {
            return tls;
        }
        if (first(chain, HttpTimeoutException.class).isPresent()
                || first(chain, TimeoutException.class).isPresent()
                || first(chain, java.net.SocketTimeoutException.class).isPresent()) {
            return "no answer in time";
        }
        String words = chain.stream()
                .map(Throwable::getMessage)
                .filter(message -> message != null && !message.isBlank())
                .reduce((outer, inner) -> inner)
                .map(message -> message.lines().findFirst().orElse("").strip())
                .orElse("");
        if (first(chain, ConnectException.class).isPresent()) {
            boolean said = words.matches("(?i).*(route|unreachable|timed out).*");
            return said ? words.toLowerCase(Locale.ROOT) : "connection refused";
        }
        if (words.matches(".*(received no bytes|EOF reached|connection closed|Connection reset|Broken pipe).*")) {
            return "the connection was closed without an answer";
        }
        if (words.startsWith("Tunnel failed, got: ")) {
            return "the proxy answered " + words.substring("Tunnel failed, got: ".length());
        }
        return !words.isEmpty()
                ? words
                : first(chain, SocketException.class).isPresent()
                                || first(chain, java.io.IOException.class).isPresent()
                        ? "the connection broke"
                        : failure.getClass().getSimpleName();
    }

    private static String certificate(List<Throwable> chain) {
        String words = String.join(
                " ", chain.stream().map(e -> String.valueOf(e.getMessage())).toList());
        if (words.contains("PKIX") || words.contains("unable to find valid certification path")) {
            return words.contains("validity check failed") || words.contains("NotAfter")
                    ? "its certificate has expired or is not valid yet"
                    : "its certificate is signed by an unknown authority";
        }
        if (words.contains("subject alternative") || words.contains("No name matching")) {
            return "its certificate is for another host name";
        }
        if (words.contains("plaintext") || words.contains("Unsupported or unrecognized SSL message")) {
            return "it does not speak TLS; is the address http instead of https?";
        }
        return "TLS: "
                + chain.get(chain.size() - 1).getMessage().lines().findFirst().orElse("handshake failed");
    }

    private static <T> Optional<T> first(List<Throwable> chain, Class<T> type) {
        return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
