import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Writes as JSON what HdrHistogram-Java makes of the data sets, and of asyncbench's encodings of them:
 * argument 1, a file with a line `name encoding` for each. */
public class HistogramReference {
    static final long HIGHEST = (1L << 42) - 1;
    static final double[] PERCENTILES = {
        0, 1e-9, 0.001, 0.07, 0.1, 0.14, 0.17, 1, 5, 10, 25, 50, 66.66666666666667, 75, 90, 95, 99, 99.5, 99.9, 99.99, 99.999,
        99.9999, 99.99999999, 100,
    };

    interface Recorder {
        void record(long value, long count);
    }

    interface DataSet {
        void generate(Recorder recorder);
    }

    static long mix64(long x) {
        x += 0x9e3779b97f4a7c15L;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }

    static long randomBits(long seed, long id, long stream) {
        return mix64(mix64(mix64(seed) + id) + stream);
    }

    static double unit(long id, long stream) {
        return (double) (randomBits(2024, id, stream) >>> 11) * 0x1.0p-53;
    }

    static double nearlyNormal(long id) {
        double sum = 0;
        for (long stream = 0; stream < 12; stream++) sum += unit(id, stream);
        return sum - 6;
    }

    static double exponential(double x) {
        double y = x / 1024;
        double power = 1 + y * (1 + y / 2 * (1 + y / 3));
        for (int i = 0; i < 10; i++) power *= power;
        return power;
    }

    static void lognormal(Recorder recorder) {
        for (long id = 0; id < 1_000_000; id++) {
            recorder.record((long) (20e6 * exponential(0.5959 * nearlyNormal(id))), 1);
        }
    }

    static void wideRange(Recorder recorder) {
        for (long id = 0; id < 20_000; id++) recorder.record(randomBits(7, id, 0) >>> 22 >>> id % 43, 1);
    }

    static void bucketBorders(Recorder recorder) {
        for (int magnitude = 0; magnitude < 42; magnitude++) {
            long border = 1L << magnitude;
            long[] values = {
                border - 1, border, border + 1, border + border / 1024, border + border / 1024 - 1,
                border + border / 2, 2 * border - 1,
            };
            for (long value : values) recorder.record(value < border * 2 ? value : border, 1);
        }
    }

    static void largeCounts(Recorder recorder) {
        for (int magnitude = 0; magnitude < 48; magnitude++) {
            recorder.record((long) magnitude * (1 + magnitude % 3), 1L << magnitude);
        }
    }

    static void ramp(Recorder recorder) {
        for (long value = 1; value <= 10_000; value++) recorder.record(value, 1);
    }

    static String percentiles(Histogram histogram) {
        List<String> pairs = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            pairs.add("[" + percentile + ", " + histogram.getValueAtPercentile(percentile) + "]");
        }
        return "[" + String.join(", ", pairs) + "]";
    }

    static long bucketDigest(Histogram histogram) {
        long sum = 0;
        for (HistogramIterationValue bucket : histogram.recordedValues()) {
            long lowest = histogram.lowestEquivalentValue(bucket.getValueIteratedTo());
            sum += mix64(lowest) * bucket.getCountAtValueIteratedTo();
        }
        return sum;
    }

    /** What a histogram says of itself, as members of a JSON object. */
    static String facts(Histogram histogram) {
        return "\"count\": " + histogram.getTotalCount()
            + ",\n      \"bucket_digest\": " + bucketDigest(histogram)
            + ",\n      \"min\": " + histogram.getMinValue()
            + ",\n      \"max\": " + histogram.getMaxValue()
            + ",\n      \"mean\": " + histogram.getMean()
            + ",\n      \"standard_deviation\": " + histogram.getStdDeviation()
            + ",\n      \"percentiles\": " + percentiles(histogram);
    }

    /** The table of percentiles, values in milliseconds, as a string of JSON. */
    static String percentileText(Histogram histogram) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        histogram.outputPercentileDistribution(new PrintStream(text), 1e6);
        return "\"" + text.toString().replace("\n", "\\n") + "\"";
    }

    static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        byte[] bytes = new byte[length];
        buffer.rewind();
        buffer.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String describe(String name, DataSet dataSet, String theirs) throws Exception {
        Histogram histogram = new Histogram(1, HIGHEST, 3);
        long[] digest = {0};
        dataSet.generate((value, count) -> {
            histogram.recordValueWithCount(value, count);
            digest[0] += mix64(value) * count;
        });
        ByteBuffer buffer = ByteBuffer.wrap(Base64.getDecoder().decode(theirs));
        Histogram decoded = Histogram.decodeFromCompressedByteBuffer(buffer, 0);
        return "    {\n      \"name\": \"" + name + "\""
            + ",\n      \"digest\": " + digest[0]
            + ",\n      " + facts(histogram)
            + ",\n      \"percentile_text\": " + percentileText(histogram)
            + ",\n      \"java_encoding\": \"" + encoded(histogram) + "\""
            + ",\n      \"our_encoding\": \"" + theirs + "\""
            + ",\n      \"java_equals_our_encoding\": " + histogram.equals(decoded)
            + ",\n      \"our_encoding_in_java\": {\n      " + facts(decoded) + "\n      }\n    }";
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> ours = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] parts = line.split(" ");
            ours.put(parts[0], parts[1]);
        }
        List<String> sets = new ArrayList<>();
        sets.add(describe("empty", recorder -> {}, ours.get("empty")));
        sets.add(describe("one_value", recorder -> recorder.record(20_000_000, 1), ours.get("one_value")));
        sets.add(describe("lognormal", HistogramReference::lognormal, ours.get("lognormal")));
        sets.add(describe("wide_range", HistogramReference::wideRange, ours.get("wide_range")));
        sets.add(describe("bucket_borders", HistogramReference::bucketBorders, ours.get("bucket_borders")));
        sets.add(describe("large_counts", HistogramReference::largeCounts, ours.get("large_counts")));
        sets.add(describe("ramp", HistogramReference::ramp, ours.get("ramp")));
        System.out.println("{\n  \"source\": \"HdrHistogram-Java " + arguments[1]
            + ", made by scripts/make-histogram-testdata\",\n  \"data_sets\": [\n"
            + String.join(",\n", sets) + "\n  ]\n}");
    }
}
