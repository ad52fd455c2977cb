package nimload.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Deeds to the bytes of an answer and the connection under it. */
final class Wires {
    private Wires() {}

    static Deed status(int status, String body) {
        return scene -> {
            scene.connection().send(status, body.getBytes(StandardCharsets.UTF_8));
            return true;
        };
    }

    static Deed redirect() {
        return scene -> {
            scene.connection().send(307, "Location: http://127.0.0.1:1/v1/embeddings\r\n", new byte[0]);
            return true;
        };
    }

    /** How much of an answer is written before the connection breaks. */
    enum Place {
        BEFORE_ANY_BYTE,
        AFTER_THE_STATUS_LINE,
        IN_THE_HEADERS,
        AFTER_THE_HEADERS,
        IN_THE_BODY;

        byte[] beginning(Scene scene) {
            byte[] body = scene.right().json();
            byte[] head = Connection.head(200, "Content-Length: " + body.length + "\r\n");
            int line = new String(head, StandardCharsets.US_ASCII).indexOf('\n') + 1;
            return switch (this) {
                case BEFORE_ANY_BYTE -> new byte[0];
                case AFTER_THE_STATUS_LINE -> Arrays.copyOf(head, line);
                case IN_THE_HEADERS -> Arrays.copyOf(head, line + 9);
                case AFTER_THE_HEADERS -> head;
                case IN_THE_BODY -> Arrays.copyOf(Connection.join(head, body), head.length + body.length / 2);
            };
        }
    }

    /** RST, once the client has read what was written. */
    static Deed reset(Place place) {
        return scene -> {
            scene.connection().write(place.beginning(scene));
            Scene.pause(Duration.ofMillis(5));
            scene.connection().reset();
            return true;
        };
    }

    /** FIN. */
    static Deed end(Place place) {
        return scene -> {
            scene.connection().write(place.beginning(scene));
            scene.connection().close();
            return true;
        };
    }

    static Deed silence(Place place) {
        return scene -> {
            scene.connection().write(place.beginning(scene));
            return scene.beSilent();
        };
    }

    /** The right answer, then FIN. */
    static Deed closeAfterwards(String headers) {
        return scene -> {
            scene.connection().send(200, headers, scene.right().json());
            scene.connection().close();
            return true;
        };
    }

    /** A body that ends with the connection, and so may end early without a sign. */
    static Deed closeDelimited(double share) {
        return scene -> {
            byte[] body = scene.right().json();
            scene.connection().write(Connection.head(200, ""));
            scene.connection().write(Arrays.copyOf(body, (int) (share * body.length)));
            scene.connection().close();
            return true;
        };
    }

    /** @param off what is added to the true length; the connection then ends */
    static Deed contentLength(int off) {
        return scene -> {
            byte[] body = scene.right().json();
            scene.connection()
                    .write(Connection.join(
                            Connection.head(
                                    200, "Connection: close\r\nContent-Length: " + (body.length + off) + "\r\n"),
                            body));
            scene.connection().close();
            return true;
        };
    }

    /** @param end whether the last chunk is sent */
    static Deed chunked(boolean end) {
        return scene -> {
            byte[] body = scene.right().json();
            int half = body.length / 2;
            scene.connection().write(Connection.head(200, "Transfer-Encoding: chunked\r\n"));
            chunk(scene, Arrays.copyOf(body, half));
            chunk(scene, Arrays.copyOfRange(body, half, body.length));
            if (end) {
                scene.connection().write(Connection.ascii("0\r\n\r\n"));
            } else {
                scene.connection().close();
            }
            return true;
        };
    }

    private static void chunk(Scene scene, byte[] bytes) throws IOException {
        scene.connection()
                .write(Connection.join(
                        Connection.ascii(Integer.toHexString(bytes.length) + "\r\n"),
                        Connection.join(bytes, Connection.ascii("\r\n"))));
    }

    static Deed cutWithRightLength() {
        return scene -> {
            byte[] body = scene.right().json();
            scene.connection().send(200, Arrays.copyOf(body, body.length / 2));
            return true;
        };
    }

    /** Whatever it is, it is no HTTP. */
    static Deed noise() {
        return scene -> {
            scene.connection().write(Connection.ascii("\u0001\u0002 no HTTP at all\r\n\r\n"));
            scene.connection().close();
            return true;
        };
    }

    /** The right answer in ten parts. */
    static Deed drip(Duration inAll) {
        return scene -> {
            byte[] body = scene.right().json();
            scene.connection().write(Connection.head(200, "Content-Length: " + body.length + "\r\n"));
            int part = body.length / 10;
            for (int i = 0; i < 10; i++) {
                Scene.pause(inAll.dividedBy(10));
                scene.connection().write(Arrays.copyOfRange(body, i * part, i == 9 ? body.length : (i + 1) * part));
            }
            return true;
        };
    }

    /** The right answer, later. */
    static Deed later(Duration by) {
        return scene -> {
            Scene.pause(by);
            return scene.answerRightly();
        };
    }

    /** The right answer, later, and later by another time from that second of the level on. */
    static Deed laterFrom(double second, Duration before, Duration after) {
        return scene -> later(scene.seconds() < second ? before : after).done(scene);
    }

    /** Every answer waits meanwhile, once. */
    static Deed stall(Duration time) {
        return scene -> {
            if (scene.server().memory().first()) {
                scene.server().stall(time);
                Scene.pause(time);
            }
            return scene.answerRightly();
        };
    }

    static Deed restart(Duration down) {
        return scene -> {
            if (!scene.server().memory().first()) {
                return scene.answerRightly();
            }
            scene.server().restart(down);
            return true;
        };
    }

    static Deed dieForGood() {
        return scene -> {
            scene.server().goDown();
            return true;
        };
    }

    /** @param first of texts that were not sent before */
    static Deed cache(Duration first) {
        return scene -> {
            if (!scene.server().memory().knows(scene.post())) {
                Scene.pause(first);
            }
            return scene.answerRightly();
        };
    }
}
