package nimload.results;

import java.util.List;
import java.util.Optional;

/**
 * A level over time.
 *
 * @param timeline its parts; of each repeat in turn
 * @param repeats the level's own numbers are those of all of them together
 */
public record Course(Optional<Drift> drift, List<Slice> timeline, List<Repeat> repeats) {

    /** Of a tool that does not report it. */
    public static final Course UNKNOWN = new Course(Optional.empty(), List.of(), List.of());

    public Course {
        timeline = timeline == null ? List.of() : List.copyOf(timeline);
        repeats = repeats == null ? List.of() : List.copyOf(repeats);
    }
}
