package nimload.deploy.helm;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nimload.deploy.chart.Chart;
import nimload.deploy.chart.ChartValues;

/** What {@code up} does with a release, depending on its state. */
public enum ReleaseAction {
    INSTALL,
    UPGRADE,
    /** A killed Helm left it pending, from which Helm refuses to continue, so it is uninstalled first. Claims stay. */
    REINSTALL,
    NOTHING,
    /** A StatefulSet's claim templates are immutable: the upgrade would fail halfway. */
    REFUSE;

    public static ReleaseAction of(Optional<ReleaseRecord> found, Chart chart, Map<String, Object> values) {
        if (found.isEmpty()) {
            return INSTALL;
        }
        ReleaseRecord release = found.get();
        return switch (release.status()) {
            case "pending-install", "pending-upgrade", "pending-rollback", "uninstalling" -> REINSTALL;
            case "uninstalled" -> INSTALL;
            case "deployed", "failed", "superseded" -> {
                if (!storage(release.values()).equals(storage(values))) {
                    yield release.status().equals("failed") && release.revision() == 1 ? REINSTALL : REFUSE;
                }
                boolean same = release.chart().equals(chart.name())
                        && release.chartVersion().equals(chart.version())
                        && sameJson(release.values(), values);
                yield same && release.status().equals("deployed") ? NOTHING : UPGRADE;
            }
            default -> throw new IllegalStateException("Helm's release status \"" + release.status() + "\" is unknown");
        };
    }

    /** Of persistence without what a template's {@code if} takes as absent: a storage class that is left out is the same as "". */
    private static String storage(Map<String, Object> values) {
        Map<String, Object> persistence = new HashMap<>(ChartValues.map(values.get("persistence")));
        persistence.values().removeIf(value -> !ChartValues.isSet(value));
        return json(persistence) + json(values.get("statefulSet"));
    }

    /** Compares JSON text with sorted keys: 1 from YAML equals 1 from a release, and the order of keys does not matter. */
    private static boolean sameJson(Map<String, Object> a, Map<String, Object> b) {
        return json(a).equals(json(b));
    }

    private static String json(Object value) {
        return Objects.toString(tools.jackson.databind.json.JsonMapper.builder()
                .enable(tools.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build()
                .writeValueAsString(value));
    }
}
