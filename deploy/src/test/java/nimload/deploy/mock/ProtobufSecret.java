package nimload.deploy.mock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the Secret that Helm sends as protobuf (its release record), which the mock API server only knows as JSON. */
final class ProtobufSecret {

    private record Field(int number, byte[] bytes) {}

    private ProtobufSecret() {}

    /** From the body {@code k8s\0} + runtime.Unknown{1: TypeMeta, 2: raw}, with the field numbers of Kubernetes' core/v1 generated.proto. */
    static Map<String, Object> decode(byte[] body) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, String> data = new LinkedHashMap<>();
        Map<String, Object> secret = new LinkedHashMap<>(Map.of("apiVersion", "v1", "kind", "Secret"));
        byte[] raw = only(2, fields(ByteBuffer.wrap(body, 4, body.length - 4)));
        for (Field field : fields(ByteBuffer.wrap(raw))) {
            switch (field.number()) {
                case 1 -> {
                    for (Field meta : fields(ByteBuffer.wrap(field.bytes()))) {
                        switch (meta.number()) {
                            case 1 -> metadata.put("name", text(meta.bytes()));
                            case 3 -> metadata.put("namespace", text(meta.bytes()));
                            case 11 -> labels.put(text(entry(1, meta)), text(entry(2, meta)));
                            default -> {} // uid, versions, timestamps: the mock server sets its own
                        }
                    }
                }
                case 2 -> data.put(text(entry(1, field)), Base64.getEncoder().encodeToString(entry(2, field)));
                case 3 -> secret.put("type", text(field.bytes()));
                default -> {} // Helm sets nothing else
            }
        }
        metadata.put("labels", labels);
        secret.put("metadata", metadata);
        secret.put("data", data);
        return secret;
    }

    private static byte[] entry(int number, Field mapEntry) {
        return only(number, fields(ByteBuffer.wrap(mapEntry.bytes())));
    }

    private static byte[] only(int number, List<Field> fields) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no protobuf field " + number))
                .bytes();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<Field> fields(ByteBuffer in) {
        List<Field> fields = new ArrayList<>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            int wireType = (int) (tag & 7);
            if (wireType == 2) {
                byte[] bytes = new byte[(int) varint(in)];
                in.get(bytes);
                fields.add(new Field((int) (tag >>> 3), bytes));
            } else if (wireType == 0) {
                varint(in);
            } else {
                throw new IllegalArgumentException("protobuf wire type " + wireType + " is not used by a Secret");
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
