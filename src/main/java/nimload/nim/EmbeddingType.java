package nimload.nim;

import java.util.Locale;

/** The numbers of a vector. The integers are what NIM 2.x rounds vectors to. */
public enum EmbeddingType {
    FLOAT(0, 0, 0),
    INT8(-128, 127, 0),
    /** Its middle stands for 0. */
    UINT8(0, 255, 128);

    private final int min;
    private final int max;
    private final int zero;

    EmbeddingType(int min, int max, int zero) {
        this.min = min;
        this.max = max;
        this.zero = zero;
    }

    /** The value of the field {@code embedding_type}: {@code float}, {@code int8} or {@code uint8}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether each value is a whole number within {@link #min} and {@link #max}. */
    public boolean whole() {
        return this != FLOAT;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    /** The vector with 0 in the middle, so that a cosine tells two of them apart. */
    public float[] centred(float[] vector) {
        if (zero == 0) {
            return vector;
        }
        float[] centred = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            centred[i] = vector[i] - zero;
        }
        return centred;
    }
}
