package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.concurrent.Callable;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.diagnosis.Diagnose;
import nimload.deploy.diagnosis.Diagnosis;
import nimload.deploy.diagnosis.Observation;
import nimload.deploy.nim.NimProbe;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Sends one real embedding request and one real ranking request, checks the answers, and prints curl commands that repeat them.",
            "",
            "The requests go through a port-forward, which adds tens of milliseconds each: the times shown do not measure the NIM."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final int PORT = 8000;

    private final Edges edges;

    @Mixin
    private Options options;

    VerifyCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() {
        try (Workplace work = new Workplace(edges, options)) {
            for (Nim nim : options.nims()) {
                verify(work, work.settings.of(nim));
            }
            return 0;
        }
    }

    private void verify(Workplace work, NimSettings settings) {
        Nim nim = settings.nim();
        Observation seen = work.observer().observe(settings);
        Diagnosis diagnosis = Diagnose.of(seen);
        if (diagnosis.state() != Diagnosis.State.READY) {
            throw new DeployException(nim + ": not ready, so nothing was sent: " + diagnosis);
        }
        Pod pod = seen.pods().get(0);
        String name = pod.getMetadata().getName();
        NimProbe probe = new NimProbe(edges.http());
        try (var opened = edges.forward().open(work.client(), settings.namespace(), name, PORT)) {
            Duration start = edges.time().elapsed();
            String answer = probe.send(nim, settings.model(), opened.base());
            long millis = edges.time().elapsed().minus(start).toMillis();
            edges.out()
                    .println(nim + ": works: " + answer + " (" + millis
                            + " ms through the port-forward, not a measurement)");
        }
        edges.out()
                .println("  to repeat it: kubectl -n " + settings.namespace() + " port-forward pod/" + name + " " + PORT
                        + ":" + PORT);
        edges.out()
                .println("  and then:     "
                        + NimProbe.Request.of(nim, settings.model()).curl("http://localhost:" + PORT));
    }
}
