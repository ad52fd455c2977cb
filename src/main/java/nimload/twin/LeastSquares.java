package nimload.twin;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Levenberg and Marquardt's search for the parameters with the smallest sum of squares, with differences for derivatives.
 * See J. Nocedal and S. Wright, Numerical Optimization, 2nd edition, chapter 10.
 */
final class LeastSquares {
    /** Parameters are logarithms: a step of 0.2 %, above the grain of a simulated median. */
    private static final double STEP = 2e-3;

    private static final int MOST_ROUNDS = 40;
    private static final double SMALLEST_GAIN = 1e-4;
    private static final double MOST_DAMPING = 1e6;

    /** @param cost sum of the squares */
    record Minimum(double[] parameters, double cost) {}

    private LeastSquares() {}

    /** @throws IllegalArgumentException if the squares at the start have no finite sum, from where no step would be a gain */
    static Minimum of(Function<double[], double[]> residuals, double[] start) {
        double[] parameters = start.clone();
        double[] values = residuals.apply(parameters);
        if (!Double.isFinite(squares(values))) {
            throw new IllegalArgumentException("the start is off by " + Arrays.toString(values));
        }
        double damping = 1;
        for (int round = 0; round < MOST_ROUNDS && damping < MOST_DAMPING; round++) {
            double[][] slopes = slopes(residuals, parameters, values);
            double gain = 0;
            while (gain <= 0 && damping < MOST_DAMPING) {
                double[] tried = moved(parameters, step(slopes, values, damping));
                double[] there = residuals.apply(tried);
                gain = squares(values) - squares(there);
                if (gain > 0) {
                    parameters = tried;
                    values = there;
                    damping /= 5;
                } else {
                    damping *= 5;
                }
            }
            if (gain < SMALLEST_GAIN * (1 + squares(values))) {
                break;
            }
        }
        return new Minimum(parameters, squares(values));
    }

    /** By parameter, then by residual. */
    private static double[][] slopes(Function<double[], double[]> residuals, double[] parameters, double[] values) {
        return IntStream.range(0, parameters.length)
                .mapToObj(i -> {
                    double[] moved = parameters.clone();
                    moved[i] += STEP;
                    double[] there = residuals.apply(moved);
                    return IntStream.range(0, values.length)
                            .mapToDouble(j -> (there[j] - values[j]) / STEP)
                            .toArray();
                })
                .toArray(double[][]::new);
    }

    /** Solves (slopesᵀ slopes + damping) step = −slopesᵀ values by Gauss's elimination; the matrix is positive definite. */
    private static double[] step(double[][] slopes, double[] values, double damping) {
        int n = slopes.length;
        double[][] rows = new double[n][n + 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                rows[i][j] = dot(slopes[i], slopes[j]);
            }
            rows[i][i] += damping;
            rows[i][n] = -dot(slopes[i], values);
        }
        for (int pivot = 0; pivot < n; pivot++) {
            for (int i = pivot + 1; i < n; i++) {
                double factor = rows[i][pivot] / rows[pivot][pivot];
                for (int j = pivot; j <= n; j++) {
                    rows[i][j] -= factor * rows[pivot][j];
                }
            }
        }
        double[] step = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double rest = rows[i][n];
            for (int j = i + 1; j < n; j++) {
                rest -= rows[i][j] * step[j];
            }
            step[i] = rest / rows[i][i];
        }
        return step;
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    private static double[] moved(double[] from, double[] step) {
        return IntStream.range(0, from.length)
                .mapToDouble(i -> from[i] + Math.max(-1, Math.min(1, step[i])))
                .toArray();
    }

    private static double squares(double[] values) {
        return Arrays.stream(values).map(value -> value * value).sum();
    }
}
