package nimload.nim;

import java.util.Locale;

/** How the numbers of a vector travel: as JSON numbers, or as Base64 of little-endian float32. */
public enum EncodingFormat {
    FLOAT,
    BASE64;

    /** The value of the field {@code encoding_format}: {@code float} or {@code base64}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
