package nimload.deploy;

import java.util.Optional;

/**
 * What a server said when it was asked whether it accepts the credentials that it will get. A refusal is a {@link DeployException} instead.
 *
 * @param unknown why it could not be found out from this machine; empty if the server accepts them
 */
public record KeyCheck(String host, Optional<String> unknown) {

    @Override
    public String toString() {
        return unknown.map(why -> "not checked: " + why).orElse("accepted by " + host);
    }
}
