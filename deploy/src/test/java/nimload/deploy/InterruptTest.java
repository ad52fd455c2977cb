package nimload.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.ChildJvm;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C while Helm waits for the API server, in a separate process. */
class InterruptTest {

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void signalDuringAHelmCallEndsTheCommandAndTheNextUpContinues(String signal, int exitCode) throws Exception {
        try (Bootstrap bootstrap = new Bootstrap(folder);
                KubernetesClient client = bootstrap.cluster.client()) {
            CountDownLatch inHelm = new CountDownLatch(1);
            CountDownLatch killed = new CountDownLatch(1);
            bootstrap.cluster.intercept(request -> {
                if (request.getMethod().equals("POST") && request.getPath().contains("statefulsets")) {
                    inHelm.countDown();
                    await(killed); // no response while the child is alive
                }
                return null;
            });
            try (ChildJvm child = ChildJvm.start(
                    folder, scratch, bootstrap.environment, entry -> true, "up", "--only", "embedding")) {
                assertThat(inHelm.await(30, TimeUnit.SECONDS)).isTrue();

                child.signal(signal);

                assertThat(child.exitCode(10)).isEqualTo(exitCode);
                assertThat(child.err().lines().filter(line -> !line.isBlank() && !line.startsWith("WARNING: ")))
                        .as("since Java 24 the JVM itself warns about native libraries")
                        .containsExactly(
                                "nimload-deploy: interrupted; everything created so far stays, run the same command again to continue");
            } finally {
                killed.countDown();
            }
            bootstrap.cluster.clearIntercepts();
            assertThat(ReleaseRecord.read(client, "embedding-nim", "embedder")
                            .orElseThrow()
                            .status())
                    .isEqualTo("pending-install");

            Bootstrap.Result next = bootstrap.run("up", "--only", "embedding");

            assertThat(next.err()).isEmpty();
            assertThat(next.exitCode()).isZero();
            assertThat(ReleaseRecord.read(client, "embedding-nim", "embedder")
                            .orElseThrow()
                            .status())
                    .isEqualTo("deployed");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
