package nimload.deploy.mock;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Plays the Job controller and a kubelet for the mock cluster: the containers of a Job's pod are processes on this machine, its volumes folders, and
 * exec runs a command as version 4 of the protocol does (no end of stdin). They are not containers: programs and users are this machine's.
 */
public final class LocalKubelet implements AutoCloseable {

    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;

    /** Every command that ran, its words joined by spaces. */
    public final List<String> commands = new CopyOnWriteArrayList<>();

    /** Added to the environment of containers and exec, or replacing parts of it. */
    public final Map<String, String> environment = new ConcurrentHashMap<>(Map.of(
            "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"))); // this very Java

    /** Exec commands and log requests ("log") whose connection breaks before their end. */
    public final List<Predicate<String>> broken = new CopyOnWriteArrayList<>();

    /** Gets each exec command before it runs. */
    public volatile Consumer<String> beforeExec = command -> {};

    /** Changes the stdout of an exec command. */
    public volatile Garbling garbling = (command, bytes) -> bytes;

    /** What admission makes of the pod. */
    public volatile UnaryOperator<Pod> admission = pod -> pod;

    /** Whether containers start; otherwise the pod stays as admission left it. */
    public volatile boolean starts = true;

    /** How long a step waits for a process to end. */
    public volatile long patienceMillis = 20;

    public interface Garbling {
        byte[] of(String command, byte[] stdout);
    }

    private final MockCluster cluster;
    private final KubernetesClient client;
    private final Path root;
    private final Map<String, Process> processes = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "kubelet");
        thread.setDaemon(true);
        return thread;
    });

    /** @param root a folder for the volumes: {@code work}, {@code input}; {@code image} is /opt/nimload of every image */
    public LocalKubelet(MockCluster cluster, Path root) {
        this.cluster = cluster;
        this.client = cluster.client();
        this.root = root;
        intercept();
    }

    public void intercept() {
        cluster.intercept(this::answer);
    }

    public Path work() {
        return work(0);
    }

    /** The first pod's is that of the only one. */
    public Path work(int index) {
        return root.resolve(index == 0 ? "work" : "work-" + index);
    }

    /** Which of a Job's pods it is, by its name. */
    private static int index(String podName) {
        return Integer.parseInt(podName.split("-")[2]);
    }

    public Optional<Pod> pod() {
        return client
                .pods()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/name", "nimload-run")
                .list()
                .getItems()
                .stream()
                .findFirst();
    }

    public List<Pod> pods() {
        return client.pods()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/name", "nimload-run")
                .list()
                .getItems();
    }

    /** What the run has printed so far. */
    public String console() {
        return console(0);
    }

    public String console(int index) {
        try {
            Path log = log(index, "run");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log(int index, String container) {
        return root.resolve(index == 0 ? container + ".log" : container + "-" + index + ".log");
    }

    public void change(UnaryOperator<Pod> change) {
        client.resource(change.apply(pod().orElseThrow())).update();
    }

    /** For {@link Bootstrap#whileSleeping}: brings objects up to date with the processes, or waits a moment for one of them. */
    public void step() {
        try {
            Optional<Job> job = client.batch().v1().jobs().inAnyNamespace().list().getItems().stream()
                    .findFirst();
            if (pod().isPresent()
                    && job.filter(owner -> owner.getMetadata()
                                    .getUid()
                                    .equals(pod().get()
                                            .getMetadata()
                                            .getOwnerReferences()
                                            .get(0)
                                            .getUid()))
                            .isEmpty()) {
                end();
                pods().forEach(pod -> client.resource(pod).delete());
            }
            if (job.isPresent()
                    && pod().isEmpty()
                    && !Boolean.TRUE.equals(job.get().getSpec().getSuspend())) {
                for (int index = 0; index < job.get().getSpec().getCompletions(); index++) {
                    create(job.get(), index);
                }
            }
            for (Pod pod : pods()) {
                if (starts && pod.getStatus().getReason() == null) {
                    run(pod);
                }
            }
            for (Process process : processes.values()) {
                if (process.isAlive()) {
                    process.onExit().get(patienceMillis, TimeUnit.MILLISECONDS);
                    return;
                }
            }
        } catch (TimeoutException still) {
            // The next step looks again.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void create(Job job, int index) throws IOException {
        Files.createDirectories(work(index));
        Files.createDirectories(root.resolve("input"));
        for (var file : client.configMaps()
                .inNamespace(job.getMetadata().getNamespace())
                .withName("nimload-run")
                .get()
                .getData()
                .entrySet()) {
            Files.writeString(root.resolve("input").resolve(file.getKey()), mounted(file.getValue(), index));
        }
        var template = job.getSpec().getTemplate();
        client.resource(admission.apply(new PodBuilder()
                        .withNewMetadata()
                        .withName("nimload-run-" + index + "-abcde")
                        .addToAnnotations("batch.kubernetes.io/job-completion-index", Integer.toString(index))
                        .withNamespace(job.getMetadata().getNamespace())
                        .withLabels(template.getMetadata().getLabels())
                        .addToLabels("job-name", "nimload-run")
                        .addNewOwnerReference()
                        .withKind("Job")
                        .withName("nimload-run")
                        .withUid(job.getMetadata().getUid())
                        .endOwnerReference()
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .editSpec()
                        .withNodeName("cpu-node-1")
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Pending")
                        .endStatus()
                        .build()))
                .create();
    }

    /** Starts what may run now, and writes down how each container stands. */
    private void run(Pod pod) throws IOException {
        List<ContainerStatus> init = new ArrayList<>();
        boolean ready = true;
        for (Container container : pod.getSpec().getInitContainers()) {
            Process process = process(pod, container);
            init.add(status(container, process));
            ready &= !process.isAlive();
        }
        List<ContainerStatus> main = new ArrayList<>();
        if (ready) {
            for (Container container : pod.getSpec().getContainers()) {
                main.add(
                        container.getName().equals("run")
                                ? status(container, process(pod, container))
                                : status(container, null));
            }
        }
        client.resource(new PodBuilder(pod)
                        .editStatus()
                        .withPhase(ready ? "Running" : "Pending")
                        .withInitContainerStatuses(init)
                        .withContainerStatuses(main)
                        .endStatus()
                        .build())
                .update();
    }

    private static ContainerStatus status(Container container, Process process) {
        ContainerState state = process == null || process.isAlive()
                ? new ContainerStateBuilder()
                        .withNewRunning(ScriptedTime.START.toString())
                        .build()
                : new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(process.exitValue())
                        .withReason(process.exitValue() == 0 ? "Completed" : "Error")
                        .endTerminated()
                        .build();
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withState(state)
                .build();
    }

    private Process process(Pod pod, Container container) {
        int index = index(pod.getMetadata().getName());
        return processes.computeIfAbsent(index + "/" + container.getName(), name -> {
            List<String> command = new ArrayList<>(container.getCommand());
            command.addAll(container.getArgs());
            ProcessBuilder builder = process(command, index)
                    .redirectErrorStream(true)
                    .redirectOutput(log(index, container.getName()).toFile());
            builder.environment().put("JOB_COMPLETION_INDEX", Integer.toString(index));
            for (EnvVar variable : container.getEnv()) {
                builder.environment().put(variable.getName(), value(pod, variable));
            }
            try {
                return builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private String value(Pod pod, EnvVar variable) {
        if (variable.getValueFrom() == null) {
            return mounted(variable.getValue(), index(pod.getMetadata().getName()));
        }
        var key = variable.getValueFrom().getSecretKeyRef();
        return new String(
                Base64.getDecoder()
                        .decode(client.secrets()
                                .inNamespace(pod.getMetadata().getNamespace())
                                .withName(key.getName())
                                .get()
                                .getData()
                                .get(key.getKey())),
                StandardCharsets.UTF_8);
    }

    private ProcessBuilder process(List<String> command, int index) {
        commands.add(String.join(" ", command));
        ProcessBuilder builder = new ProcessBuilder(
                        command.stream().map(word -> mounted(word, index)).toList())
                .directory(work(index).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("NIM_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** With this machine's folders in place of the mounts. */
    private String mounted(String text, int index) {
        return text.replaceAll("(?<![a-z])/work\\b", work(index).toString())
                .replaceAll("(?<![a-z])/input\\b", root.resolve("input").toString())
                .replace("/opt/nimload/", root.resolve("image") + "/");
    }

    private MockResponse answer(RecordedRequest request) {
        String path = request.getPath();
        String pod = path.replaceFirst(".*/pods/([^/?]*).*", "$1");
        if (path.matches("/api/v1/namespaces/[^/]+/pods/[^/]+/log\\?.*container=run.*")) {
            return log(index(pod));
        }
        if (!path.matches("/api/v1/namespaces/[^/]+/pods/[^/]+/exec\\?.*")) {
            return null;
        }
        if (path.matches(".*[?&]container=run(&.*)?") && !alive(index(pod) + "/run")) {
            return MockCluster.failure(500, "InternalError", "container not found (\"run\")");
        }
        List<String> command = Arrays.stream(path.replaceFirst("[^?]*\\?", "").split("&"))
                .filter(parameter -> parameter.startsWith("command="))
                .map(parameter -> URLDecoder.decode(parameter.substring("command=".length()), StandardCharsets.UTF_8))
                .toList();
        return new MockResponse().withWebSocketUpgrade(new Session(command, index(pod)));
    }

    private boolean alive(String container) {
        Process process = processes.get(container);
        return process != null && process.isAlive();
    }

    /** What there is: the connection ends there, as an API server's does now and then. */
    private MockResponse log(int index) {
        if (broken.stream().anyMatch(breaks -> breaks.test("log"))) {
            return MockCluster.failure(503, "ServiceUnavailable", "gone");
        }
        return new MockResponse()
                .setResponseCode(200)
                .setHeader("Content-Type", "text/plain")
                .setBody(console(index));
    }

    private final class Session extends WebSocketListener {
        private final List<String> command;
        private final int index;
        private final ExecutorService stdin = Executors.newSingleThreadExecutor();
        private volatile Process process;

        Session(List<String> command, int index) {
            this.command = command;
            this.index = index;
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            try {
                beforeExec.accept(String.join(" ", command));
                process = process(command, index).start();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void serve(WebSocket socket) {
            String line = String.join(" ", command);
            try (InputStream stdout = process.getInputStream()) {
                byte[] buffer = new byte[32 << 10];
                for (int size = stdout.read(buffer); size > 0; size = stdout.read(buffer)) {
                    if (broken.stream().anyMatch(breaks -> breaks.test(line))) {
                        send(socket, STDOUT, Arrays.copyOf(buffer, size / 2));
                        socket.close(1001, "gone");
                        return;
                    }
                    send(socket, STDOUT, garbling.of(line, Arrays.copyOf(buffer, size)));
                }
                int exitCode = process.waitFor();
                send(socket, STDERR, process.getErrorStream().readAllBytes());
                send(
                        socket,
                        STATUS,
                        Serialization.asJson(
                                        exitCode == 0
                                                ? Map.of("metadata", Map.of(), "status", "Success")
                                                : failure(exitCode))
                                .getBytes(StandardCharsets.UTF_8));
                socket.close(1000, "");
            } catch (Exception e) {
                socket.close(1011, String.valueOf(e));
            } finally {
                stdin.shutdown();
            }
        }

        @Override
        public void onMessage(WebSocket socket, byte[] bytes) {
            if (bytes.length < 2 || bytes[0] != 0) {
                return;
            }
            stdin.execute(() -> {
                try {
                    process.getOutputStream().write(bytes, 1, bytes.length - 1);
                    process.getOutputStream().flush();
                } catch (IOException ended) {
                    // The command may stop reading early.
                }
            });
        }
    }

    private static Map<String, Object> failure(int exitCode) {
        return Map.of(
                "metadata",
                Map.of(),
                "status",
                "Failure",
                "reason",
                "NonZeroExitCode",
                "details",
                Map.of("causes", List.of(Map.of("reason", "ExitCode", "message", String.valueOf(exitCode)))));
    }

    private static void send(WebSocket socket, int channel, byte[] bytes) {
        byte[] frame = new byte[bytes.length + 1];
        frame[0] = (byte) channel;
        System.arraycopy(bytes, 0, frame, 1, bytes.length);
        socket.send(frame);
    }

    /** A container of a pod, as the pod says. */
    public ContainerStatus container(int index, String container) {
        return pods().stream()
                .filter(pod -> index(pod.getMetadata().getName()) == index)
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow();
    }

    /** The run of one pod ends; the pod stays. */
    public void terminate(int index) {
        processes.get(index + "/run").destroy();
    }

    /** One pod that admission held, by giving it a reason, starts. */
    public void admit(int index) {
        pods().stream()
                .filter(pod -> index(pod.getMetadata().getName()) == index)
                .forEach(pod -> client.resource(new PodBuilder(pod)
                                .editStatus()
                                .withReason(null)
                                .endStatus()
                                .build())
                        .update());
    }

    /** The pod says that its run ended like this. */
    public void ended(int index, String reason, int exitCode) {
        pods().stream()
                .filter(pod -> index(pod.getMetadata().getName()) == index)
                .forEach(pod -> {
                    pod.getStatus()
                            .getContainerStatuses()
                            .get(0)
                            .setState(new ContainerStateBuilder()
                                    .withNewTerminated()
                                    .withReason(reason)
                                    .withExitCode(exitCode)
                                    .endTerminated()
                                    .build());
                    client.resource(pod).update();
                });
    }

    /** Somebody deletes one pod. */
    public void delete(int index) {
        pods().stream()
                .filter(pod -> index(pod.getMetadata().getName()) == index)
                .forEach(pod -> client.resource(pod).delete());
        terminate(index);
    }

    /** The processes of one pod end, as when its node is lost; the pod says so. */
    public void lose(int index, String reason) {
        processes.entrySet().stream()
                .filter(process -> process.getKey().startsWith(index + "/"))
                .forEach(process -> process.getValue().destroyForcibly());
        pods().stream()
                .filter(pod -> index(pod.getMetadata().getName()) == index)
                .forEach(pod -> client.resource(new PodBuilder(pod)
                                .editStatus()
                                .withPhase("Failed")
                                .withReason(reason)
                                .endStatus()
                                .build())
                        .update());
    }

    /** As a kubelet that kills the pod. */
    public void end() {
        processes.values().forEach(Process::destroyForcibly);
        processes.clear();
    }

    @Override
    public void close() {
        end();
        threads.shutdownNow();
    }
}
