package nimload.emulator;

import java.util.Locale;

/**
 * What a vector's numbers are. NVIDIA documents the names, not the rule by which floats become integers; here the largest
 * number of a vector becomes 127 or −127, and a bit is the sign of a number.
 */
enum NumberType {
    FLOAT,
    /** −127 to 127. */
    INT8,
    /** {@link #INT8} plus 128. */
    UINT8,
    /** Eight signs in a number of −128 to 127, the first in its highest bit. */
    BINARY,
    /** Eight signs in a number of 0 to 255. */
    UBINARY;

    /** The value of the field {@code embedding_type}. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The numbers of a vector as integers, each in its range; not for floats. */
    int[] integers(float[] vector) {
        return switch (this) {
            case FLOAT -> throw new IllegalStateException("a float is no integer");
            case INT8 -> scaled(vector, 0);
            case UINT8 -> scaled(vector, 128);
            case BINARY -> signs(vector, 128);
            case UBINARY -> signs(vector, 0);
        };
    }

    private static int[] scaled(float[] vector, int zero) {
        float largest = 0;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        int[] integers = new int[vector.length];
        for (int i = 0; i < vector.length; i++) {
            integers[i] = zero + Math.round(127 * vector[i] / largest);
        }
        return integers;
    }

    private static int[] signs(float[] vector, int less) {
        int[] integers = new int[(vector.length + 7) / 8];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > 0) {
                integers[i / 8] |= 128 >> i % 8;
            }
        }
        for (int i = 0; i < integers.length; i++) {
            integers[i] -= less;
        }
        return integers;
    }
}
