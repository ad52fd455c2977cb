package nimload.faults;

/**
 * A fault of a script.
 *
 * @param name several of the same name make up one behaviour
 * @param does what the server does, for people
 */
public record Fault(String name, String does, When when, Deed deed) {

    /** Done only to requests whose texts or pairs have this many tokens each. */
    Fault within(int tokens) {
        return new Fault(name, does, when.within(tokens), deed);
    }
}
