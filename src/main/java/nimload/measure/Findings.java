package nimload.measure;

import java.util.List;
import java.util.Optional;

/**
 * What was found out about a level besides its requests' outcomes.
 *
 * @param wrongAlone what the answers to requests sent alone show to be wrong, a phrase each
 * @param severalServers how the target's one address was seen to stand for several servers; empty if it was not
 * @param remarks what a reader should know, a phrase each
 * @param givenUp whether it ended because nothing was answered rightly any more
 */
public record Findings(
        List<String> wrongAlone, Optional<String> severalServers, List<String> remarks, boolean givenUp) {
    public static final Findings NONE = new Findings(List.of(), Optional.empty(), List.of(), false);

    public Findings {
        wrongAlone = List.copyOf(wrongAlone);
        remarks = List.copyOf(remarks);
    }

    static Findings together(List<Findings> runs) {
        return new Findings(
                runs.stream().flatMap(run -> run.wrongAlone.stream()).distinct().toList(),
                runs.stream().flatMap(run -> run.severalServers.stream()).findFirst(),
                runs.stream().flatMap(run -> run.remarks.stream()).distinct().toList(),
                runs.stream().anyMatch(Findings::givenUp));
    }
}
