package nimload.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY as kubectl and Helm read them; Java itself does not. The rules are those of Go's {@code
 * golang.org/x/net/http/httpproxy}: upper case before lower case, localhost and loopback addresses always direct.
 */
public final class EnvironmentProxy extends ProxySelector {

    private static final Pattern IP = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*");
    private static final Pattern CIDR = Pattern.compile("([^/]+)/(\\d{1,3})");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[([^]]*)]|([^:\\[\\]]*)):(\\d*)");

    private final UnaryOperator<String> environment;

    public EnvironmentProxy(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI target) {
        return List.of(of(target)
                .map(proxy -> new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort())))
                .orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
        // The request itself fails with the same exception, and its caller reports it.
    }

    /** The proxy for a target, with scheme http, a port, and user and password if it has them; empty if the target is reached directly. */
    public Optional<URI> of(URI target) {
        String name = "http".equals(target.getScheme()) ? "HTTP_PROXY" : "HTTPS_PROXY";
        return variable(name)
                .filter(proxy -> target.getHost() == null || !direct(target))
                .map(proxy -> parse(name, proxy));
    }

    /** Adds the proxy's user and password to a request, if this client has a proxy for it that wants them. */
    public static void authorize(HttpClient client, HttpRequest.Builder request, URI target) {
        if (client.proxy().orElse(null) instanceof EnvironmentProxy environment) {
            environment
                    .of(target)
                    .map(URI::getUserInfo)
                    .map(user -> user.contains(":") ? user : user + ":")
                    .ifPresent(user -> request.setHeader(
                            "Proxy-Authorization",
                            "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))));
        }
    }

    /** A variable by its upper-case name, set in upper or lower case. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.apply(name))
                .filter(value -> !value.isEmpty())
                .or(() -> Optional.ofNullable(environment.apply(name.toLowerCase(Locale.ROOT))))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /**
     * A proxy's address with its port.
     *
     * @param source where it is written; named in the error in place of the address, which may contain a password
     * @throws DeployException if it is no address, or its scheme is not http
     */
    public static URI parse(String source, String proxy) {
        URI uri;
        try {
            uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        } catch (IllegalArgumentException e) {
            uri = URI.create(""); // its message would quote the password
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() != null && !scheme.equals("http")) {
            throw new DeployException(source + ": a proxy with scheme " + scheme
                    + ":// is not supported; give one that speaks HTTP, as http://host:port");
        }
        if (uri.getHost() == null) {
            throw new DeployException(
                    source
                            + ": is not a proxy's address; write http://host:port, with special characters of user and password as %XX");
        }
        String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
        return URI.create("http://" + user + uri.getHost() + ":" + (uri.getPort() < 0 ? 80 : uri.getPort()));
    }

    private boolean direct(URI target) {
        String host = target.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        String port =
                String.valueOf(target.getPort() >= 0 ? target.getPort() : "http".equals(target.getScheme()) ? 80 : 443);
        Optional<InetAddress> ip = ip(host);
        return host.equals("localhost")
                || ip.filter(InetAddress::isLoopbackAddress).isPresent()
                || variable("NO_PROXY").stream()
                        .flatMap(list -> Arrays.stream(list.split(",")))
                        .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                        .anyMatch(entry -> matches(entry, host, port, ip));
    }

    private static boolean matches(String entry, String host, String port, Optional<InetAddress> ip) {
        if (entry.equals("*")) {
            return true;
        }
        Matcher cidr = CIDR.matcher(entry);
        if (cidr.matches()) {
            return ip.isPresent()
                    && ip(cidr.group(1))
                            .filter(network -> inside(ip.get(), network, Integer.parseInt(cidr.group(2))))
                            .isPresent();
        }
        Matcher split = HOST_AND_PORT.matcher(entry);
        boolean ported = split.matches() && ip(entry).isEmpty();
        String name = !ported ? entry : split.group(1) != null ? split.group(1) : split.group(2);
        if (name.isEmpty()
                || ported && !split.group(3).isEmpty() && !split.group(3).equals(port)) {
            return false;
        }
        Optional<InetAddress> address = ip(name);
        if (address.isPresent()) {
            return address.equals(ip);
        }
        String domain = name.startsWith("*.") ? name.substring(1) : name;
        return domain.startsWith(".") ? host.endsWith(domain) : host.equals(domain) || host.endsWith("." + domain);
    }

    private static boolean inside(InetAddress ip, InetAddress network, int bits) {
        byte[] a = ip.getAddress();
        byte[] b = network.getAddress();
        if (a.length != b.length || bits > a.length * 8) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (((a[bit / 8] ^ b[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Only literals: no name is looked up. */
    private static Optional<InetAddress> ip(String text) {
        try {
            return IP.matcher(text).matches() ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
