package nimload.deploy.chart;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import nimload.deploy.DeployException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks a chart's .tgz: regular files and folders inside the target only, no links, and no more than a chart could need. */
final class ChartArchive {

    /** NVIDIA's charts unpack to well under 1 MiB; Helm's own limit is 100 MiB. */
    private static final long MAX_BYTES = 100L << 20;

    private interface Sink {
        void accept(TarArchiveEntry entry, InputStream content) throws IOException;
    }

    private ChartArchive() {}

    /** Reads the whole archive and discards it, so that a broken one is found before it is put in place. */
    static void check(Path archive, Object origin) {
        each(archive, origin, (entry, content) -> content.transferTo(java.io.OutputStream.nullOutputStream()));
    }

    static void unpack(Path archive, Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        each(archive, archive, (entry, content) -> {
            Path target = root.resolve(entry.getName()).normalize();
            if (!target.startsWith(root)) {
                throw unsafe(archive, entry);
            }
            if (entry.isDirectory()) {
                Files.createDirectories(target);
            } else {
                Files.createDirectories(target.getParent());
                Files.copy(content, target);
            }
        });
    }

    private static void each(Path archive, Object origin, Sink sink) {
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(file)))) {
            long bytes = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!isPlain(entry) || pointsOutside(entry.getName())) {
                    throw unsafe(origin, entry);
                }
                bytes += entry.getSize();
                if (bytes > MAX_BYTES) {
                    throw new DeployException("chart " + origin + ": unpacks to more than " + (MAX_BYTES >> 20)
                            + " MiB, far more than a chart needs; check its address");
                }
                sink.accept(entry, tar);
            }
        } catch (IOException e) {
            throw new DeployException(
                    "chart " + origin + ": not a complete .tgz (" + e.getMessage()
                            + "); run the command again, or download it by hand and set chart to its path",
                    e);
        }
    }

    /** commons-compress counts links and devices as files. */
    private static boolean isPlain(TarArchiveEntry entry) {
        return entry.isDirectory()
                || entry.isFile()
                        && !entry.isLink()
                        && !entry.isSymbolicLink()
                        && !entry.isFIFO()
                        && !entry.isBlockDevice()
                        && !entry.isCharacterDevice();
    }

    /** Applies Windows' rules as well: an archive must mean the same everywhere. */
    private static boolean pointsOutside(String name) {
        String unified = name.replace('\\', '/');
        return unified.startsWith("/") || unified.matches("[A-Za-z]:.*") || ("/" + unified + "/").contains("/../");
    }

    private static DeployException unsafe(Object origin, TarArchiveEntry entry) {
        return new DeployException(
                "chart " + origin + ": entry \"" + entry.getName()
                        + "\" is a link or points outside the chart's folder, which no chart needs; nothing was installed. Check where the chart came from");
    }
}
