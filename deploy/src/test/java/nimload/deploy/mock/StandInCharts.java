package nimload.deploy.mock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The charts in src/test/resources/charts, completed with their library, as a folder or as Helm's .tgz. */
public final class StandInCharts {

    private static final Path SOURCE = Path.of("src/test/resources/charts").toAbsolutePath();

    private StandInCharts() {}

    /** Copies the chart and its library to {@code parent}/{@code name} and returns that folder. */
    public static Path folder(String name, Path parent) throws IOException {
        Path chart = parent.resolve(name);
        copy(SOURCE.resolve(name), chart);
        copy(SOURCE.resolve("nim-library"), chart.resolve("charts/nim-library"));
        return chart;
    }

    /** The chart as the bytes of a .tgz, as a chart repository serves it. */
    public static byte[] archive(String name, Path scratch) throws IOException {
        Path chart = folder(name, scratch);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (Path file : files(chart)) {
                add(tar, name + "/" + chart.relativize(file), Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }

    /** A .tgz with one file of any name, for names that no chart should have. */
    public static byte[] archiveOf(String entryName, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            add(tar, entryName, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /**
     * @param type such as TarConstants.LF_SYMLINK
     * @return an archive with one entry that is not a regular file
     */
    public static byte[] archiveOfOther(byte type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            TarArchiveEntry entry = new TarArchiveEntry("chart/values.yaml", type);
            entry.setLinkName("/etc/hostname");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
