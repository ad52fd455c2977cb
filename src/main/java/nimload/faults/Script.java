package nimload.faults;

import java.util.List;
import java.util.Optional;
import nimload.Spelling;
import nimload.UserError;

/**
 * Faults for a server to do. The first one whose turn it is is done to a request.
 *
 * @param source the file, for messages
 * @param spares the beginning of the user agent of requests that are always answered right, and not counted
 */
public record Script(String source, Optional<String> spares, List<Fault> faults) {
    public Script {
        faults = List.copyOf(faults);
    }

    /**
     * With those of its faults that have this name.
     *
     * @throws UserError if none has it
     */
    public Script only(String name) {
        List<Fault> named =
                faults.stream().filter(fault -> fault.name().equals(name)).toList();
        if (named.isEmpty()) {
            List<String> names = faults.stream().map(Fault::name).toList();
            throw new UserError("--fault " + name + ": " + source + " has no fault with this name; did you mean "
                    + Spelling.nearest(name, names) + "?");
        }
        return new Script(source, spares, named);
    }

    /** Done only to requests whose texts or pairs have this many tokens each. */
    Script within(int tokens) {
        return new Script(
                source,
                spares,
                faults.stream().map(fault -> fault.within(tokens)).toList());
    }
}
