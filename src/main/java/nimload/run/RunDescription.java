package nimload.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingType;
import nimload.nim.Json;
import nimload.nim.NimKind;
import nimload.nim.RankingProtocol;
import nimload.nim.WireForm;
import nimload.plan.Settings;
import nimload.preflight.AnswerShape;
import nimload.preflight.Endpoints;
import nimload.preflight.Target;
import nimload.results.RunInfo;
import nimload.slo.Slo;

/** How a run was made, for the head of its reports. */
final class RunDescription {
    private static final int LONG_QUERY_TOKENS = 256;

    private RunDescription() {}

    /**
     * One sentence each.
     *
     * @param unfit why this machine is not fit to measure
     */
    static List<String> notes(RunPlan run, Calibration calibration, Optional<String> unfit) {
        Settings settings = run.settings();
        Nims nims = run.nims();
        List<String> notes = new ArrayList<>(nims.notes());
        if (settings.tls().insecure()) {
            notes.add("WARNING: nim.tls.insecure=true, the servers' certificates were not checked");
        }
        nims.targets().values().stream()
                .flatMap(target -> target.standIn().stream())
                .distinct()
                .map(name -> "Made with the " + name + ": not a measurement of NVIDIA's NIM.")
                .forEach(notes::add);
        sloNote(run.instructions().slo(), run.slo()).ifPresent(notes::add);
        if (!settings.phases().rehearsal()) {
            notes.add("nim.rehearsal=false: the client was cold, so the first levels include its start-up.");
        }
        notes.addAll(calibration.notes());
        otherVectors(run).filter(note -> !calibration.plans().isEmpty()).ifPresent(notes::add);
        unfit.ifPresent(notes::add);
        nims.requests().forEach((workload, requests) -> {
            if (!requests.costs().verified()) {
                notes.add(workload.key()
                        + ": tokens not verified, the server's usage is missing or does not move with the text.");
            }
        });
        queryNote(run).ifPresent(notes::add);
        return notes;
    }

    /**
     * @param whole as in the file
     * @param used its limits for this run
     */
    private static Optional<String> sloNote(Slo whole, Slo used) {
        List<String> unused = whole.rules().stream()
                .filter(rule -> !used.rules().contains(rule))
                .map(Slo.Rule::place)
                .toList();
        return unused.isEmpty()
                ? Optional.empty()
                : Optional.of("SLO: limits of " + whole.source() + " for workloads that were not run: "
                        + String.join("; ", unused) + ".");
    }

    private static Optional<String> otherVectors(RunPlan run) {
        EmbeddingType type = run.settings().requests().embedding().type();
        return Optional.ofNullable(run.nims().targets().get(NimKind.EMBEDDING))
                .flatMap(Target::answers)
                .flatMap(AnswerShape::vectors)
                .map(AnswerShape.Vectors::dimensions)
                .filter(dimensions -> dimensions != CalibrationPlan.DIMENSIONS || type.whole())
                .map(dimensions -> "embedding: what this client adds was measured with vectors of "
                        + CalibrationPlan.DIMENSIONS + " floats; the target's have " + dimensions + " numbers of type "
                        + type.wire() + ".");
    }

    private static Optional<String> queryNote(RunPlan run) {
        return run.points().stream()
                .filter(point -> point.queryTokens() >= LONG_QUERY_TOKENS)
                .findFirst()
                .map(point -> "reranking: queries of " + point.queryTokens()
                        + " tokens, as genai-perf's synthetic input sends them; a real query is nearer 20"
                        + " (-Dnim.reranking.queryTokens=20).");
    }

    static Map<String, String> effective(Settings settings, String grid, Endpoints endpoints) {
        Map<String, String> effective = new LinkedHashMap<>(endpoints.about());
        effective.put("grid", grid);
        effective.putAll(forms(settings.requests()));
        effective.put("requestTimeout", settings.timing().requestTimeout().toMillis() + "ms");
        settings.timing().start().ifPresent(start -> {
            effective.put(RunInfo.GENERATOR, settings.requests().share().text());
            effective.put("startAt", start.at().toString());
        });
        effective.put("seed", Long.toString(settings.requests().seed()));
        effective.put("strict", Boolean.toString(settings.strict()));
        effective.put("fullCheckEvery", Integer.toString(LevelRequests.FULL_CHECK_EVERY));
        effective.put("sameVectorMinCosine", Double.toString(AnswerValues.Vectors.MIN_COSINE));
        effective.put("sameLogitTolerance", Double.toString(AnswerValues.Logits.TOLERANCE));
        return effective;
    }

    /** What changes the work of a request or the size of its answer; {@link nimload.compare.Likeness} goes by it. */
    private static Map<String, String> forms(Settings.Requests requests) {
        EmbeddingForm embedding = requests.embedding();
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("encodingFormat", embedding.encodingFormat().wire());
        if (embedding.ofNim() || requests.ranking().protocol() != RankingProtocol.COHERE) {
            forms.put("truncate", embedding.truncate().name());
        }
        forms.put("embedding.protocol", embedding.protocolName());
        forms.put("embedding.embeddingType", embedding.type().wire());
        embedding.dimensions().ifPresent(count -> forms.put("embedding.dimensions", Integer.toString(count)));
        forms.put("reranking.protocol", requests.ranking().protocolName());
        for (NimKind kind : NimKind.values()) {
            WireForm form = requests.form(kind);
            if (!form.extra().isEmpty()) {
                forms.put(kind.key() + ".extra", new String(Json.bytes(form.extra()), StandardCharsets.UTF_8));
            }
        }
        return forms;
    }

    static Map<String, String> client() {
        Map<String, String> client = new LinkedHashMap<>();
        client.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        client.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        client.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        client.put("maxHeapMiB", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
        gatling().ifPresent(version -> client.put("gatling", version));
        return client;
    }

    /** From Gatling's jar, which is on the class path of a simulation; empty elsewhere. */
    private static Optional<String> gatling() {
        try (InputStream in = RunDescription.class.getResourceAsStream("/gatling-version.properties")) {
            if (in == null) {
                return Optional.empty();
            }
            Properties version = new Properties();
            version.load(in);
            return Optional.ofNullable(version.getProperty("version"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** {@code nimload 0.1.0}; without the version if the classes are not in a jar. */
    static String tool() {
        return Optional.ofNullable(RunDescription.class.getPackage().getImplementationVersion())
                .map(version -> "nimload " + version)
                .orElse("nimload");
    }
}
