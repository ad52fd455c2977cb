package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The form of the requests to a server and of its answers. */
public sealed interface WireForm permits EmbeddingForm, RankingForm {
    /** The kind of server. */
    NimKind kind();

    /** The protocol as in settings. */
    String protocolName();

    /** Whether the server is taken for a NIM, with a NIM's other routes. */
    boolean ofNim();

    /** What requests are posted to, below the base URL. */
    String route();

    /** JSON that each body has in addition. */
    Map<String, JsonNode> extra();

    /** How large a right answer can be, in bytes. */
    long answerLimit(int items);

    /** Checks that an answer is right as far as the protocol goes. */
    void requireRight(byte[] json, int items) throws MalformedAnswer;

    /** In the order of the names, so that two that say the same are written the same. */
    static Map<String, JsonNode> sorted(Map<String, JsonNode> extra) {
        return Collections.unmodifiableMap(new TreeMap<>(extra));
    }
}
