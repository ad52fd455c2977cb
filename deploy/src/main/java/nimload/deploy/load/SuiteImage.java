package nimload.deploy.load;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.Prerequisites.RegistryLogin;

/** An image that holds the suite, so that a run needs no upload: a base image with a JRE and /opt/nimload on top. Needs no container engine. */
public final class SuiteImage {

    /** No base: the image has the suite and nothing else. */
    public static final String SCRATCH = "scratch";

    private static final String USER = "10001:10001";

    private final Suite suite;
    private final Path scratch;
    private final Optional<RegistryLogin> login;

    /**
     * @param scratch a folder for the unpacked suite and downloaded layers
     * @param login for the base image and for a push
     */
    public SuiteImage(Suite suite, Path scratch, Optional<RegistryLogin> login) {
        this.suite = suite;
        this.scratch = scratch;
        this.login = login;
    }

    /**
     * Writes the image to a file that {@code docker load}, {@code podman load} and {@code ctr image import} read.
     *
     * @param name the image's name and tag in the file
     */
    public void write(String base, String name, Path file) throws InterruptedException {
        try {
            build(base, Containerizer.to(TarImage.at(file).named(name)), "nothing was written");
        } catch (InvalidImageReferenceException e) {
            throw invalid(name, e);
        }
    }

    /** Pushes the image to its registry. */
    public void push(String base, String name) throws InterruptedException {
        try {
            build(base, Containerizer.to(registry(name)), "nothing was pushed");
        } catch (InvalidImageReferenceException e) {
            throw invalid(name, e);
        }
    }

    private void build(String base, Containerizer to, String outcome) throws InterruptedException {
        Path unpacked = scratch.resolve("suite");
        try {
            Unpacking.delete(unpacked);
            Unpacking.extract(suite.file(), unpacked, entry -> true);
            JibContainerBuilder image = base.equals(SCRATCH) ? Jib.fromScratch() : Jib.from(registry(base));
            // From what changes least to what changes most: a new build then pushes the last layers only.
            for (List<String> names : List.of(List.of("lib"), List.of("classes", "simulations", Suite.COMMAND))) {
                image.addFileEntriesLayer(layer(unpacked, names));
            }
            image.setEntrypoint(Suite.IN_AN_IMAGE + Suite.COMMAND)
                    .setWorkingDirectory(AbsoluteUnixPath.get("/work"))
                    .setUser(USER)
                    .containerize(to.setBaseImageLayersCache(scratch.resolve("base"))
                            .setApplicationLayersCache(scratch.resolve("layers"))
                            .setToolName("nimload"));
        } catch (InvalidImageReferenceException e) {
            throw invalid(base, e);
        } catch (RegistryException | ExecutionException | CacheDirectoryCreationException | IOException e) {
            throw new DeployException(
                    "the image could not be made, " + outcome + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + "; check the names of base and target, the connection, and NIM_REGISTRY_USERNAME and NIM_REGISTRY_PASSWORD",
                    e);
        } finally {
            try {
                Unpacking.delete(unpacked);
            } catch (IOException left) {
                // The next build deletes it first.
            }
        }
    }

    private RegistryImage registry(String name) throws InvalidImageReferenceException {
        RegistryImage image = RegistryImage.named(name);
        login.ifPresent(registry -> image.addCredential(registry.username(), registry.password()));
        return image;
    }

    private static FileEntriesLayer layer(Path unpacked, List<String> names) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder();
        for (String name : names) {
            if (Files.exists(unpacked.resolve(name))) {
                layer.addEntryRecursive(
                        unpacked.resolve(name),
                        AbsoluteUnixPath.get(Suite.IN_AN_IMAGE + name),
                        (source, path) -> FilePermissions.fromOctalString(
                                Files.isDirectory(source) || name.equals(Suite.COMMAND) ? "755" : "644"));
            }
        }
        return layer.build();
    }

    private static DeployException invalid(String name, InvalidImageReferenceException e) {
        return new DeployException(
                name + ": is not the name of an image; give registry/name:tag, e.g. registry.example.com/nimload:0.1.0",
                e);
    }
}
