package nimload.deploy.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import nimload.deploy.DeployException;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The simulations with everything they need, in one tar that {@code mvn package} builds in the root project.
 *
 * @param entries names in the tar
 */
public record Suite(Path file, long bytes, String sha256, Set<String> entries) {

    /** Starts a simulation; inside the archive. */
    public static final String COMMAND = "run.sh";

    /** Its folder in an image that holds it. */
    public static final String IN_AN_IMAGE = "/opt/nimload/";

    private static final String PACKAGE = "nimload.simulation.";

    /** @throws DeployException with how to build it, if it is missing or incomplete */
    public static Suite read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DeployException(file
                    + ": not found; build it with mvn package -DskipTests in the root project, or use --suite FILE");
        }
        Set<String> entries = new HashSet<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(entry.getName());
            }
            if (entries.contains(COMMAND)) {
                try (InputStream content = Files.newInputStream(file)) {
                    return new Suite(file, Files.size(file), DigestUtils.sha256Hex(content), entries);
                }
            }
        } catch (IOException e) {
            throw new DeployException(
                    file + ": cannot be read as a tar (" + e.getMessage()
                            + "); build it again with mvn package -DskipTests in the root project",
                    e);
        }
        throw new DeployException(
                file + ": has no " + COMMAND + "; use the archive that mvn package -DskipTests builds");
    }

    /** The full class name of a simulation in the archive. */
    public String simulation(String name) {
        String full = fullName(name);
        if (!entries.contains("simulations/" + full.replace('.', '/') + ".class")) {
            throw new DeployException("--simulation " + name + ": no such class in " + file
                    + "; use one in src/test/java/nimload/simulation, e.g. RerankingSimulation");
        }
        return full;
    }

    public static String fullName(String simulation) {
        return simulation.contains(".") ? simulation : PACKAGE + simulation;
    }
}
