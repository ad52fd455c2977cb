package nimload.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import nimload.UserError;
import nimload.plan.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
    @TempDir
    private Path directory;

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> Trust.context(new Settings.Tls(Optional.of(file), false)))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.tls.ca=" + file + ": " + why + "; give a file of PEM certificates");
    }

    @Test
    void aMissingCaFileIsRefused() {
        refused(directory.resolve("ca.pem"), "it cannot be read");
    }

    @Test
    void aCaFileThatIsNotPemIsRefused() throws IOException {
        refused(
                Files.writeString(directory.resolve("text.pem"), "this is a text\nand no certificate\n"),
                "it is not PEM");
        refused(
                Files.writeString(
                        directory.resolve("cut.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                "it is not PEM");
    }

    @Test
    void anEmptyCaFileIsRefused() throws IOException {
        refused(Files.createFile(directory.resolve("empty.pem")), "it holds no certificate");
    }

    /** Two of the JVM's authorities, written like a user's CA file. */
    @Test
    void everyCertificateOfAPemFileIsTrusted() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        X509Certificate[] authorities = ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
        StringBuilder pem = new StringBuilder();
        for (X509Certificate authority : new X509Certificate[] {authorities[0], authorities[1]}) {
            pem.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(authority.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        Path file = Files.writeString(directory.resolve("ca.pem"), pem);
        KeyStore store = Trust.keyStore(file);
        assertThat(certificates(store)).containsExactlyInAnyOrder(authorities[0], authorities[1]);
        assertThat(Trust.context(new Settings.Tls(Optional.of(file), false)).getProtocol())
                .isEqualTo("TLS");
    }

    private static List<X509Certificate> certificates(KeyStore store) throws KeyStoreException {
        List<X509Certificate> all = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            all.add((X509Certificate) store.getCertificate(alias));
        }
        return all;
    }
}
