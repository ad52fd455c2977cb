package nimload.deploy.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.cluster.Prerequisites;
import nimload.deploy.helm.HelmLibrary;
import nimload.deploy.helm.HelmReleases;
import nimload.deploy.helm.ReleaseAction;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.report.Table;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what up would create or change. Changes nothing on the cluster; charts are downloaded to target/charts.",
            "",
            "--manifests also prints the YAML that Helm would send, after the table."
        })
final class PlanCommand implements Callable<Integer> {

    private final Edges edges;

    @Mixin
    private Options options;

    @Option(names = "--manifests", description = "Print the rendered manifests.")
    private boolean manifests;

    @Option(names = "--adopt", description = "Plan for up --adopt.")
    private boolean adopt;

    PlanCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() {
        HelmLibrary.require();
        try (Workplace work = new Workplace(edges, options)) {
            HelmReleases helm = work.helm();
            Prerequisites prerequisites =
                    new Prerequisites(work.client(), work.settings, work.key, work.login(), adopt, true);
            Table table = new Table("NIM", "OBJECT", "PLAN");
            StringBuilder notes = new StringBuilder();
            StringBuilder rendered = new StringBuilder();
            for (Nim nim : options.nims()) {
                NimSettings settings = work.settings.of(nim);
                Installation.Prepared prepared = Installation.prepare(work, settings);
                prerequisites.requireOurs(settings);
                prerequisites
                        .ensure(settings)
                        .forEach(step -> table.row(nim.toString(), step.object(), step.outcome()));
                Optional<ReleaseRecord> found =
                        ReleaseRecord.read(work.client(), settings.namespace(), settings.release());
                table.row(
                        nim.toString(),
                        "release " + settings.release() + " in " + settings.namespace(),
                        found.filter(record -> Turn.isTaken(work, record))
                                .map(record -> Turn.atWork(record) + ": up would wait for it")
                                .orElseGet(() -> outcome(
                                        ReleaseAction.of(
                                                found,
                                                prepared.chart(),
                                                prepared.values().values()),
                                        found,
                                        prepared)));
                prepared.values()
                        .notes()
                        .forEach(note -> notes.append(nim + ": note: " + note + System.lineSeparator()));
                String yaml = helm.template(
                        settings, prepared.chart(), prepared.values().values());
                if (manifests) {
                    rendered.append("# ")
                            .append(nim)
                            .append(System.lineSeparator())
                            .append(yaml);
                }
            }
            edges.out().print(table.toString() + notes + rendered);
            return 0;
        }
    }

    private static String outcome(ReleaseAction action, Optional<ReleaseRecord> found, Installation.Prepared prepared) {
        String chart = prepared.chart().name() + " " + prepared.chart().version();
        return switch (action) {
            case INSTALL -> "would be installed (" + chart + ")";
            case UPGRADE ->
                "would be upgraded from revision " + found.get().revision() + " ("
                        + found.get().chart() + " " + found.get().chartVersion() + ", "
                        + found.get().status() + ") to " + chart;
            case REINSTALL ->
                "is " + found.get().status() + ": would be uninstalled and installed again (" + chart
                        + "), claims stay";
            case NOTHING -> "up to date (" + chart + ", revision " + found.get().revision() + ")";
            case REFUSE ->
                "cannot be upgraded: persistence or statefulSet differs from the installed release; run down, then up";
        };
    }
}
