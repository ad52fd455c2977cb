package nimload.deploy.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.genai.GenaiGrid;
import nimload.deploy.genai.GenaiImport;
import nimload.deploy.genai.GenaiLevel;
import nimload.deploy.load.RunSettings;
import nimload.deploy.load.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a load test inside the cluster, in a pod that up --pod created, and fetches its results.",
            "",
            "A simulation runs in the load-generator pod. run uploads the suite (mvn package -DskipTests builds it), starts it detached, prints its"
                    + " output, and copies results and Gatling's report to nim-results/<run>, as if it had run here. Ctrl-C or a lost"
                    + " connection leaves it running: --attach follows it again, --stop ends it. The NIMs' addresses come from"
                    + " target/endpoints.json, as seen from inside the cluster. NIM_API_KEY is passed on if it is set here; other environment"
                    + " variables are not.",
            "",
            "--tool genai-perf runs the same grid in the genai-perf pod with the guide's command lines and one --artifact-dir per level, copies what"
                    + " it exports to nim-results/<run>-genai-perf, and converts it to a run that compare and the page accept. A level that"
                    + " fails does not stop the others.",
            "",
            "--timeout limits how long the pod may be unreachable. The exit code is the run's (0, or 1 or 2 for a failed run)."
        })
final class RunCommand implements Callable<Integer> {

    private static final String SIMULATION = "simulation";

    /** Options that apply only to simulations. */
    private static final List<String> OF_SIMULATIONS = List.of("--simulation", "--set", "--embedded");

    private final Edges edges;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--tool",
            paramLabel = "TOOL",
            defaultValue = SIMULATION,
            description = "simulation or genai-perf; default: ${DEFAULT-VALUE}.")
    private String tool;

    @Option(
            names = "--tokenizer",
            paramLabel = "NAME|FOLDER",
            description =
                    "With --tool genai-perf: a Hugging Face tokenizer, or a folder in the pod; default: genai-perf's own.")
    private Optional<String> tokenizer = Optional.empty();

    @Option(
            names = "--simulation",
            paramLabel = "CLASS",
            defaultValue = "PublishedGridSimulation",
            description = "A class in src/test/java/nimload/simulation; default: ${DEFAULT-VALUE}.")
    private String simulation;

    @Option(
            names = {"-D", "--set"},
            paramLabel = "nim.x.y=VALUE",
            description = "A setting of the run, as for mvn gatling:test; repeatable.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--attach", description = "Follow the run in the pod, or fetch it if it has ended.")
    private boolean attach;

    @Option(names = "--stop", description = "End the run in the pod and fetch what it measured.")
    private boolean stop;

    @Option(
            names = "--embedded",
            description = "Measure the embedded NIM inside the pod: tries the whole path without a real NIM.")
    private boolean embedded;

    @Option(
            names = "--suite",
            paramLabel = "FILE",
            description = "Default: the root project's target/nimload-suite.tar.")
    private Optional<Path> suite = Optional.empty();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where fetched runs go; default: the root project's nim-results.")
    private Optional<Path> results = Optional.empty();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "A writable folder in the pod; default: /work/nimload, for genai-perf /results/nimload on its volume.")
    private Optional<String> dir = Optional.empty();

    RunCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() throws Exception {
        if (attach && stop) {
            throw new ParameterException(spec.commandLine(), "--attach and --stop: use only one of them");
        }
        boolean genaiPerf = tool.equals(GenaiPerfTool.NAME);
        requireFitting(genaiPerf);
        Path root = edges.folder().toAbsolutePath().normalize().getParent();
        Path to = results.orElseGet(() -> root.resolve("nim-results"));
        Path tar = suite.orElseGet(() -> root.resolve("target/nimload-suite.tar"));
        return genaiPerf ? genaiPerf(root, to, tar) : simulation(to, tar);
    }

    private void requireFitting(boolean genaiPerf) {
        if (!genaiPerf && !tool.equals(SIMULATION)) {
            throw new ParameterException(
                    spec.commandLine(), "--tool " + tool + ": unknown tool; use simulation or genai-perf");
        }
        if (!genaiPerf && tokenizer.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--tokenizer: only valid with --tool genai-perf");
        }
        for (String option : genaiPerf ? OF_SIMULATIONS : List.<String>of()) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + ": only valid for simulations; --tool genai-perf sends the guide's grid unchanged");
            }
        }
    }

    private int simulation(Path to, Path tar) throws Exception {
        RunSettings settings = new RunSettings(set);
        // Before connecting: nothing is created in the cluster for an archive that is missing here.
        Optional<Suite> archive = attach || stop ? Optional.empty() : Optional.of(Suite.read(tar));
        Optional<String> full = archive.map(read -> read.simulation(simulation));
        try (Workplace work = new Workplace(edges, options)) {
            SimulationTool simulations = new SimulationTool(work);
            PodRun run = PodRun.in(work, simulations, to, dir.orElse("/work/nimload"));
            if (!attach && !stop) {
                simulations.start(run, archive.orElseThrow(), full.orElseThrow(), settings, embedded);
            }
            return end(run);
        }
    }

    private int genaiPerf(Path root, Path to, Path tar) throws Exception {
        List<GenaiLevel> grid = GenaiGrid.read(root.resolve("simulations-data/published-grid.json"));
        String home = dir.orElse("/results/nimload");
        try (Workplace work = new Workplace(edges, options)) {
            GenaiPerfTool genaiPerf = new GenaiPerfTool(
                    work, to, new GenaiImport(tar, edges.target().resolve("import")));
            PodRun run = PodRun.in(work, genaiPerf, to, home);
            if (!attach && !stop) {
                genaiPerf.start(run, grid, home, tokenizer);
            }
            return end(run);
        }
    }

    private int end(PodRun run) throws InterruptedException, IOException {
        if (stop) {
            return run.stop();
        }
        return attach ? run.attach() : run.followAndFetch();
    }
}
