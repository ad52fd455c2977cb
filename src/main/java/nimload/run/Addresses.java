package nimload.run;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import nimload.UserError;

/** The addresses behind a name, as a headless Service has one per pod. */
final class Addresses {
    private Addresses() {}

    /**
     * @param prefix of the settings, {@code nim.embedding}
     * @return one URL per address, in order of the addresses
     * @throws UserError if the name is unknown
     */
    static List<URI> of(String prefix, URI url) {
        try {
            return Arrays.stream(InetAddress.getAllByName(url.getHost()))
                    .map(InetAddress::getHostAddress)
                    .distinct()
                    .sorted()
                    .map(address -> at(address, url))
                    .toList();
        } catch (UnknownHostException e) {
            throw new UserError(
                    prefix + ".url=" + url + ": the name " + url.getHost() + " is unknown here; with " + prefix
                            + ".replicas=dns it must be that of a headless Service, seen from inside the cluster",
                    e);
        }
    }

    private static URI at(String address, URI url) {
        String host = address.contains(":") ? "[" + address.replaceAll("%.*", "") + "]" : address;
        return URI.create(
                url.getScheme() + "://" + host + (url.getPort() < 0 ? "" : ":" + url.getPort()) + url.getRawPath());
    }
}
