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

    /** The chart, freshly unpacked. An earlier download is reused: the content of a chart's version never changes. */
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
                throw new DeployException(nim.nim() + ".chart: no folder or file " + source
                        + "; give an https address, or the path of a chart's folder or .tgz");
            }
            Path chart = onlyChartIn(folder, source);
            if (nim.configTemplate().isPresent()) {
                replaceTemplate(nim, chart);
            }
            return Chart.read(chart);
        } catch (IOException e) {
            throw new DeployException(
                    folder + ": cannot unpack the chart here (" + e.getMessage()
                            + "); free up space or fix the permissions",
                    e);
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

    private Path downloaded(NimSettings nim) {
        URI address = address(nim);
        // The host is part of the name: a file of the same name from another repository may be another chart.
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
