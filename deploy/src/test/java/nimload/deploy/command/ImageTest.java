package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.StandInSuite;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The image without a container engine: its layers are laid out in a folder, and its command runs there. This machine is its base image. */
class ImageTest {

    private static final String USER = "10001";
    private static final String KEY = "nvapi-A-KEY-FOR-THE-NIM-0123456789";

    @TempDir
    Path folder;

    private int runs;

    private Bootstrap.Result image(String... more) throws IOException {
        try (Bootstrap bootstrap = new Bootstrap(Files.createDirectories(folder.resolve("deploy" + runs++)))) {
            bootstrap.environment.put("NIM_API_KEY", KEY);
            return bootstrap.run(
                    Stream.concat(Stream.of("image"), Stream.of(more)).toArray(String[]::new));
        }
    }

    private interface Entry {
        void at(TarArchiveEntry entry, InputStream content) throws IOException;
    }

    private static void each(InputStream tar, Entry action) throws IOException {
        try (TarArchiveInputStream in = new TarArchiveInputStream(tar)) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                action.at(entry, in);
            }
        }
    }

    /** Lays the layers out under {@code root}, each file with its own mode; returns the image's configuration. */
    private JsonNode unpack(Path image, Path root) throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        each(Files.newInputStream(image), (entry, content) -> Files.copy(content, parts.resolve(entry.getName())));
        JsonNode manifest = new JsonMapper()
                .readTree(Files.readString(parts.resolve("manifest.json")))
                .path(0);
        for (JsonNode layer : manifest.path("Layers")) {
            each(new GZIPInputStream(Files.newInputStream(parts.resolve(layer.asString()))), (entry, content) -> {
                Path target = root.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(content, target);
                    Files.setPosixFilePermissions(target, permissions(entry.getMode()));
                }
            });
        }
        return new JsonMapper()
                .readTree(Files.readString(parts.resolve(manifest.path("Config").asString())));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
        }
        return PosixFilePermissions.fromString(text.toString());
    }

    @Test
    void theImagesCommandRunsTheRealSuiteAsAnotherUserThatCanWriteOnlyItsWorkingDirectory() throws Exception {
        RealSuite.require();
        Bootstrap.Result made = image("--base", "scratch", "--suite", RealSuite.FILE.toString());
        assertThat(made.exitCode()).as(made.err()).isZero();
        Path file = folder.resolve("deploy0/target/nimload-image.tar");
        assertThat(made.out()).contains("image is in " + file);

        Path root = Files.createDirectory(folder.resolve("root"));
        JsonNode config = unpack(file, root).path("config");
        assertThat(config.path("User").asString()).isEqualTo("10001:10001");
        assertThat(config.path("WorkingDir").asString()).isEqualTo("/work");
        String command = config.path("Entrypoint").path(0).asString();
        assertThat(command).isEqualTo("/opt/nimload/run.sh");
        Path work = Files.createDirectory(folder.resolve("work"));
        boolean isRoot = new com.sun.security.auth.module.UnixSystem().getUid() == 0;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (isRoot) {
            Files.setAttribute(work, "unix:uid", Integer.parseInt(USER));
        }
        List<String> words = new ArrayList<>(
                isRoot
                        ? List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--no-new-privs")
                        : List.of());
        words.addAll(List.of(
                root + command,
                "nimload.simulation.RerankingSimulation",
                "-Dnim.duration=300ms",
                "-Dnim.warmup=100ms",
                "-Dnim.rehearsal=false",
                "-Dnim.reranking.passages=10",
                "-Dnim.reranking.concurrency=1"));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("NIM_"));
        builder.environment().put("HOME", work.toString());
        Process process = builder.start();
        String console = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(console).isZero();
        assertThat(console).contains("▶ Running reranking test: passages=10, batch=1, concurrency=1");
        try (Stream<Path> results = Files.walk(work)) {
            assertThat(results.map(path -> path.getFileName().toString())).contains("results.csv", "index.html");
        }
        for (Path part : List.of(folder.resolve("parts"), root)) {
            try (Stream<Path> files = Files.walk(part)) {
                for (Path found : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(found, StandardCharsets.ISO_8859_1))
                            .as(found.toString())
                            .doesNotContain(KEY);
                }
            }
        }
    }

    @Test
    void aNameThatIsNoneIsRefusedInOneLine() throws Exception {
        String suite = StandInSuite.write(folder.resolve("suite.tar")).toString();

        assertThat(image("--suite", suite, "--base", "scratch", "--push", "No/Such Name")
                        .err())
                .hasLineCount(1)
                .contains("No/Such Name: is not the name of an image; give registry/name:tag");
    }
}
