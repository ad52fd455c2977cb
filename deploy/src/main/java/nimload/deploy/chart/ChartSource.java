package nimload.deploy.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.settings.NimSettings;

/** Brings the chart that the settings name into a folder of its own, where Helm takes it from and where a template may be replaced. */
public final class ChartSource {

    private static final String CONFIG_TEMPLATE = "charts/nim-library/templates/_config.tpl";

    private final Path settingsFolder;
    private final Path work;
    private final ChartDownload download;

    /**
     * @param settingsFolder what relative paths are relative to
     * @param work where downloads are kept and charts unpacked
     */
    public ChartSource(Path settingsFolder, Path work, ChartDownload download) {
        this.settingsFolder = settingsFolder;
        this.work = work;
        this.download = download;
    }

    /** The chart, unpacked anew. A download that is there already is taken from disk: a chart's version does not change its content. */
    public Chart fetch(NimSettings nim) {
        Path folder = work.resolve(nim.nim().toString());
        try {
            deleteTree(folder);
            Files.createDirectories(folder);
            Path source = isRemote(nim.chart()) ? downloaded(nim) : settingsFolder.resolve(nim.chart());
            if (Files.isDirectory(source)) {
                copyTree(source, folder.resolve("chart"));
            } else if (Files.isRegularFile(source)) {
                ChartArchive.unpack(source, folder);
            } else {
                throw new DeployException(nim.nim() + ".chart: there is no folder or file " + source
                        + "; give an https address, or the path of a chart's folder or .tgz");
            }
            Path chart = onlyChartIn(folder, source);
            if (nim.configTemplate().isPresent()) {
                replaceTemplate(nim, chart);
            }
            return Chart.read(chart);
        } catch (IOException e) {
            throw new DeployException(
                    folder + ": the chart cannot be unpacked there (" + e.getMessage()
                            + "); free space or fix its permissions",
                    e);
        }
    }

    /** Where a chart is downloaded from: the address itself, or with {@code -<version>.tgz} after it. */
    static URI address(NimSettings nim) {
        String address = nim.chart().endsWith(".tgz")
                ? nim.chart()
                : nim.chart() + "-"
                        + nim.chartVersion()
                                .orElseThrow(
                                        () -> new DeployException(
                                                nim.nim()
                                                        + ".chartVersion: missing, and the chart's address does not end in .tgz; give it, e.g. chartVersion: \"1.5.0\""))
                        + ".tgz";
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new DeployException(
                    nim.nim() + ".chart: \"" + address + "\" is not an address; give an https address or a path", e);
        }
    }

    private static boolean isRemote(String chart) {
        return chart.matches("[a-z]+://.*");
    }

    private Path downloaded(NimSettings nim) {
        URI address = address(nim);
        // The host is part of the name: the same file name from another repository may be another chart.
        Path archive = work.resolve("downloads")
                .resolve(address.getHost() + "-" + Path.of(address.getPath()).getFileName());
        if (!Files.exists(archive)) {
            download.fetch(address, archive);
        }
        return archive;
    }

    private static Path onlyChartIn(Path folder, Path source) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            List<Path> charts = children.filter(child -> Files.exists(child.resolve("Chart.yaml")))
                    .toList();
            if (charts.size() != 1) {
                throw new DeployException(source + ": holds " + charts.size()
                        + " charts instead of one (a folder with Chart.yaml); give a chart's folder or .tgz");
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
                            ? "there is no file " + replacement
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
