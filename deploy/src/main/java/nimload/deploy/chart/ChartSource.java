package nimload.deploy.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.KeyCheck;
import nimload.deploy.settings.NimSettings;

/** Puts the chart named in the settings into its own folder, from which Helm takes it and where a template can be replaced. */
public final class ChartSource {

    private static final String CONFIG_TEMPLATE = "charts/nim-library/templates/_config.tpl";

    private final Path settingsFolder;
    private final Path work;
    private final ChartDownload download;

    /**
     * @param settingsFolder base of relative paths
     * @param work where downloads are kept and charts are unpacked
     */
    public ChartSource(Path settingsFolder, Path work, ChartDownload download) {
        this.settingsFolder = settingsFolder;
        this.work = work;
        this.download = download;
    }

    /**
     * The chart, in a folder named after its content, which no other command in this checkout changes. An earlier download is reused: the content of
     * a chart's version never changes.
     */
    public Chart fetch(NimSettings nim) {
        try {
            Files.createDirectories(work);
            Path folder = Files.createTempDirectory(work, "unpacking-");
            try {
                Path source = isRemote(nim.chart()) ? downloaded(nim) : settingsFolder.resolve(nim.chart());
                if (Files.isDirectory(source)) {
                    copyTree(source, folder.resolve("chart"));
                } else if (Files.isRegularFile(source)) {
                    ChartArchive.unpack(source, folder);
                } else {
                    throw new DeployException(nim.nim() + ".chart: no folder or file " + source
                            + "; give an https address, or the path of a chart's folder or .tgz");
                }
                Path chart = onlyChartIn(folder, source);
                if (nim.configTemplate().isPresent()) {
                    replaceTemplate(nim, chart);
                }
                return Chart.read(inPlace(folder, nim).resolve(folder.relativize(chart)));
            } finally {
                deleteTree(folder);
            }
        } catch (IOException e) {
            throw new DeployException(
                    work + ": cannot unpack the chart here (" + e.getMessage()
                            + "); free up space or fix the permissions",
                    e);
        }
    }

    private Path inPlace(Path unpacked, NimSettings nim) throws IOException {
        MessageDigest digest = sha256();
        try (Stream<Path> walk = Files.walk(unpacked)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(unpacked.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        Path folder = work.resolve(nim.nim() + "-" + HexFormat.of().formatHex(digest.digest(), 0, 8));
        try {
            return Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.exists(folder)) {
                throw e;
            }
            return folder; // put there by another command, or an earlier one
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The download address: the chart setting, with {@code -<version>.tgz} appended unless it already ends in .tgz. */
    static URI address(NimSettings nim) {
        String address = nim.chart().endsWith(".tgz") ? nim.chart() : nim.chart() + "-" + nim.chartVersion() + ".tgz";
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new DeployException(
                    nim.nim() + ".chart: \"" + address + "\" is not a valid address; give an https address or a path",
                    e);
        }
    }

    private static boolean isRemote(String chart) {
        return chart.matches("[a-z]+://.*");
    }

    /**
     * Asks the chart's server whether it accepts the key; empty if there is nothing to ask, or if the download is still to come and will show it.
     *
     * @throws DeployException if it does not
     */
    public Optional<KeyCheck> checkKey(NimSettings nim) {
        return isRemote(nim.chart()) && Files.exists(archive(address(nim)))
                ? download.checkKey(address(nim))
                : Optional.empty();
    }

    private Path downloaded(NimSettings nim) {
        Path archive = archive(address(nim));
        if (!Files.exists(archive)) {
            download.fetch(address(nim), archive);
        }
        return archive;
    }

    /** The host is part of the name: a file of the same name from another repository may be another chart. */
    private Path archive(URI address) {
        return work.resolve("downloads")
                .resolve(address.getHost() + "-" + Path.of(address.getPath()).getFileName());
    }

    private static Path onlyChartIn(Path folder, Path source) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            List<Path> charts = children.filter(child -> Files.exists(child.resolve("Chart.yaml")))
                    .toList();
            if (charts.size() != 1) {
                throw new DeployException(source + ": contains " + charts.size()
                        + " charts (folders with Chart.yaml) instead of one; give a chart's folder or .tgz");
            }
            return charts.get(0);
        }
    }

    private void replaceTemplate(NimSettings nim, Path chart) throws IOException {
        Path target = chart.resolve(CONFIG_TEMPLATE);
        Path replacement = settingsFolder.resolve(nim.configTemplate().orElseThrow());
        if (!Files.exists(target) || !Files.isRegularFile(replacement)) {
            throw new DeployException(nim.nim() + ".configTemplate: "
                    + (Files.exists(target)
                            ? "no file " + replacement
                            : "this chart has no " + CONFIG_TEMPLATE + " to replace")
                    + "; correct the path or leave configTemplate empty");
        }
        Files.delete(target);
        Files.copy(replacement, target);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
