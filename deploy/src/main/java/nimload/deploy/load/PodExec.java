package nimload.deploy.load;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import nimload.deploy.DeployException;
import org.apache.commons.codec.digest.DigestUtils;

/** Files and signals into a run's pod and files out of it, through the API's exec, as kubectl does it. Everything here is safe to repeat. */
final class PodExec {

    /** The connection ended before the answer; the command may have run. */
    static final class ConnectionLost extends Exception {
        private static final long serialVersionUID = 1L;

        ConnectionLost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** For unpacking, or for results over a slow line. */
    private static final int LIMIT_SECONDS = 1800;

    private static final int EXIT_CODE_GRACE_SECONDS = 5;

    /** For a frame to arrive and be written, over a slow line. */
    private static final int SILENCE_SECONDS = 60;

    /** Per message: proxies and API servers take 64 KiB. */
    private static final int FRAME = 60 << 10;

    private static final int WRONG_CHECKSUM = 3;

    /** The first of them also opens the connection. */
    private static final int ROUND_TRIPS = 5;

    private final KubernetesClient client;
    private final RunPod pod;

    PodExec(KubernetesClient client, RunPod pod) {
        this.client = client;
        this.pod = pod;
    }

    /**
     * Brings the suite into the pod, checks its digest there and unpacks it.
     *
     * @return false if it arrived corrupted
     * @throws DeployException if the pod has no room or no tar
     */
    boolean send(Suite suite) throws ConnectionLost, InterruptedException, IOException {
        // Reads exactly the suite's size, since this version of the exec protocol has no end of stdin, and answers each
        // frame with a dot.
        String receive = "left=" + suite.bytes() + "; while [ $left -gt 0 ]; do size=" + FRAME
                + "; [ $left -ge $size ] || size=$left; head -c $size || exit 1; left=$((left - size)); printf . >&3; done";
        String script = "cd /work && { [ -d suite ] || { rm -rf part && mkdir part && { " + receive
                + "; } 3>&1 >suite.tar && sum=$(sha256sum <suite.tar) && { [ \"${sum%% *}\" = " + suite.sha256()
                + " ] || exit "
                + WRONG_CHECKSUM + "; } && tar -xf suite.tar -C part && rm suite.tar && mv part suite; }; }";
        try (InputStream in = Files.newInputStream(suite.file())) {
            Semaphore answers = new Semaphore(0);
            OutputStream dots = new OutputStream() {
                @Override
                public void write(int dot) {
                    answers.release();
                }
            };
            Answer answer = run(RunPod.RECEIVE, in, answers, dots, script);
            if (answer.exitCode() == WRONG_CHECKSUM) {
                return false;
            }
            require("receive the suite", answer);
            return true;
        }
    }

    /** Asks the run to end; what it measured stays. */
    void stop() throws ConnectionLost, InterruptedException {
        run(
                RunPod.RUN,
                OutputStream.nullOutputStream(),
                "cd /work && : >stop; for file in pid child; do [ ! -s $file ] || kill -s TERM \"$(cat $file)\"; done");
    }

    /**
     * Compares the pod's clock with this machine's. Of several round trips the shortest; half of it is the bound, wherever
     * in it the clock was read.
     *
     * @return empty if the pod's date tells no fractions of a second
     */
    Optional<ClockOffset> clock(Supplier<Instant> now) throws ConnectionLost, InterruptedException {
        Optional<ClockOffset> best = Optional.empty();
        long shortest = Long.MAX_VALUE;
        for (int trip = 0; trip < ROUND_TRIPS; trip++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Instant asked = now.get();
            run(RunPod.RUN, out, "date +%s%N");
            long micros = Duration.between(asked, now.get()).toNanos() / 1000;
            String answer = out.toString(StandardCharsets.UTF_8).strip();
            // Negative where this machine's clock was set back meanwhile.
            if (answer.matches("\\d{19}") && micros >= 0 && micros < shortest) {
                shortest = micros;
                long read = Long.parseLong(answer) / 1000;
                long middle = Duration.between(Instant.EPOCH, asked).toNanos() / 1000 + micros / 2;
                best = Optional.of(new ClockOffset(
                        Duration.ofNanos((read - middle) * 1000), Duration.ofNanos((micros / 2 + 1) * 1000)));
            }
        }
        return best;
    }

    /** Whether a generator was given its start. */
    boolean hasStart() throws ConnectionLost, InterruptedException {
        return run(RunPod.RUN, OutputStream.nullOutputStream(), "[ -s /work/start ]")
                        .exitCode()
                == 0;
    }

