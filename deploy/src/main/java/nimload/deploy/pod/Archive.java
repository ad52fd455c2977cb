package nimload.deploy.pod;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A tar on this machine. Its checksum is its name in a pod. */
public record Archive(Path file, long bytes, String sha256) {

    /** @throws IOException if the file cannot be read */
    public static Archive of(Path file) throws IOException {
        return new Archive(file, Files.size(file), sha256(file));
    }

    /** In millions of bytes. */
    public long megabytes() {
        return Math.round(bytes / 1e6);
    }

    static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
