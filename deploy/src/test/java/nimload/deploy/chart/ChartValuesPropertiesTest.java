package nimload.deploy.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import nimload.deploy.settings.Settings;
import nimload.deploy.settings.SettingsFile;

class ChartValuesPropertiesTest {

    private static final Settings SETTINGS = SettingsFile.parse("");

    private static ChartValues given(Map<String, Object> values) {
        return ChartValues.of(SETTINGS, SETTINGS.embedding(), Map.of("embedding", Map.of("values", values)), Map.of());
    }

    @Provide
    Arbitrary<Map<String, String>> variables() {
        return Arbitraries.maps(
                        Arbitraries.strings()
                                .withCharRange('A', 'Z')
                                .ofMinLength(1)
                                .ofMaxLength(8),
                        Arbitraries.strings())
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Property(tries = 200)
    void everyVariableReachesEnvOnceWithItsOwnText(@ForAll("variables") Map<String, String> variables) {
        Object env = given(Map.of("envVars", variables)).values().get("env");

        assertThat(((List<?>) env)
                        .stream()
                                .map(ChartValues::map)
                                .collect(Collectors.toMap(entry -> entry.get("name"), entry -> entry.get("value"))))
                .isEqualTo(variables);
    }

    @Property(tries = 200)
    void enabledPersistenceAlwaysHasAClaim(
            @ForAll boolean statefulSet, @ForAll("accessModes") String accessMode, @ForAll("claims") String claim) {
        Map<String, Object> values = given(Map.of(
                        "statefulSet", Map.of("enabled", statefulSet),
                        "persistence", Map.of("enabled", true, "accessMode", accessMode, "existingClaim", claim)))
                .values();
        Map<String, Object> persistence = ChartValues.map(values.get("persistence"));

        boolean named = !claim.isEmpty();
        boolean created =
                ChartValues.map(values.get("statefulSet")).get("enabled").equals(true)
                        && persistence.get("accessMode").equals("ReadWriteOnce");
        assertThat(named || created).isTrue();
        assertThat(persistence).containsEntry("existingClaim", claim);
    }

    @Provide
    Arbitrary<String> accessModes() {
        return Arbitraries.of("ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod");
    }

    @Provide
    Arbitrary<String> claims() {
        return Arbitraries.of("", "cache");
    }
}
