package nimload.preflight;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import nimload.UserError;
import nimload.plan.Settings;

/** Which TLS servers to trust: those of the JVM's authorities, those of a CA file instead, or any. */
public final class Trust {
    private Trust() {}

    /** @throws UserError if the CA file cannot be read or holds no certificate */
    public static SSLContext context(Settings.Tls tls) {
        return context(tls, new KeyManager[0]);
    }

    /** Only to look at what a server shows: nothing is to be sent to it. */
    static SSLContext ofAnyone(KeyManager own) {
        return context(new Settings.Tls(Optional.empty(), true), new KeyManager[] {own});
    }

    private static SSLContext context(Settings.Tls tls, KeyManager[] own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, managers(tls), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static TrustManager[] managers(Settings.Tls tls) throws GeneralSecurityException {
        if (tls.insecure()) {
            return new TrustManager[] {new TrustAnyone()};
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(tls.caFile().map(Trust::keyStore).orElse(null));
        return factory.getTrustManagers();
    }

    /** The certificates of a PEM file as a trust store. */
    public static KeyStore keyStore(Path caFile) {
        if (!Files.isRegularFile(caFile)) {
            throw unusable(caFile, "it cannot be read", null);
        }
        try (InputStream in = Files.newInputStream(caFile)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw unusable(caFile, "it holds no certificate", null);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int n = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + n++, certificate);
            }
            return store;
        } catch (IOException e) {
            throw unusable(caFile, "it cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw unusable(caFile, "it is not PEM", e);
        }
    }

    private static UserError unusable(Path caFile, String why, Exception cause) {
        return new UserError("nim.tls.ca=" + caFile + ": " + why + "; give a file of PEM certificates", cause);
    }

    /** For nim.tls.insecure=true, about which the run warns at its start, and to look at a certificate. */
    private static final class TrustAnyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