    /** Lets a generator begin; does nothing where it has. */
    void start(Instant startAt, Optional<ClockOffset> clock) throws ConnectionLost, InterruptedException {
        String lines = "export NIM_START_AT=" + startAt
                + clock.map(offset -> " NIM_CLOCK=" + offset.text()).orElse("");
        require(
                "begin",
                run(
                        RunPod.RUN,
                        OutputStream.nullOutputStream(),
                        "cd /work && { [ -s start ] || { echo '" + lines
                                + "' >start.part && mv start.part start; }; }"));
    }

    /**
     * Writes results/ and gatling/ of the run to a tar.
     *
     * @return false if its digest is not the pod's own
     * @throws DeployException if the pod cannot read them; they then stay in the pod
     */
    boolean fetch(Path tar) throws ConnectionLost, InterruptedException, IOException {
        String packed = "cd /work && mkdir -p results gatling && tar -cf - results gatling";
        ByteArrayOutputStream sum = new ByteArrayOutputStream();
        require("read the results", run(RunPod.RESULTS, sum, packed + " | sha256sum"));
        String expected = sum.toString(StandardCharsets.UTF_8).replaceFirst("(?s) .*", "");
        try (DigestOutputStream out =
                new DigestOutputStream(Files.newOutputStream(tar), DigestUtils.getSha256Digest())) {
            require("read the results", run(RunPod.RESULTS, out, packed));
            return HexFormat.of().formatHex(out.getMessageDigest().digest()).equals(expected);
        }
    }

    private record Answer(int exitCode, String err) {}

    private Answer run(String container, OutputStream out, String script) throws ConnectionLost, InterruptedException {
        return run(container, InputStream.nullInputStream(), new Semaphore(0), out, script);
    }

    /** @param answers gets a permit for each frame of {@code in} that arrived */
    private Answer run(String container, InputStream in, Semaphore answers, OutputStream out, String script)
            throws ConnectionLost, InterruptedException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicReference<String> status = new AtomicReference<>("");
        try (ExecWatch exec = client.pods()
                .inNamespace(pod.pod().getMetadata().getNamespace())
                .withName(pod.name())
                .inContainer(container)
                .withReadyWaitTimeout(0) // a pod whose run has ended is not ready
                .redirectingInput()
                .writingOutput(out)
                .writingError(err)
                .usingListener(exit(status))
                .exec("sh", "-c", script)) {
            long seconds = LIMIT_SECONDS;
            try {
                byte[] frame = new byte[FRAME];
                exec.exitCode().whenComplete((code, failure) -> answers.release());
                for (int size = in.readNBytes(frame, 0, FRAME); size > 0; size = in.readNBytes(frame, 0, FRAME)) {
                    exec.getInput().write(frame, 0, size);
                    exec.getInput().flush();
                    // The JDK's WebSocket refuses to send while it still sends.
                    if (!answers.tryAcquire(SILENCE_SECONDS, TimeUnit.SECONDS)) {
                        throw new IOException("no answer");
                    }
                    if (exec.exitCode().isDone()) {
                        break;
                    }
                }
            } catch (IOException | KubernetesClientException e) {
                // The command has often ended already, and its exit code is on its way.
                seconds = EXIT_CODE_GRACE_SECONDS;
            }
            Integer exitCode = exec.exitCode().get(seconds, TimeUnit.SECONDS);
            if (exitCode == null || exitCode < 0) {
                throw new ConnectionLost(status.get().isBlank() ? "closed without an exit code" : status.get(), null);
            }
            return new Answer(exitCode, err.toString(StandardCharsets.UTF_8));
        } catch (ExecutionException | TimeoutException e) {
            throw new ConnectionLost(e instanceof TimeoutException ? "no answer" : rootMessage(e), e);
        } catch (KubernetesClientException e) {
            throw refusedOrLost(e);
        }
    }

    private void require(String what, Answer answer) {
        if (answer.exitCode() != 0) {
            String last = answer.err().lines().reduce((a, b) -> b).orElse("exit code " + answer.exitCode());
            throw new DeployException(pod + " cannot " + what + ": " + last
                    + (last.contains("No space left") ? "; free space on its node, or choose another node" : "")
                    + (last.contains("not found") ? "; its image needs sh, tar and sha256sum" : ""));
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

    /** The HTTP status of a refused WebSocket may be in a cause. */
    private static RuntimeException refusedOrLost(KubernetesClientException e) throws ConnectionLost {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            int code = cause instanceof KubernetesClientException refused
                    ? refused.getCode()
                    : cause instanceof WebSocketHandshakeException refused
                            ? refused.getResponse().code()
                            : 0;
            if (code == 403) {
                return new DeployException(
                        "this user is not allowed to exec into pods; ask an administrator to apply deploy/manifests/rbac.yaml for you",
                        e);
            }
            if (code == 401) {
                return new KubernetesClientException(e.getMessage(), 401, null);
            }
        }
        throw new ConnectionLost(rootMessage(e), e);
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
