package nimload.measure;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import nimload.results.ClientAdds;
import nimload.results.ClientHealth;
import nimload.servermetrics.ClientCount;
import nimload.servermetrics.ServerSeen;

/**
 * What was seen of client and server during a level; empty where nobody looked.
 *
 * @param server the metrics of the one server
 * @param replicas the metrics of each, of a level with several; empty otherwise
 */
public record Observations(
        Optional<ClientHealth> clientHealth,
        Optional<ClientAdds> clientAdds,
        Optional<ServerSeen> server,
        List<Optional<ServerSeen>> replicas) {
    public static final Observations NONE =
            new Observations(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public Observations {
        replicas = List.copyOf(replicas);
    }

    public static Observations of(ClientHealth health) {
        return new Observations(Optional.of(health), Optional.empty(), Optional.empty(), List.of());
    }

    public static Observations of(ClientAdds adds) {
        return new Observations(Optional.empty(), Optional.of(adds), Optional.empty(), List.of());
    }

    public static Observations of(ServerSeen server) {
        return new Observations(Optional.empty(), Optional.empty(), Optional.of(server), List.of());
    }

    public static Observations of(List<Optional<ServerSeen>> replicas) {
        return new Observations(Optional.empty(), Optional.empty(), Optional.empty(), replicas);
    }

    /** These and those; where both have something, these. */
    public Observations and(Observations others) {
        return new Observations(
                clientHealth.or(others::clientHealth),
                clientAdds.or(others::clientAdds),
                server.or(others::server),
                replicas.isEmpty() ? others.replicas : replicas);
    }

    /**
     * With the servers' figures held against what this client counted.
     *
     * @param client of the whole level
     * @param counts of each replica
     */
    Observations heldAgainst(ClientCount client, List<ClientCount> counts) {
        return new Observations(
                clientHealth,
                clientAdds,
                server.map(seen -> seen.heldAgainst(client)),
                IntStream.range(0, replicas.size())
                        .mapToObj(number -> replicas.get(number).map(seen -> seen.heldAgainst(counts.get(number))))
                        .toList());
    }

    /** Of several runs of the same level: the pauses of all, and of the rest the last that is known. */
    static Observations together(List<Observations> runs) {
        Observations last = runs.stream().reduce(NONE, (sofar, run) -> run.and(sofar));
        return new Observations(
                runs.stream().flatMap(run -> run.clientHealth.stream()).reduce(ClientHealth::together),
                last.clientAdds,
                ServerSeen.together(runs.stream().map(Observations::server).toList()),
                IntStream.range(0, last.replicas.size())
                        .mapToObj(number -> ServerSeen.together(runs.stream()
                                .map(run -> run.replicas.isEmpty()
                                        ? Optional.<ServerSeen>empty()
                                        : run.replicas.get(number))
                                .toList()))
                        .toList());
    }
}
