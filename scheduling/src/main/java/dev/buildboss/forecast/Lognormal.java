package dev.buildboss.forecast;

/**
 * What is expected of a lognormal value of which it is known that it is above some other (pure).
 *
 * @param mu the mean of its logarithm
 * @param sigma the standard deviation of that
 */
record Lognormal(double mu, double sigma) {

    /** So far above the middle the tail has no more than this. */
    private static final double TINY = 1e-9;

    /** The mean of values above that one. */
    double meanAbove(double least) {
        return moment(1, least);
    }

    /** How far they are spread around that mean, as a standard deviation. */
    double spreadAbove(double least) {
        double mean = moment(1, least);
        return Math.sqrt(Math.max(0, moment(2, least) - mean * mean));
    }

    private double moment(int power, double least) {
        double whole = Math.exp(power * mu + power * power * sigma * sigma / 2);
        if (least <= 0) {
            return whole;
        }
        double z = (Math.log(least) - mu) / sigma;
        double above = normal(-z);
        double bound = Math.pow(least, power);
        // Far out, what is left is a small part of what there is.
        return above < TINY
                ? bound * Math.pow(1 + sigma / Math.max(1, z), power)
                : Math.max(bound, whole * normal(power * sigma - z) / above);
    }

    /** The part of a normal distribution below a value (Abramowitz and Stegun, 26.2.17; off by 1e-7 at most). */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = Math.exp(-x * x / 2)
                / Math.sqrt(2 * Math.PI)
                * t
                * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x > 0 ? 1 - tail : tail;
    }
}
