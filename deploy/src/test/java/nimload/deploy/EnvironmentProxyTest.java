package nimload.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EnvironmentProxyTest {

    private static Proxy select(Map<String, String> environment, String target) {
        UnaryOperator<String> variables = environment::get;
        return new EnvironmentProxy(variables).select(URI.create(target)).get(0);
    }

    private static String address(Proxy proxy) {
        return proxy.type() == Proxy.Type.DIRECT
                ? "direct"
                : proxy.address().toString().replaceAll("/<unresolved>|.*/", "");
    }

    @Test
    void eachSchemeHasItsVariableInEitherSpelling() {
        assertThat(address(select(Map.of("HTTPS_PROXY", "http://127.0.0.9:3128"), "https://x.example.com")))
                .isEqualTo("127.0.0.9:3128");
        assertThat(address(select(Map.of("https_proxy", "127.0.0.9:3128"), "https://x.example.com")))
                .isEqualTo("127.0.0.9:3128");
        assertThat(address(select(Map.of("https_proxy", "127.0.0.9:3128"), "http://x.example.com")))
                .isEqualTo("direct");
        assertThat(address(select(Map.of("HTTPS_PROXY", " "), "https://x.example.com")))
                .isEqualTo("direct");
    }

    @Test
    void noProxyNamesHostsAndDomains() {
        Map<String, String> environment =
                Map.of("HTTPS_PROXY", "http://127.0.0.9:3128", "NO_PROXY", "exact.org, .svc,example.com");

        assertThat(address(select(environment, "https://exact.org"))).isEqualTo("direct");
        assertThat(address(select(environment, "https://nim.ns.svc"))).isEqualTo("direct");
        assertThat(address(select(environment, "https://a.example.com"))).isEqualTo("direct");
        assertThat(address(select(environment, "https://notexample.com"))).isEqualTo("127.0.0.9:3128");
        assertThat(address(select(environment, "https://127.0.0.1"))).isEqualTo("direct");
    }
}
