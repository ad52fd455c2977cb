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
import nimload.preflight.Endpoints;
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
        if (nims.emulated()) {
            notes.add("Made with the " + EmbeddedNim.LABEL + ": not a measurement of NVIDIA's NIM.");
        }
        sloNote(run.instructions().slo(), run.slo()).ifPresent(notes::add);
        if (!settings.phases().rehearsal()) {
            notes.add("nim.rehearsal=false: the client was cold, so the first levels include its start-up.");
        }
        notes.addAll(calibration.notes());
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
        effective.put("encodingFormat", settings.requests().encodingFormat().wire());
        effective.put("truncate", settings.requests().truncate().name());
        effective.put("requestTimeout", settings.timing().requestTimeout().toMillis() + "ms");
        effective.put("seed", Long.toString(settings.requests().seed()));
        effective.put("strict", Boolean.toString(settings.strict()));
        effective.put("fullCheckEvery", Integer.toString(LevelRequests.FULL_CHECK_EVERY));
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
