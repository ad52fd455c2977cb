package nimload.preflight;

import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.nim.ServerText;
import nimload.preflight.NimClient.Answer;
import nimload.preflight.NoAnswer.Reason;

/** Mistakes between {@code http} and {@code https}, and between a certificate and what is trusted, by their names. */
final class Scheme {
    private static final String OR_TRUST_ANYONE = ", or trust any server with -Dnim.tls.insecure=true";

    private Scheme() {}

    /** What is wrong if it is of this kind; asks the server's port what it speaks. */
    static Optional<UserError> mistake(URI base, Reply reply) {
        if (base.getScheme().equals("http")) {
            boolean suspect = reply instanceof Answer answer && answer.status() == 400
                    || reply instanceof NoAnswer none && none.reason() == Reason.BROKEN;
            return suspect && new Port(base).speaksTls()
                    ? Optional.of(
                            new UserError(base + " speaks TLS; write https://" + withoutScheme(base) + " instead"))
                    : Optional.empty();
        }
        return reply instanceof NoAnswer none && whileConnecting(none)
                ? tls(none).map(message -> new UserError(message, none.problem()))
                : Optional.empty();
    }

    /** A server that speaks plain HTTP may also wait for the rest of what it takes for a request. */
    private static boolean whileConnecting(NoAnswer none) {
        return none.reason() == Reason.TLS
                || none.reason() == Reason.BROKEN
                || none.problem() instanceof HttpConnectTimeoutException;
    }

    private static Optional<String> tls(NoAnswer none) {
        URI base = none.base();
        Optional<String> notNow = Stream.of(
                        none.cause(CertificateExpiredException.class),
                        none.cause(CertificateNotYetValidException.class))
                .flatMap(Optional::stream)
                .map(e -> ServerText.oneLine(String.valueOf(e.getMessage())))
                .findFirst();
        if (notNow.isPresent()) {
            return Optional.of(base + " has a certificate that is not valid now (" + notNow.get()
                    + "); renew it, set this machine's clock" + OR_TRUST_ANYONE);
        }
        if (none.cause(CertPathBuilderException.class).isPresent()) {
            return Optional.of(base + " has a certificate that is not trusted here, signed by "
                    + shown(
                            base,
                            certificate -> certificate.getIssuerX500Principal().getName())
                    + "; give that authority's with -Dnim.tls.ca=ca.pem" + OR_TRUST_ANYONE);
        }
        boolean otherName = none.cause(CertificateException.class)
                .filter(e -> String.valueOf(e.getMessage()).matches("No (subject alternative|name matching).*"))
                .isPresent();
        if (otherName) {
            return Optional.of(base + " has a certificate for " + shown(base, Scheme::names) + ", not for "
                    + base.getHost() + "; give its address by a name in the certificate" + OR_TRUST_ANYONE);
        }
        if (none.reason() != Reason.NOT_CONNECTED && new Port(base).asksForAClientCertificate()) {
            return Optional.of(base + " wants a client certificate (" + none.said()
                    + "), and nimload sends none; give an address behind what asks for it, e.g. of a port-forward");
        }
        return new Port(base).speaksHttp()
                ? Optional.of(base + " speaks plain HTTP; write http://" + withoutScheme(base) + " instead")
                : Optional.empty();
    }

    private interface Part {
        String of(X509Certificate certificate);
    }

    private static String shown(URI base, Part part) {
        return new Port(base)
                .shownCertificate()
                .map(certificate -> ServerText.oneLine(part.of(certificate)))
                .orElse("someone");
    }

    /** Those that a client compares: the alternative names, or the subject's where there is none. */
    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? certificate.getSubjectX500Principal().getName()
                    : names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.joining(", "));
        } catch (CertificateParsingException e) {
            return "no name that can be read";
        }
    }

    private static String withoutScheme(URI base) {
        return base.toString().replaceFirst("^https?://", "");
    }
}
