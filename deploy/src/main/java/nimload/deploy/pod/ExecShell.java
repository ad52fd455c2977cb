package nimload.deploy.pod;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import nimload.deploy.DeployException;

/** Exec through the cluster's API, as kubectl exec does it. */
public final class ExecShell implements PodShell {

    /** When sending fails, the command has often ended already, and its exit code is on its way. */
    private static final Duration EXIT_CODE_GRACE = Duration.ofSeconds(5);

    /** For a frame to arrive and be written, over a slow line. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final KubernetesClient client;
    private final String namespace;
    private final String pod;
    private final String container;
    private final Advice advice;
    private final Duration silence;
    private final Duration exitCodeGrace;

    public ExecShell(KubernetesClient client, String namespace, String pod, String container, Advice advice) {
        this(client, namespace, pod, container, advice, SILENCE, EXIT_CODE_GRACE);
    }

    ExecShell(
            KubernetesClient client,
            String namespace,
            String pod,
            String container,
            Advice advice,
            Duration silence,
            Duration exitCodeGrace) {
        this.client = client;
        this.namespace = namespace;
        this.pod = pod;
        this.container = container;
        this.advice = advice;
        this.silence = silence;
        this.exitCodeGrace = exitCodeGrace;
    }

    @Override
    public Output run(List<String> command, Input input, Duration limit) throws ConnectionLost, InterruptedException {
        Arrivals out = new Arrivals();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicReference<String> status = new AtomicReference<>("");
        try (ExecWatch exec = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(container)
                .redirectingInput()
                .writingOutput(out)
                .writingError(err)
                .usingListener(exit(status))
                .exec(command.toArray(String[]::new))) {
            Duration left = limit;
            try (InputStream in = input.open()) {
                send(in, exec, out);
            } catch (IOException | KubernetesClientException e) {
                left = exitCodeGrace;
            }
            Integer exitCode = exec.exitCode().get(left.toMillis(), TimeUnit.MILLISECONDS);
            if (exitCode == null || exitCode < 0) {
                throw notRun(command, status.get());
            }
            return new Output(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
        } catch (ExecutionException | TimeoutException e) {
            throw new ConnectionLost(e instanceof TimeoutException ? "no answer" : rootMessage(e.getCause()), e);
        } catch (KubernetesClientException e) {
            throw refusedOrLost(e);
        }
    }

    /** @throws IOException if the command runs but takes no more input: waiting for its full limit, minutes for an upload, would be pointless */
    private void send(InputStream in, ExecWatch exec, Arrivals out) throws IOException, InterruptedException {
        exec.exitCode().whenComplete((code, failure) -> out.end());
        // Not closed: version 4 of the protocol cannot signal the end of stdin, and the commands do not need it.
        OutputStream stdin = exec.getInput();
        byte[] frame = new byte[Input.FRAME];
        int sent = 0;
        for (int size = in.readNBytes(frame, 0, frame.length);
                size > 0 && (sent == 0 || out.await(sent, silence));
                size = in.readNBytes(frame, 0, frame.length)) {
            stdin.write(frame, 0, size);
            stdin.flush();
            sent++;
        }
        if (sent > 1) {
            // Unpacking follows, and may be silent for long. Commands with a single frame acknowledge none.
            out.await(sent, silence);
        }
    }

    /** Stdout, with a way to wait for a number of bytes. */
    private static final class Arrivals extends ByteArrayOutputStream {
        private boolean ended;

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            notifyAll();
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        /**
         * False if the command ends first.
         *
         * @throws IOException if nothing arrives for {@code silence}
         */
        synchronized boolean await(int bytes, Duration silence) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + silence.toNanos();
            while (size() < bytes && !ended) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new IOException("no answer");
                }
                wait(millis);
            }
            return size() >= bytes;
        }
    }

    /** Keeps the API server's message about the end, for when there is no exit code. */
    private static ExecListener exit(AtomicReference<String> message) {
        return new ExecListener() {
            @Override
            public void onExit(int code, Status status) {
                message.set(String.valueOf(status.getMessage()));
            }

            @Override
            public void onClose(int code, String reason) {
                // The exit code's future completes with it.
            }
        };
    }

    private RuntimeException notRun(List<String> command, String status) throws ConnectionLost {
        if (status.contains("not found") || status.contains("no such file")) {
            return new DeployException("pod " + pod + ": its image has no " + command.get(0) + "; " + advice.image());
        }
        throw new ConnectionLost(status.isBlank() ? "closed without an exit code" : status, null);
    }

    private RuntimeException refusedOrLost(KubernetesClientException e) throws ConnectionLost {
        return switch (status(e)) {
            case 401 ->
                new DeployException(
                        "the cluster no longer accepts the credentials of this context; log in again, then "
                                + advice.attach(),
                        e);
            case 403 ->
                new DeployException(
                        "this user is not allowed to exec into pods in namespace " + namespace
                                + "; ask an administrator to apply deploy/manifests/rbac.yaml for you",
                        e);
            default -> throw new ConnectionLost(rootMessage(e), e);
        };
    }

    /** The HTTP status of a refused WebSocket, which may be in a cause; 0 if there is none. */
    private static int status(KubernetesClientException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException refused && refused.getCode() > 0) {
                return refused.getCode();
            }
            if (cause instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().code();
            }
        }
        return 0;
    }

    /** The innermost message: the outer ones say "an error has occurred". */
    private static String rootMessage(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null
                ? inner.getClass().getSimpleName()
                : inner.getMessage().lines().findFirst().orElse("");
    }
}
