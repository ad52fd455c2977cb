package nimload.deploy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelmLibraryTest {

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    @Test
    void missingNativeLibraryIsReportedInOneLineBeforeAnythingIsTouched() throws Exception {
        try (Bootstrap bootstrap = new Bootstrap(folder);
                ChildJvm child = ChildJvm.start(
                        folder, scratch, bootstrap.environment, entry -> !entry.contains("linux-amd64"), "up")) {
            assertThat(child.exitCode(30)).isEqualTo(1);
            assertThat(child.err())
                    .hasLineCount(1)
                    .startsWith("nimload-deploy up: Helm's native library for ")
                    .contains("is not on the class path, so nothing was touched; add -Dhelm.platform=");
            assertThat(child.out()).isEmpty();
            assertThat(bootstrap.cluster.requests()).isEmpty();
            assertThat(folder.resolve("target")).doesNotExist();
        }
    }

    @Test
    void libraryOfAKilledJvmIsRemovedAndThatOfALivingOneStays() throws Exception {
        try (Bootstrap bootstrap = new Bootstrap(folder);
                ServerSocket neverAnswers = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            neverAnswers.setSoTimeout(60_000);
            Path kubeconfig = Files.writeString(
                    folder.resolve("never-answers"),
                    Files.readString(folder.resolve("kubeconfig"))
                            .replace(bootstrap.cluster.address(), "http://127.0.0.1:" + neverAnswers.getLocalPort()));
            Path leftover;
            try (ChildJvm killed = plan(bootstrap, "killed", kubeconfig);
                    Socket connection = neverAnswers.accept()) {
                assertThat(connection.isConnected()).isTrue();
                leftover = unpacked("killed");
                killed.signal("KILL");
                killed.exitCode(10);
            }
            HelmLibrary.removeLeftovers(leftover.getParent(), folder); // no /proc here: nobody knows who is alive
            assertThat(leftover).exists();
            Path young = Files.createDirectory(leftover.resolveSibling("helm-java1"));

            try (ChildJvm alive = plan(bootstrap, "alive", kubeconfig);
                    Socket connection = neverAnswers.accept()) {
                Path inUse = unpacked("alive");
                HelmLibrary.removeLeftovers(inUse.getParent(), Path.of("/proc"));
                assertThat(inUse.resolve("helm-linux-amd64.so")).exists();
                assertThat(alive.isAlive() && connection.isConnected()).isTrue();
            }
            try (ChildJvm next = plan(bootstrap, "killed", folder.resolve("kubeconfig"))) {
                assertThat(next.exitCode(60)).as(next.err()).isZero();
            }
            assertThat(leftover).doesNotExist();
            assertThat(young).exists();
        }
    }

    private ChildJvm plan(Bootstrap bootstrap, String name, Path kubeconfig) throws Exception {
        return ChildJvm.start(
                folder,
                scratch.resolve(name),
                bootstrap.environment,
                entry -> true,
                "plan",
                "--kubeconfig",
                kubeconfig.toString());
    }

    private Path unpacked(String name) throws Exception {
        try (Stream<Path> folders = Files.list(scratch.resolve(name).resolve("tmp"))) {
            Path unpacked = folders.filter(path -> path.getFileName().toString().startsWith("helm-java"))
                    .findFirst()
                    .orElseThrow();
            return Files.setLastModifiedTime(
                    unpacked, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
    }

    @Test
    void platformIsNamedLikeItsArtifactOnMavenCentral() {
        assertThat(HelmLibrary.platform("Mac OS X", "aarch64")).isEqualTo("darwin-arm64");
        assertThat(HelmLibrary.platform("Mac OS X", "x86_64")).isEqualTo("darwin-amd64");
        assertThat(HelmLibrary.platform("Windows 11", "amd64")).isEqualTo("windows-amd64");
        assertThat(HelmLibrary.platform("Linux", "aarch64")).isEqualTo("linux-arm64");
    }
}
