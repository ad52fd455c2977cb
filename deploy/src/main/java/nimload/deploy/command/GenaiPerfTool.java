package nimload.deploy.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.BenchmarkPods;
import nimload.deploy.genai.GenaiImport;
import nimload.deploy.genai.GenaiLevel;
import nimload.deploy.genai.GenaiPack;
import nimload.deploy.load.FetchedRun;
import nimload.deploy.load.InClusterEndpoints;
import nimload.deploy.load.LoadPod;
import nimload.deploy.pod.Advice;
import nimload.deploy.pod.Archive;
import nimload.deploy.pod.DetachedJob;
import nimload.deploy.settings.Nim;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published grid with genai-perf, in the genai-perf pod. */
final class GenaiPerfTool implements PodTool {

    static final String NAME = "genai-perf";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Advice ADVICE = new Advice(
            "run --tool " + NAME,
            "set benchmark.genaiPerfImage in the settings file to an image with genai-perf, sh and tar"
                    + " (nvcr.io/nvidia/tritonserver:25.01-py3-sdk has them), then run up --pod genai-perf");

    private final Workplace work;
    private final Path results;
    private final GenaiImport imports;

    /** @param results where the import writes the run */
    GenaiPerfTool(Workplace work, Path results, GenaiImport imports) {
        this.work = work;
        this.results = results;
        this.imports = imports;
    }

    /**
     * Starts the levels of the selected NIMs that have an address.
     *
     * @param home the run's folder in the pod
     */
    void start(PodRun run, List<GenaiLevel> grid, String home, Optional<String> tokenizer)
            throws InterruptedException, IOException {
        run.claim();
        Map<Nim, GenaiLevel.Target> targets = targets();
        List<GenaiLevel> levels = grid.stream()
                .filter(level -> targets.containsKey(level.workload().nim()))
                .toList();
        String artifacts = home + "/genai-perf";
        String name = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(ZoneId.systemDefault())
                .format(work.edges.time().now());
        Path tar = Files.createTempFile("nimload-genai-perf", ".tar");
        try {
            Archive pack = GenaiPack.write(tar);
            run.start(
                    pack,
                    levels.size() + " levels of genai-perf",
                    new DetachedJob.Work(
                            run.name(NAME),
                            pack.sha256(),
                            "NIM_API_KEY",
                            Optional.empty(), // the guide's commands send no key
                            GenaiPack.LEVELS,
                            GenaiPack.levels(levels, targets, artifacts, tokenizer),
                            List.of(GenaiPack.COMMAND, name, artifacts)));
        } finally {
            Files.delete(tar);
        }
    }

    private Map<Nim, GenaiLevel.Target> targets() {
        JsonNode endpoints = InClusterEndpoints.of(
                        work.endpointsFile().read(),
                        work.context(),
                        work.options.nims(),
                        work.client(),
                        work.edges.out()::println)
                .map(JSON::readTree)
                .orElseThrow(() -> new DeployException(work.edges.target().resolve("endpoints.json")
                        + ": has none of the selected NIMs, so there is nothing to measure; run up"));
        Map<Nim, GenaiLevel.Target> targets = new EnumMap<>(Nim.class);
        for (Nim nim : work.options.nims()) {
            JsonNode endpoint = endpoints.path(nim.toString());
            if (endpoint.isObject()) {
                targets.put(
                        nim,
                        new GenaiLevel.Target(
                                endpoint.path("url").asString(""),
                                endpoint.path("model").asString("")));
            } else {
                work.edges
                        .out()
                        .println(nim + ": not in endpoints.json, its levels are skipped; run up to include them");
            }
        }
        return targets;
    }

    @Override
    public BenchmarkPods.Kind pod() {
        return BenchmarkPods.Kind.GENAI_PERF;
    }

    @Override
    public Advice advice() {
        return ADVICE;
    }

    @Override
    public List<String> programs() {
        return List.of("genai-perf", "tee", "cp");
    }

    @Override
    public void requireRoom(LoadPod pod) {
        pod.requireFreeCpu();
    }

    /** Next to our runs, but not a run itself. */
    @Override
    public Optional<Path> unpack(Path tar, Path to) throws IOException {
        return FetchedRun.unpack(tar, to, "-" + NAME);
    }

    @Override
    public void finish(Path run) throws InterruptedException {
        work.edges.out().println("genai-perf's files are in " + run);
        imports.run(run.toAbsolutePath(), results.toAbsolutePath(), work.edges.out()::println);
    }

    @Override
    public void explain(int exitCode) {
        if (exitCode == GenaiPack.NO_TOKENIZER) {
            String set = "kubectl -n " + work.settings.benchmark().namespace() + " set env deploy/" + pod() + " ";
            throw new DeployException(
                    "genai-perf cannot load its tokenizer: the pod probably cannot reach huggingface.co. "
                            + "Set a proxy for the pod: " + set + "https_proxy=http://<proxy>:<port>"
                            + " ; or copy a filled Hugging Face cache to its volume: " + set
                            + "HF_HOME=/results/huggingface HF_HUB_OFFLINE=1 ; or copy a tokenizer folder there: "
                            + ADVICE.run() + " --tokenizer /results/<folder>");
        }
    }
}
