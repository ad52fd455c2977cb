package nimload.measure;

import java.util.List;

/**
 * What was found out about a level besides its requests' outcomes.
 *
 * @param wrongAlone what the answers to requests sent alone show to be wrong, a phrase each
 * @param remarks what a reader should know, a phrase each
 * @param givenUp whether it ended because nothing was answered rightly any more
 */
public record Findings(List<String> wrongAlone, List<String> remarks, boolean givenUp) {
    public static final Findings NONE = new Findings(List.of(), List.of(), false);

    public Findings {
        wrongAlone = List.copyOf(wrongAlone);
        remarks = List.copyOf(remarks);
    }

    static Findings together(List<Findings> runs) {
        return new Findings(
                runs.stream().flatMap(run -> run.wrongAlone.stream()).distinct().toList(),
                runs.stream().flatMap(run -> run.remarks.stream()).distinct().toList(),
                runs.stream().anyMatch(Findings::givenUp));
    }
}
