package nimload.page;

import java.util.ArrayList;
import java.util.List;
import nimload.results.RunResults;
import nimload.results.SoakFindings;

/** What a run found, in sentences: the page and the summary in Markdown begin with them. */
public final class RunSentences {
    private RunSentences() {}

    /** One per search, of a pipeline, of a soak and per workload. */
    public static List<String> of(RunResults run) {
        List<String> sentences = new ArrayList<>();
        run.capacity().forEach(search -> sentences.add(SearchWords.sentence(search)));
        sentences.addAll(ofAllLevels(run));
        sentences.addAll(Headline.sentences(run).values());
        return sentences;
    }

    /** What its levels show only together: one of a pipeline, one of a soak. */
    public static List<String> ofAllLevels(RunResults run) {
        List<String> sentences = new ArrayList<>();
        run.pipeline()
                .filter(pipeline -> !pipeline.levels().isEmpty())
                .ifPresent(pipeline -> sentences.add("Retrieval pipeline: " + pipeline.sentence() + "."));
        run.soak()
                .filter(soak -> !soak.slices().isEmpty())
                .ifPresent(soak ->
                        sentences.add("The soak " + SoakFindings.of(soak).verdict(soak)));
        return sentences;
    }
}
