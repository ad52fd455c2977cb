package nimload.deploy.helm;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import nimload.deploy.DeployException;

/** Helm's native library: checks that this machine has it before anything is touched. */
public final class HelmLibrary {

    /** A library is loaded within seconds of its unpacking; a younger folder may belong to a JVM that is about to load it. */
    private static final Duration LOADED_WITHIN = Duration.ofMinutes(10);

    private HelmLibrary() {}

    /** @throws DeployException if the class path has no library that loads here */
    public static void require() {
        // Otherwise helm-java silently downloads a library from the internet into the temp folder and runs it.
        System.setProperty("com.marcnuri.jkube-helm.skipRemoteJar", "true");
        removeLeftovers(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/proc"));
        try {
            Helm.list();
        } catch (LinkageError | IllegalStateException e) {
            String os = System.getProperty("os.name");
            String arch = System.getProperty("os.arch");
            throw new DeployException(
                    "Helm's native library for " + os + " " + arch
                            + " is not on the class path, so nothing was touched; add -Dhelm.platform="
                            + platform(os, arch)
                            + " to the mvn command, or run it on Linux x86_64 (a container will do)",
                    e);
        }
    }

    /**
     * helm-java unpacks 98 MB to {@code helm-java<number>/} in {@code temp} and deletes them when the JVM exits, which a killed one does not. A
     * living owner has the file in its memory map. Only Linux shows the maps, so elsewhere everything stays.
     */
    static void removeLeftovers(Path temp, Path proc) {
        Instant newest = Instant.now().minus(LOADED_WITHIN);
        for (Path folder : files(temp, "helm-java*")) {
            try {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(newest) && !isMapped(folder, proc)) {
                    for (Path library : files(folder, "helm-*")) {
                        Files.delete(library);
                    }
                    Files.delete(folder);
                }
            } catch (IOException e) {
                // Another user's, or another command is deleting it: tidying up must not keep this one from its work.
            }
        }
    }

    private static boolean isMapped(Path folder, Path proc) {
        if (!Files.exists(proc.resolve("self/maps"))) {
            return true;
        }
        for (Path process : files(proc, "[0-9]*")) {
            try {
                if (Files.readString(process.resolve("maps"), StandardCharsets.ISO_8859_1)
                        .contains("/" + folder.getFileName() + "/")) {
                    return true;
                }
            } catch (IOException e) {
                // It has ended, or is another user's, who could not have unpacked into a folder that this user can
                // open.
            }
        }
        return false;
    }

    private static List<Path> files(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            files.forEach(found::add);
        } catch (IOException e) {
            // As above.
        }
        return found;
    }

    /** The artifact's name on Maven Central, e.g. darwin-arm64. */
    static String platform(String os, String arch) {
        String name = os.toLowerCase(java.util.Locale.ROOT);
        return (name.contains("mac") ? "darwin" : name.contains("win") ? "windows" : "linux")
                + "-"
                + (arch.equals("aarch64") || arch.equals("arm64") ? "arm64" : "amd64");
    }
}
