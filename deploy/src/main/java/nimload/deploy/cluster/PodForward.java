package nimload.deploy.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/** A tunnel to a pod's HTTP port, open as long as it is used: good enough for one request, never for a measurement. */
public interface PodForward {

    interface Opened extends AutoCloseable {
        URI base();

        @Override
        void close();
    }

    Opened open(KubernetesClient client, String namespace, String pod, int port);

    PodForward KUBERNETES = (client, namespace, pod, port) -> {
        LocalPortForward forward =
                client.pods().inNamespace(namespace).withName(pod).portForward(port);
        return new Opened() {
            @Override
            public URI base() {
                return URI.create("http://127.0.0.1:" + forward.getLocalPort());
            }

            @Override
            public void close() {
                try {
                    forward.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    };
}
