package nimload.deploy.helm;

import com.marcnuri.helm.Helm;
import nimload.deploy.DeployException;

/** Helm's native library: checks that this machine has it before anything is touched. */
public final class HelmLibrary {

    private HelmLibrary() {}

    /** @throws DeployException if the class path has no library that loads here */
    public static void require() {
        // Otherwise helm-java silently downloads a library from the internet into the temp folder and runs it.
        System.setProperty("com.marcnuri.jkube-helm.skipRemoteJar", "true");
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

    /** The artifact's name on Maven Central, e.g. darwin-arm64. */
    static String platform(String os, String arch) {
        String name = os.toLowerCase(java.util.Locale.ROOT);
        return (name.contains("mac") ? "darwin" : name.contains("win") ? "windows" : "linux")
                + "-"
                + (arch.equals("aarch64") || arch.equals("arm64") ? "arm64" : "amd64");
    }
}
