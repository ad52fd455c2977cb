package nimload.deploy.helm;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nimload.deploy.chart.Chart;

/** What {@code up} does with a release, by what is there. */
public enum ReleaseAction {
    INSTALL,
    UPGRADE,
    /** A Helm that was killed left it pending: Helm refuses to go on from there, so it is uninstalled first. Claims stay. */
    REINSTALL,
    NOTHING,
    /** The claim templates of a StatefulSet cannot be changed: the upgrade would fail half-way. */
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

    private static String storage(Map<String, Object> values) {
        return json(values.get("persistence")) + json(values.get("statefulSet"));
    }

    /** Through JSON's own tree, in which 1 read from YAML and 1 read from a release are the same and the order of keys says nothing. */
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
