package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FootnotesTest {
    private static LevelResults refused(int concurrency, String... reasons) {
        Made.Level level = Made.query(concurrency).requestsPerSecond(100);
        List.of(reasons).forEach(level::notValid);
        return level.results();
    }

    @Test
    void aReasonIsSaidOnceForAllLevelsThatHaveIt() {
        Footnotes footnotes = Footnotes.ofRemarks(List.of(
                refused(1, "machine busy: 100 % busy, 1 % of it nimload"),
                refused(3, "machine busy: 99 % busy, 2.5 % of it nimload", "silent"),
                refused(5),
                refused(7, "silent")));
        assertThat(footnotes.notes())
                .containsExactly(
                        new Footnotes.Note(
                                "a",
                                true,
                                "machine busy: 100 % busy, 1 % of it nimload",
                                "query, 20 tokens, 1 text, concurrency 1, 3",
                                List.of(
                                        "query, 20 tokens, 1 text, concurrency 1: machine busy: 100 % busy, 1 % of it nimload",
                                        "query, 20 tokens, 1 text, concurrency 3: machine busy: 99 % busy, 2.5 % of it nimload")),
                        new Footnotes.Note(
                                "b", true, "silent", "query, 20 tokens, 1 text, concurrency 3, 7", List.of()));
        assertThat(footnotes.marks(refused(3).point())).containsExactly("a", "b");
        assertThat(footnotes.marks(refused(5).point())).isEmpty();
    }

    @Test
    void aNoteOfEveryLevelNamesNone() {
        assertThat(Footnotes.ofVerdicts(List.of(refused(1, "busy: 90 %"), refused(3, "busy: 91 %")))
                        .notes())
                .extracting(Footnotes.Note::line)
                .containsExactly("[a] busy: 90 % (all 2 levels; numbers of the first)");
    }
}
