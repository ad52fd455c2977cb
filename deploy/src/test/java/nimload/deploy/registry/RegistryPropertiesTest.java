package nimload.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RegistryPropertiesTest {

    @Property(tries = 500)
    void anyHeaderIsAChallengeOrEmpty(@ForAll String header) {
        assertThat(Challenge.parse(header)).isNotNull();
    }

    @Property(tries = 300)
    void quotedParametersComeBackUnchanged(@ForAll("texts") String realm, @ForAll("texts") String service) {
        String header = "Bearer realm=\"" + quoted(realm) + "\", service=\"" + quoted(service) + "\"";

        assertThat(Challenge.parse(header))
                .contains(new Challenge("bearer", Map.of("realm", realm, "service", service)));
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(20);
    }

    @Example
    void schemesAndUnquotedParametersAreRead() {
        assertThat(Challenge.parse("BASIC realm=x")).contains(new Challenge("basic", Map.of("realm", "x")));
        assertThat(Challenge.parse("Negotiate")).contains(new Challenge("negotiate", Map.of()));
        assertThat(Challenge.parse("")).isEqualTo(Optional.empty());
    }

    @Property(tries = 300)
    void orderOfTagsDoesNotDependOnTheRegistry(@ForAll("tags") List<String> tags) {
        List<String> shuffled = new ArrayList<>(tags);
        Collections.reverse(shuffled);

        assertThat(shuffled.stream().sorted(VersionOrder.NEWEST_FIRST).toList())
                .isEqualTo(tags.stream().sorted(VersionOrder.NEWEST_FIRST).toList());
    }

    @Property(tries = 300)
    void higherNumberIsNewer(@ForAll("numbers") int a, @ForAll("numbers") int b) {
        List<String> sorted = new ArrayList<>(List.of("1." + a + ".0", "1." + b + ".0"));
        sorted.sort(VersionOrder.NEWEST_FIRST);

        assertThat(sorted).first().isEqualTo("1." + Math.max(a, b) + ".0");
    }

    @Provide
    Arbitrary<List<String>> tags() {
        return Arbitraries.strings()
                .withChars("0123456789.-av")
                .ofMaxLength(8)
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<Integer> numbers() {
        return Arbitraries.integers().between(0, 2000);
    }
}
