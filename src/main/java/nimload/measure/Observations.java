package nimload.measure;

import java.util.List;
import java.util.Optional;
import nimload.results.ClientAdds;
import nimload.results.ClientHealth;
import nimload.servermetrics.ClientCount;
import nimload.servermetrics.ServerSeen;

/** What was seen of client and server during a level; empty where nobody looked. */
public record Observations(
        Optional<ClientHealth> clientHealth, Optional<ClientAdds> clientAdds, Optional<ServerSeen> server) {
    public static final Observations NONE = new Observations(Optional.empty(), Optional.empty(), Optional.empty());

    public static Observations of(ClientHealth health) {
        return new Observations(Optional.of(health), Optional.empty(), Optional.empty());
    }

    public static Observations of(ClientAdds adds) {
        return new Observations(Optional.empty(), Optional.of(adds), Optional.empty());
    }

    public static Observations of(ServerSeen server) {
        return new Observations(Optional.empty(), Optional.empty(), Optional.of(server));
    }

    /** These and those; where both have something, these. */
    public Observations and(Observations others) {
        return new Observations(
                clientHealth.or(others::clientHealth), clientAdds.or(others::clientAdds), server.or(others::server));
    }

    /** With the server's figures held against what this client counted. */
    Observations heldAgainst(ClientCount client) {
        return new Observations(clientHealth, clientAdds, server.map(seen -> seen.heldAgainst(client)));
    }

    /** Of several runs of the same level: the pauses of all, and of the rest the last that is known. */
    static Observations together(List<Observations> runs) {
        Observations last = runs.stream().reduce(NONE, (sofar, run) -> run.and(sofar));
        return new Observations(
                runs.stream().flatMap(run -> run.clientHealth.stream()).reduce(ClientHealth::together),
                last.clientAdds,
                ServerSeen.together(runs.stream().map(Observations::server).toList()));
    }
}
