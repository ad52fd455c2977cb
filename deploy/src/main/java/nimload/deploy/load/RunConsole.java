package nimload.deploy.load;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The log of a run's container: what the run prints. */
final class RunConsole {

    private final KubernetesClient client;
    private final RunPod pod;
    private final OutputStream out;
    private long copied;

    /** @param out receives each byte once, however often the connection breaks */
    RunConsole(KubernetesClient client, RunPod pod, OutputStream out) {
        this.client = client;
        this.pod = pod;
        this.out = out;
    }

    /**
     * Copies what was not copied yet, and follows the log until it ends or the connection does.
     *
     * @throws PodExec.ConnectionLost if the log cannot be read now
     * @throws IOException if {@code out} cannot be written
     */
    void follow() throws PodExec.ConnectionLost, IOException {
        ContainerResource container = client.pods()
                .inNamespace(pod.pod().getMetadata().getNamespace())
                .withName(pod.name())
                .inContainer(RunPod.RUN)
                .withReadyWaitTimeout(0); // a pod whose run has ended is not ready
        try {
            // watchLog of fabric8 8.0.0 passes the API server's error on as if it were the log.
            container.tailingLines(1).getLog();
        } catch (KubernetesClientException e) {
            throw lost(e);
        }
        try (LogWatch log = container.watchLog();
                InputStream in = log.getOutput()) {
            // A log can only be read from its beginning.
            skip(in);
            byte[] buffer = new byte[8192];
            for (int size = read(in, buffer); size > 0; size = read(in, buffer)) {
                out.write(buffer, 0, size);
                out.flush();
                copied += size;
            }
        } catch (KubernetesClientException e) {
            throw lost(e);
        }
    }

    private static PodExec.ConnectionLost lost(KubernetesClientException e) {
        if (e.getCode() != 0 && e.getCode() < 500) {
            throw e;
        }
        return new PodExec.ConnectionLost(String.valueOf(e.getMessage()), e);
    }

    private void skip(InputStream in) throws PodExec.ConnectionLost {
        try {
            in.skipNBytes(copied);
        } catch (IOException e) {
            throw new PodExec.ConnectionLost(String.valueOf(e.getMessage()), e);
        }
    }

    private static int read(InputStream in, byte[] buffer) throws PodExec.ConnectionLost {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new PodExec.ConnectionLost(String.valueOf(e.getMessage()), e);
        }
    }
}
