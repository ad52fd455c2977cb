package nimload.deploy.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks a tar's files and folders into a folder on this machine. */
final class Unpacking {

    private Unpacking() {}

    /**
     * @param wanted selects entries by name
     * @throws DeployException if an entry would leave the folder
     */
    static void extract(Path tar, Path folder, Predicate<String> wanted) throws IOException {
        Path root = Files.createDirectories(folder.toAbsolutePath().normalize());
        try (InputStream file = new BufferedInputStream(Files.newInputStream(tar));
                TarArchiveInputStream in = new TarArchiveInputStream(file)) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path target = root.resolve(entry.getName()).normalize();
                if (!target.startsWith(root)) {
                    throw new DeployException(tar + ": entry \"" + entry.getName()
                            + "\" points outside the folder; unpacking stopped. Check where the archive came from");
                }
                if (!wanted.test(entry.getName())) {
                    continue;
                }
                if (entry.isSymbolicLink() || entry.isLink()) {
                    continue; // the run's own `latest` is one; commons-compress would treat it as a file
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isFile()) {
                    Files.createDirectories(target.getParent());
                    Files.copy(in, target);
                }
            }
        }
    }

    /** Deletes a folder and everything in it; does nothing if there is none. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
