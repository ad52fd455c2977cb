package nimload.deploy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY (or in lower case), as curl and kubectl read them; Java itself does not. */
public final class EnvironmentProxy extends ProxySelector {

    private final UnaryOperator<String> environment;

    public EnvironmentProxy(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI target) {
        String scheme = "http".equals(target.getScheme()) ? "http" : "https";
        return variable(scheme + "_proxy")
                .filter(proxy -> !bypassed(target.getHost()))
                .map(EnvironmentProxy::address)
                .map(address -> List.of(new Proxy(Proxy.Type.HTTP, address)))
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
        // The request itself fails with the same exception, and its caller reports it.
    }

    /** A variable by its lower-case name, set in lower or upper case. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.apply(name))
                .or(() -> Optional.ofNullable(environment.apply(name.toUpperCase(Locale.ROOT))))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private boolean bypassed(String host) {
        return bypassed(host, variable("no_proxy").stream().flatMap(list -> Arrays.stream(list.split(","))));
    }

    /** Whether a host is reached without the proxy: always for this machine, otherwise if {@code noProxy} names it or its domain. */
    public static boolean bypassed(String host, Stream<String> noProxy) {
        return host.equals("localhost")
                || host.startsWith("127.")
                || noProxy.map(String::strip)
                        .anyMatch(entry -> entry.equals("*")
                                || host.equals(entry)
                                || !entry.isEmpty() && host.endsWith(entry.startsWith(".") ? entry : "." + entry));
    }

    private static InetSocketAddress address(String proxy) {
        URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    }
}
