package nimload.run;

import java.util.List;
import nimload.measure.Observations;

/** Watches the metrics of each replica of a level. */
record ReplicaWatches(List<ServerWatch> replicas) implements LevelWatch {
    @Override
    public void levelOpens() {
        replicas.forEach(ServerWatch::levelOpens);
    }

    @Override
    public void windowOpens() {
        replicas.forEach(ServerWatch::windowOpens);
    }

    @Override
    public void windowCloses() {
        replicas.forEach(ServerWatch::windowCloses);
    }

    @Override
    public Observations levelClosed() {
        return Observations.of(
                replicas.stream().map(replica -> replica.levelClosed().server()).toList());
    }
}
