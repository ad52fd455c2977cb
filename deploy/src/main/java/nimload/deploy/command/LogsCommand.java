package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the last log lines of each NIM's pod, found by the release's label.",
            "",
            "kubectl logs deployment/… fails here because the pods belong to a StatefulSet."
        })
final class LogsCommand implements Callable<Integer> {

    private final Edges edges;

    @Mixin
    private Options options;

    @Option(
            names = "--tail",
            paramLabel = "LINES",
            defaultValue = "100",
            description = "Number of lines; default: ${DEFAULT-VALUE}.")
    private int tail;

    @Option(names = "--previous", description = "Of the container's previous run, after a crash.")
    private boolean previous;

    LogsCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() {
        try (Workplace work = new Workplace(edges, options)) {
            for (Nim nim : options.nims()) {
                NimSettings settings = work.settings.of(nim);
                List<Pod> pods = work.observer().pods(settings);
                if (pods.isEmpty()) {
                    edges.out().println(nim + ": no pod; status shows why");
                }
                pods.forEach(pod -> print(work, nim, pod));
            }
            return 0;
        }
    }

    private void print(Workplace work, Nim nim, Pod pod) {
        var resource = work.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
        edges.out().println("--- " + nim + ": pod " + pod.getMetadata().getName() + (previous ? ", previous run" : ""));
        edges.out()
                .println((previous ? resource.terminated().tailingLines(tail) : resource.tailingLines(tail)).getLog());
    }
}
