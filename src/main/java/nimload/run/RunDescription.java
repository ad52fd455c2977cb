package nimload.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import nimload.emulator.EmbeddedNim;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.Endpoints;
import nimload.slo.Slo;

/** What a reader must know of how a run was made, for the head of its reports. */
final class RunDescription {
    private static final int LONG_QUERY_TOKENS = 256;

    private RunDescription() {}

    /**
     * @param whole SLO, as in its file
     * @param slo what of it is for this run
     */
    static List<String> notes(Settings settings, Nims nims, Calibration calibration, Slo whole, Slo slo) {
        List<String> notes = new ArrayList<>(nims.notes());
        if (settings.tls().insecure()) {
            notes.add("WARNING: nim.tls.insecure=true, the servers' certificates were not checked");
        }
        if (nims.emulated()) {
            notes.add("Made with the " + EmbeddedNim.LABEL + ": no result of NVIDIA's NIM.");
        }
        List<String> passedOver = whole.rules().stream()
                .filter(rule -> !slo.rules().contains(rule))
                .map(Slo.Rule::place)
                .toList();
        if (!passedOver.isEmpty()) {
            notes.add("SLO: limits of " + whole.source() + " for workloads that were not run: "
                    + String.join("; ", passedOver) + ".");
        }
        if (!settings.rehearsal()) {
            notes.add("nim.rehearsal=false: the client was cold, the first levels carry its own start.");
        }
        notes.addAll(calibration.notes());
        nims.byWorkload().forEach((workload, nim) -> {
            if (!nim.requests().costs().verified()) {
                notes.add(workload.key()
                        + ": tokens not verified, the server's usage is missing or does not move with the" + " text.");
            }
        });
        int queryTokens = settings.grids().get(Workload.RERANKING).queryTokens();
        if (nims.byWorkload().containsKey(Workload.RERANKING) && queryTokens >= LONG_QUERY_TOKENS) {
            notes.add("reranking: queries of " + queryTokens
                    + " tokens, as genai-perf's synthetic input sends them; a real"
                    + " query is nearer 20 (-Dnim.reranking.queryTokens=20).");
        }
        return notes;
    }

    static Map<String, String> effective(Settings settings, Endpoints endpoints) {
        Map<String, String> effective = new LinkedHashMap<>(endpoints.about());
        effective.put("encodingFormat", settings.encodingFormat().wire());
        effective.put("truncate", settings.truncate().name());
        effective.put("requestTimeout", settings.requestTimeout().toMillis() + "ms");
        effective.put("seed", Long.toString(settings.seed()));
        effective.put("strict", Boolean.toString(settings.strict()));
        effective.put("fullCheckEvery", Integer.toString(Level.FULL_CHECK_EVERY));
        effective.put("sameVectorMinCosine", Double.toString(AnswerValues.Vectors.MIN_COSINE));
        effective.put("sameLogitTolerance", Double.toString(AnswerValues.Logits.TOLERANCE));
        return effective;
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

    /** As Gatling's own jar says, which is on the class path of a simulation; empty elsewhere. */
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

    /** {@code nimload 0.1.0}; without the version where the classes are in no package that says it. */
    static String tool() {
        return Optional.ofNullable(RunDescription.class.getPackage().getImplementationVersion())
                .map(version -> "nimload " + version)
                .orElse("nimload");
    }
}
