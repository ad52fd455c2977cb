package nimload.deploy.command;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.cluster.Prerequisites;
import nimload.deploy.helm.HelmLibrary;
import nimload.deploy.helm.HelmReleases;
import nimload.deploy.helm.ReleaseAction;
import nimload.deploy.report.Endpoint;
import nimload.deploy.report.Progress;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Installs what the settings file describes, or updates the installation to match, and waits until it is ready.",
            "",
            "For each NIM, both in parallel: chart, namespace, the Secrets ngc-api and ngc-secret, Helm release, pod, address. Every step is safe to"
                    + " repeat: after a failure or Ctrl-C, run it again to continue. Objects that it did not create are left unchanged.",
            "While waiting it reads pods, events and volumes. A cause that waiting cannot fix ends it at once, with what to do.",
            "Writes the addresses to target/endpoints.json."
        })
final class UpCommand implements Callable<Integer> {

    private final Edges edges;

    @Mixin
    private Options options;

    @Option(names = "--adopt", description = "Take over an existing release or Secret that this tool did not create.")
    private boolean adopt;

    UpCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() throws Exception {
        HelmLibrary.require();
        try (Workplace work = new Workplace(edges, options)) {
            // Keys and charts first: a wrong key shows before anything is created.
            Progress progress = new Progress(edges.out(), edges.terminal());
            Map<Nim, Installation.Prepared> prepared = new EnumMap<>(Nim.class);
            for (Nim nim : options.nims()) {
                work.checkKeys(nim).stream()
                        .filter(check -> check.unknown().isPresent())
                        .forEach(check -> progress.line(nim + ": note: key " + check));
                prepared.put(nim, Installation.prepare(work, work.settings.of(nim)));
            }
            prepared.forEach((nim, p) -> p.values().notes().forEach(note -> progress.line(nim + ": note: " + note)));
            Map<Nim, Endpoint> endpoints = installAll(work, prepared, progress);
            work.endpointsFile().write(edges.time().now(), work.context(), endpoints);
            endpoints.forEach((nim, endpoint) -> progress.line(nim + ": ready at " + endpoint.url() + " ("
                    + endpoint.reachedBy() + ", " + endpoint.model() + ")"));
            progress.line(
                    "addresses are in " + edges.target().resolve("endpoints.json")
                            + "; next: run measures from inside the cluster, mvn gatling:test -Dnim.endpoints=deploy/target/endpoints.json from here");
            return 0;
        }
    }

    /** The first failure also ends the other NIM's wait; what that one has reached stays on the cluster. */
    private Map<Nim, Endpoint> installAll(Workplace work, Map<Nim, Installation.Prepared> prepared, Progress progress)
            throws Exception {
        HelmReleases helm = work.helm();
        Prerequisites prerequisites =
                new Prerequisites(work.client(), work.settings, work.key, work.login(), adopt, false);
        AtomicBoolean failed = new AtomicBoolean();
        Map<Nim, Endpoint> endpoints = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(prepared.size());
        try {
            List<Future<?>> all = prepared.entrySet().stream()
                    .<Future<?>>map(entry -> threads.submit(() -> {
                        try {
                            install(
                                    work,
                                    entry.getKey(),
                                    entry.getValue(),
                                    helm,
                                    prerequisites,
                                    progress,
                                    failed,
                                    endpoints);
                        } catch (Exception e) {
                            failed.set(true);
                            throw e;
                        }
                        return null;
                    }))
                    .toList();
            throwFirst(all);
        } finally {
            threads.shutdownNow();
        }
        return new EnumMap<>(endpoints);
    }

    private void install(
            Workplace work,
            Nim nim,
            Installation.Prepared prepared,
            HelmReleases helm,
            Prerequisites prerequisites,
            Progress progress,
            AtomicBoolean failed,
            Map<Nim, Endpoint> endpoints)
            throws InterruptedException {
        NimSettings settings = work.settings.of(nim);
        Duration start = edges.time().elapsed();
        Installation installation = new Installation(
                work,
                settings,
                helm,
                text -> progress.phase(nim, edges.time().elapsed().minus(start), text),
                note -> progress.line(nim + ": " + note));
        ReleaseAction action = installation.install(prepared, prerequisites, options.timeout);
        progress.line(nim + ": release " + settings.release() + " in " + settings.namespace() + ": "
                + switch (action) {
                    case NOTHING -> "up to date";
                    case UPGRADE -> "upgraded, waiting for its pod";
                    default -> "installed, waiting for its pod";
                });
        if (installation.awaitReady(options.timeout, failed::get)) {
            endpoints.put(nim, installation.endpoint(prepared));
        } else {
            progress.line(nim + ": still starting; status shows its progress");
        }
    }

    private static void throwFirst(List<Future<?>> all) throws Exception {
        Exception first = null;
        for (Future<?> future : all) {
            try {
                future.get();
            } catch (ExecutionException e) {
                Exception cause = e.getCause() instanceof Exception exception ? exception : e;
                // Each may fail for its own reason; both are reported, on one line.
                first = first == null
                        ? cause
                        : new DeployException(Failure.line(first) + " - and - " + Failure.line(cause), first);
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
