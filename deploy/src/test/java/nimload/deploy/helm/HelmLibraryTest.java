package nimload.deploy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
    void platformIsNamedLikeItsArtifactOnMavenCentral() {
        assertThat(HelmLibrary.platform("Mac OS X", "aarch64")).isEqualTo("darwin-arm64");
        assertThat(HelmLibrary.platform("Mac OS X", "x86_64")).isEqualTo("darwin-amd64");
        assertThat(HelmLibrary.platform("Windows 11", "amd64")).isEqualTo("windows-amd64");
        assertThat(HelmLibrary.platform("Linux", "aarch64")).isEqualTo("linux-arm64");
    }
}
